import Archive
import Foundation
import Harness
import Records
import Testing

/// The bits of whole runs, pinned.
///
/// Two machines whose processors differ check each other by these digests. One that changes means that results changed:
/// then `semantics` of the component, or the name of the numerics, has to change with it, and these lines last.
@Suite struct GoldenRuns {
  private static let digests = [
    "model.kind=transformer": "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99",
    "model.kind=memoria model.memory=none":
      "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99",
    "model.kind=memoria model.memory=working":
      "8b94e0a1e7b6fa9b8c6a5ad215d66eb06468e832a9c5e7a5cf1d389eba2dccac",
    "model.kind=memoria model.memory=short-term":
      "787ae15b79cac3f85b2fc274e925cb00f1be8186215cfccabd614fb8c2a1c6cf",
    "model.kind=memoria model.memory=long-term":
      "ad1b54cad07367675ca11618db8d0b6e8fa3e6927e73eee5c3e2ca22f8a06f69",
  ]

  private static func manifest() throws -> Manifest {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Manifest(reading: tests.path + "/Reference/golden.yaml")
  }

  @Test func `every model gives the bits it always gave`() throws {
    let manifest = try Self.manifest()
    let labels = RunLabels(manifest)
    var found: [String: String] = [:]
    for run in manifest.runs {
      var observer = Unobserved()
      guard case .finished(let result, _) = try train(run, resumingFrom: nil, observer: &observer) else {
        Issue.record("\(labels.label(of: run)) did not finish")
        continue
      }
      found[labels.label(of: run)] = result.digest.hex
    }
    #expect(found == Self.digests)
  }

  @Test func `their identity is what it always was`() throws {
    #expect(
      try Self.manifest().hash.hex == "a7c5aeeb18a5b3a7a1ca6bd01894dbcacdabe682f49ff26b6fb6711f6d5a81f7")
  }
}

/// Lets a run go its way.
private struct Unobserved: TrainingObserver {
  func progressed(_ progress: TrainingProgress) -> TrainingRequest { .proceed }
  func save(_ checkpoint: Checkpoint) {}
  func ended(_ cost: AttemptCost) {}
}
