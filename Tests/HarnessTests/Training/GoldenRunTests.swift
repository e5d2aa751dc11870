import Archive
import Harness
import Models
import Records
import Testing

/// The bits of whole runs are those of `GoldenRun`.
@Suite struct GoldenRuns {
  @Test func `every model gives the bits it always gave`() throws {
    let manifest = try GoldenRun.manifest()
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
    #expect(found == Dictionary(uniqueKeysWithValues: GoldenRun.all.map { ($0.label, $0.result) }))
  }

  @Test func `their identity is what it always was`() throws {
    let manifest = try GoldenRun.manifest()
    let labels = RunLabels(manifest)
    for (run, golden) in zip(manifest.runs, GoldenRun.all) {
      #expect(labels.label(of: run) == golden.label)
      #expect(run.run.hex == golden.run)
    }
    #expect(manifest.runs.count == GoldenRun.all.count)
  }

  @Test func `every model of the catalogue is among them`() throws {
    let kinds = Set(try GoldenRun.manifest().runs.map { $0.model.name })
    for model in modelCatalogue { #expect(kinds.contains(model.name), "\(model.name)") }
  }
}

/// Lets a run go its way.
private struct Unobserved: TrainingObserver {
  func progressed(_ progress: TrainingProgress) -> TrainingRequest { .proceed }
  func save(_ checkpoint: Checkpoint) {}
  func ended(_ cost: AttemptCost) {}
}
