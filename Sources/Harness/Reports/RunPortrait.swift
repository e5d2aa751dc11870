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
  /// What predictors that learn nothing score on the run's task; nil where that is not known without long counting.
  let baselines: Baselines.Scores?
  /// Whether the published weights were kept; nil where no attempt says so.
  let keptWeights: Bool?
  package let attempts: [Attempt]
  package let files: [File]
  package let path: String
  /// What is damaged; empty if nothing is.
  package let complaints: [String]

  /// Throws where the run's settings themselves cannot be read.
  package init(_ run: Digest, in store: Store) throws {
    let directory = store.run(run)
    let settings = try directory.settings()
    (self.run, self.settings, path) = (run, settings, directory.path)
    let stored = try StoredRuns(store)
    name = stored.name(of: run, settings: settings)
    var complaints = stored.complaints
    do throws(ManifestError) {
      (specification, trouble) = (try Specification(canonicalBytes: settings.canonicalBytes), nil)
    } catch {
      (specification, trouble) = (nil, error.description)
    }
    let progress = try store.progress(of: run)
    var (state, result, cost) = (progress.state, RunResult?.none, [String: Double]())
    if state == .done {
      do throws(ArchiveError) { (result, cost) = (try directory.result(), try directory.record().cost) } catch
      {
        state = .corrupt(error.description)
      }
    }
    if case .corrupt(let sentence) = state { complaints.append(sentence) }
    self.progress = RunProgress(state, step: progress.step)
    (self.result, self.cost) = (result, cost)
    baselines = specification.flatMap { run in
      guard result != nil else { return nil }
      var baselines = Baselines(remembering: store)
      return baselines.promptScores(for: run)
    }
    keptWeights = (try? directory.keepsWeights()) ?? nil
    derived = specification?.derived ?? result?.derived ?? Settings()
    do throws(ArchiveError) { attempts = try directory.attempts() } catch {
      attempts = []
      if case .corrupt = state {} else { complaints.append(error.description) }
    }
    // Weights may not have been kept; those that are there must be those that the result names.
    if result != nil, fileKind(at: directory.weightsPath) != nil {
      do throws(ArchiveError) { _ = try directory.weights() } catch { complaints.append(error.description) }
    }
    do { files = try RunPortrait.files(in: directory.path) } catch {
      files = []
      complaints.append("\(directory.path) cannot be listed: \(systemReason(error)).")
    }
    self.complaints = complaints
  }

  /// 1 where something is damaged.
  package var status: ExitStatus { complaints.isEmpty ? .done : .finding }

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
