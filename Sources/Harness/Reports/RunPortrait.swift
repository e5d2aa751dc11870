package import Archive
import Foundation
package import Records

/// Everything there is to know about one run: what `mneme show` prints of it.
package struct RunPortrait: Sendable {
  /// A file of the run's folder.
  package struct File: Sendable, Encodable {
    /// Below the run's folder.
    package let path: String
    package let bytes: Int
  }

  package let run: Digest
  package let name: StoredRuns.Name
  package let progress: RunProgress
  package let settings: Settings
  package let derived: Settings
  /// The settings as this program understands them; nil where it does not, and `trouble` says why.
  package let specification: Specification?
  package let trouble: String?
  /// Nil until the run is done.
  package let result: RunResult?
  package let cost: [String: Double]
  /// Of `cost`, what is at least so much: an attempt left no intact record of what it took.
  let lowerBounds: Set<String>
  /// What predictors that learn nothing score on the run's task; nil where that is not known without long counting.
  let baselines: Baselines.Scores?
  /// Whether the published weights were kept; nil where no attempt says so.
  let keptWeights: Bool?
  package let attempts: [Attempt]
  package let files: [File]
  package let path: String
  /// Why the run's folder cannot be listed; nil where it can.
  private let unreadable: String?
  /// What is damaged of this run, and of the store's manifests.
  let damage: DamageNotes
  /// What people wrote about it.
  let tags: [String]
  let notes: [Remark]

  /// Throws where the run's settings cannot be read, and neither its result nor a manifest has them.
  package init(_ run: Digest, in store: Store) throws {
    let directory = store.run(run)
    let stored = try StoredRuns(store)
    let settings: Settings
    do { settings = try directory.settingsOrRefusal() } catch {
      guard let known = stored.specification(of: run) else { throw error }
      settings = known.storedSettings
    }
    (self.run, self.settings, path) = (run, settings, directory.path)
    name = stored.name(of: run, settings: settings)
    var damage = stored.damage
    do throws(ManifestError) {
      (specification, trouble) = (try Specification(canonicalBytes: settings.canonicalBytes), nil)
    } catch {
      (specification, trouble) = (nil, error.description)
    }
    let notebook = try Notebook(of: store)
    (tags, notes) = (notebook.tags(of: run), notebook.notes(on: run))
    let progress = try store.progress(of: run)
    var (state, result, record) = (progress.state, RunResult?.none, Record?.none)
    if state == .done {
      do throws(ArchiveError) { (result, record) = (try directory.result(), try directory.record()) } catch {
        (result, record) = (nil, nil)
        state = .corrupt(RunDirectory.Damage(to: directory.resultPath, of: directory, error).sentence)
      }
    }
    if case .corrupt(let sentence) = state { damage.add(corrupt: run, sentence) }
    self.progress = RunProgress(state, step: progress.step)
    (self.result, cost, lowerBounds) = (result, record?.cost ?? [:], record?.lowerBounds ?? [])
    baselines = specification.flatMap { run in
      guard result != nil else { return nil }
      var baselines = Baselines(remembering: store)
      return baselines.promptScores(for: run)
    }
    keptWeights = (try? directory.keepsWeights()) ?? nil
    derived = specification?.derived ?? result?.derived ?? Settings()
    attempts = try directory.attempts()
    if result != nil {
      var beside = try directory.damageBeside()
      // Weights may not have been kept; those that are there must be those that the result names.
      if fileKind(at: directory.weightsPath) != nil {
        do throws(ArchiveError) { _ = try directory.weights() } catch {
          beside.append(RunDirectory.Damage(to: directory.weightsPath, of: directory, error))
        }
      }
      damage.add(beside: run, beside)
    }
    do { (files, unreadable) = (try RunPortrait.files(in: directory.path), nil) } catch {
      (files, unreadable) = ([], "\(directory.path) cannot be listed: \(systemReason(error)).")
    }
    self.damage = damage
  }

  /// What is damaged, for standard error; empty where nothing is.
  package var complaints: String { (unreadable.map { "damaged: \($0)\n" } ?? "") + damage.text }

  /// What is damaged, a sentence each.
  var damaged: [String] { (unreadable.map { [$0] } ?? []) + damage.lines }

  /// 1 where something is damaged, be it beside the result: this is a look at all that a run has.
  package var status: ExitStatus { unreadable == nil && damage.isEmpty ? .done : .finding }

  private static func files(in folder: String) throws -> [File] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return names.sorted().compactMap { name in
      // A worker's file may be gone by now.
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)"),
        attributes[.type] as? FileAttributeType == .typeRegular, let bytes = attributes[.size] as? Int
      else { return nil }
      return File(path: name, bytes: bytes)
    }
  }
}
