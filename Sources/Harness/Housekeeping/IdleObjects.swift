import Archive
import Records

/// Objects of a store that nobody will ask for any more: measured costs of runs that neither the store nor a manifest
/// has, those that a newer measurement on the same machine replaces, and baselines of tasks that no run has.
///
/// Manifests are never among them, nor what this program does not know, nor anything while a manifest cannot be read.
enum IdleObjects {
  static func all(in store: Store) throws -> [StoredObject] {
    var specifications: [Digest: Settings] = [:]
    for run in try store.runs() { specifications[run] = try? store.run(run).settings() }
    for object in try store.objects() where object.kind == "manifest" {
      guard let bytes = try? store.object(object),
        let manifest = try? Manifest(canonicalBytes: bytes, hash: object.id)
      else { return [] }
      for run in manifest.runs { specifications[run.run] = run.storedSettings }
    }
    let tasks = Set(specifications.values.map(IdleObjects.task))
    var idle: [StoredObject] = []
    var newest: [Settings: [String: (date: String, object: StoredObject)]] = [:]
    for object in try store.objects() {
      // What is damaged is for `fsck` to tell.
      guard ["cost", "baselines"].contains(object.kind), let bytes = try? store.object(object) else {
        continue
      }
      if object.kind == "cost" {
        guard let cost = MeasuredCost(bytes) else { continue }
        guard specifications[Identity.run(cost.settings)] != nil else {
          idle.append(object)
          continue
        }
        let known = newest[cost.settings]?[cost.machine]
        if let known, (known.date, known.object.id) > (cost.date, object.id) {
          idle.append(object)
        } else {
          if let known { idle.append(known.object) }
          newest[cost.settings, default: [:]][cost.machine] = (cost.date, object)
        }
      } else if let settings = Baselines.settings(ofStored: bytes), !tasks.contains(task(of: settings)) {
        idle.append(object)
      }
    }
    return idle.sorted { $0.id < $1.id }
  }

  /// What baselines depend on, but for how far a model reaches back.
  private static func task(of settings: Settings) -> Settings {
    var task = settings.group("task").prefixed("task")
    task["semantics.task"] = settings["semantics.task"]
    return task
  }
}
