import Archive
import Foundation
import Harness
import Models
import Records
import Tasks

/// A run that is never computed here; real enough for everything around it.
func specification(examples: Int = 8, length: Int = 12, seed: Int = 1) -> Specification {
  let settings = Settings([
    "model.kind": .text("transformer"), "model.layers": .integer(1), "model.heads": .integer(1),
    "model.width": .integer(4), "model.inner_width": .integer(4), "model.positions": .integer(8),
    "model.dropout": .real(0), "model.residual_initialization": .text("plain"),
    "task.kind": .text("sorting"), "task.symbols": .integer(3), "task.length": .integer(length),
    "task.segment_length": .integer(8), "task.examples": .integer(examples),
    "task.validation_examples": .integer(2),
    "task.test_examples": .integer(2), "task.data_seed": .integer(1), "training.batch": .integer(2),
    "training.epochs": .integer(1), "training.rate": .real(0.01), "training.warm_up": .real(0.1),
    "training.clip": .real(1), "training.beta1": .real(0.9), "training.beta2": .real(0.999),
    "training.epsilon": .real(1e-8), "seed": .integer(seed), "numerics": .text(Specification.numerics),
    "semantics.model": .integer(Transformer.semantics), "semantics.task": .integer(Sorting.semantics),
    "semantics.training": .integer(TrainingConfiguration.semantics),
  ])
  do {
    return try Specification(canonicalBytes: settings.canonicalBytes)
  } catch {
    fatalError("the tests' run is not one to this program: \(error)")
  }
}

/// A store in a folder of its own, gone when nobody needs it.
final class TemporaryStore: Sendable {
  let store: Store
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
      + "/mneme-scheduler-\(UUID().uuidString)"
    store = try Store(at: folder, creating: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// An assignment whose run has its place.
  func assignment(
    seed: Int, examples: Int = 8, retries: Int = 0, slots: [String: Int] = [:], memory: Int? = nil
  ) throws -> Assignment {
    let specification = specification(examples: examples, seed: seed)
    _ = try store.add(specification.storedSettings)
    var resources = RunResources(Resources())
    (resources.retries, resources.slots, resources.memory) = (retries, slots, memory)
    return Assignment(specification, label: "seed=\(seed)", resources: resources)
  }

  /// Publishes something as the result of a run, as a worker would.
  func publish(_ run: Digest) throws {
    guard case .claimed(let claim) = try store.run(run).claim(Provenance(arguments: [], threads: 1)) else {
      return
    }
    let weights = [NamedArray(name: "w", shape: [1], values: [1])]
    try claim.publish(sampleResult(of: try store.run(run).settings(), weights), weights: weights)
    try claim.end(.done)
  }
}

/// A result with a little of everything.
func sampleResult(
  of settings: Settings, _ weights: [NamedArray], loss: [Double] = [2, 1], accuracy: Double = 0.5,
  correct: [UInt32] = [1, 0]
) -> RunResult {
  RunResult(
    run: Identity.run(settings), settings: settings, derived: Settings(), yaml: "",
    metrics: [
      FinalMetric(name: "test.accuracy", value: accuracy, unit: "1", better: "higher", split: "test")
    ],
    series: [
      Series(
        name: "train", steps: Array(1...UInt64(loss.count)),
        columns: [Series.Column(name: "loss", unit: "nat", better: "lower", values: loss)])
    ],
    items: [ItemOutcomes(split: "test", ids: [10, 11], correct: correct, labels: [2, 2])],
    counters: [Counter(name: "steps", value: 2)], memoryLog: nil, weights: weightsDigest(weights))
}
