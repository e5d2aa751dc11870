import Records

/// Looks, before anything begins, whether everything can be begun at all: a run that asks for more than there is would
/// wait for ever.
package struct Admission: Sendable {
  private let offer: Offer
  private let needs: RunNeeds

  package init(_ offer: Offer, _ needs: RunNeeds) { (self.offer, self.needs) = (offer, needs) }

  /// Throws `RunRefusal` for the first run, in the order given, that can never fit.
  package func check(_ assignments: [Assignment]) throws(RunRefusal) {
    for assignment in assignments {
      for (name, asked) in assignment.resources.slots.sorted(by: { $0.key < $1.key })
      where asked > offer.slots[name] ?? 0 {
        throw RunRefusal.slots(
          assignment.name, name: name, asked: asked, offered: offer.slots[name],
          nearest: nearest(name, among: offer.slots.keys.sorted()))
      }
      guard let limit = offer.memory, let (bytes, source) = memory(of: assignment), bytes > limit else {
        continue
      }
      throw RunRefusal.memory(assignment.name, bytes: bytes, source: source, limit: limit)
    }
  }

  /// Throws where the runs will leave more on the disk than there is room for, by what alike ones left.
  package func check(room: Int?, for assignments: [Assignment], in store: String) throws(RunRefusal) {
    let known = assignments.compactMap { needs.bytes(of: $0.specification) }
    let sum = known.reduce(0, +)
    guard let room, sum > room else { return }
    throw RunRefusal.room(store: store, runs: known.count, bytes: sum, free: room)
  }

  /// A sentence on runs whose memory nobody knows, where several may go at a time; nil where there is nothing to say.
  package func noteOnMemory(_ assignments: [Assignment]) -> String? {
    guard offer.jobs > 1, offer.memory != nil else { return nil }
    let unknown = assignments.count { memory(of: $0) == nil }
    guard unknown > 0 else { return nil }
    return
      "memory of \(unknown) of \(counted(assignments.count, "run")) is unmeasured, and resources.memory asks for "
      + "none: it counts once one of their sizes has run."
  }

  private func memory(of assignment: Assignment) -> (bytes: Int, source: String)? {
    if let bytes = needs.memory(of: assignment.specification) {
      return (bytes, "measured in earlier runs of its sizes")
    }
    return assignment.resources.memory.map { ($0, "resources.memory of the manifest") }
  }
}

extension Assignment {
  /// `run 3f9a2c1b04d1 (seed=1)`.
  fileprivate var name: String { label == run.short ? "run \(label)" : "run \(run.short) (\(label))" }
}

/// Why nothing was begun.
package enum RunRefusal: Error, CustomStringConvertible, Equatable {
  case slots(String, name: String, asked: Int, offered: Int?, nearest: String?)
  case memory(String, bytes: Int, source: String, limit: Int)
  case room(store: String, runs: Int, bytes: Int, free: Int)
  case nothingSelected(String, manifest: String, runs: Int)

  package var description: String {
    switch self {
    case .slots(let run, let name, let asked, let offered, let nearest):
      let found = offered.map { "--slots offers \($0)" } ?? "--slots offers none"
      let hint = nearest.flatMap { offered == nil && $0 != name ? "; did you mean \($0)?" : nil } ?? ""
      return "\(run) can never begin: resources.slots.\(name) is \(asked), \(found)\(hint); "
        + "expected --slots \(name)=\(asked) or more. Nothing was begun."
    case .memory(let run, let bytes, let source, let limit):
      return "\(run) can never begin: it needs \(Quantity.text(bytes: bytes)) (\(source)), and there are "
        + "\(Quantity.text(bytes: limit)) for all runs; expected a machine with more, or a larger --memory. "
        + "Nothing was begun."
    case .room(let store, let runs, let bytes, let free):
      return
        "\(store): \(counted(runs, "run")) will leave \(Quantity.text(bytes: bytes)), as alike ones did, and "
        + "\(Quantity.text(bytes: free)) are free; make room, or begin with fewer by --max-runs. Nothing was begun."
    case .nothingSelected(let text, let manifest, let runs):
      return
        "none of the \(counted(runs, "run")) of \(manifest) meets --only '\(text)'; `mneme plan` lists them. Nothing was begun."
    }
  }
}
