import Archive
import Foundation
import Harness
import Models
import Records
import Testing

/// The bits of whole runs, pinned.
///
/// Two machines whose processors differ check each other by these digests. One that changes means that results changed:
/// then `semantics` of the component, or the name of the numerics, has to change with it, and these lines last.
@Suite struct GoldenRuns {
  /// One run of `golden.yaml`.
  private struct Golden {
    let label, run, result: String

    init(_ label: String, run: String, result: String) {
      (self.label, self.run, self.result) = (label, run, result)
    }
  }

  /// In the order of the manifest. A new model is a line more here and in the manifest, and changes none.
  private static let all = [
    Golden(
      "model.kind=transformer",
      run: "e6cd4ff249cc70c7c0dfc1ed0f12f5f58fd4b1ef0cb27be16f8688cfe2b5cd6d",
      result: "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99"),
    Golden(
      "model.kind=memoria model.memory=none",
      run: "3d4e6ecb4d1e9b61fc4405e47a5e59ac42b32157356f499a08f329fd2d0e8a63",
      result: "122d21c8e8fe2f09e577d43cef7e89cbdd0cb74aa5229f0b29f4265391884c99"),
    Golden(
      "model.kind=memoria model.memory=working",
      run: "315e91e02cbc4cf6634c7a2b817aeb9ef870f0cff19f00232a8504a3ded4e37a",
      result: "8b94e0a1e7b6fa9b8c6a5ad215d66eb06468e832a9c5e7a5cf1d389eba2dccac"),
    Golden(
      "model.kind=memoria model.memory=short-term",
      run: "d5b3ca331e6c206d8cd659556af0f777667f98668bc848bf7ae97fa963147cdb",
      result: "787ae15b79cac3f85b2fc274e925cb00f1be8186215cfccabd614fb8c2a1c6cf"),
    Golden(
      "model.kind=memoria model.memory=long-term",
      run: "491c6d52b0bfa52f6ec71d47e70a0559502d48bf8b84695ce117cc50f236bb4b",
      result: "ad1b54cad07367675ca11618db8d0b6e8fa3e6927e73eee5c3e2ca22f8a06f69"),
    Golden(
      "model.kind=transformer-xl",
      run: "5287a2e87f7a51547265305f72a1531f21ecd6977f9b93227e000be5fa976676",
      result: "b3d8b60e970809a7b13707e5f3a2ca1fa2300ed55b8ad88a7988038f4c2c07ae"),
    Golden(
      "model.kind=compressive-transformer",
      run: "4b4782e8df52563bcacc6b0c23e552598a761a732bad291123b3504246501420",
      result: "47292e96ecd90841726be316de2cf4c42c15327f3c1483af9f6a884571513f9c"),
    Golden(
      "model.kind=infinity-former",
      run: "dc8e45aa39a950e7a27b8d142b3ac6ca6b7347615805f64b4f9952bb50826d06",
      result: "519d50a7aa76399165caa3c423341a36592e53f88c486efd92f24ae58a88990c"),
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
    #expect(found == Dictionary(uniqueKeysWithValues: Self.all.map { ($0.label, $0.result) }))
  }

  @Test func `their identity is what it always was`() throws {
    let manifest = try Self.manifest()
    let labels = RunLabels(manifest)
    for (run, golden) in zip(manifest.runs, Self.all) {
      #expect(labels.label(of: run) == golden.label)
      #expect(run.run.hex == golden.run)
    }
    #expect(manifest.runs.count == Self.all.count)
  }

  @Test func `every model of the catalogue is among them`() throws {
    let kinds = Set(try Self.manifest().runs.map { $0.model.name })
    for model in modelCatalogue { #expect(kinds.contains(model.name), "\(model.name)") }
  }
}

/// Lets a run go its way.
private struct Unobserved: TrainingObserver {
  func progressed(_ progress: TrainingProgress) -> TrainingRequest { .proceed }
  func save(_ checkpoint: Checkpoint) {}
  func ended(_ cost: AttemptCost) {}
}
