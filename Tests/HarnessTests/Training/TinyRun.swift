import Archive
import Harness
import Models
import Records
import Tasks

/// A run of seconds: three symbols, 23 tokens in three segments, a model of width 8.
enum TinyRun {
  /// Ten examples in batches of four: three steps an epoch, the last one of two.
  static func specification(
    _ changes: [String: Value] = [:], of model: TinyModel = .memoria("long-term")
  ) throws -> Specification {
    var settings = Settings([
      "task.kind": .text("sorting"), "task.symbols": .integer(3), "task.length": .integer(28),
      "task.segment_length": .integer(8), "task.examples": .integer(10),
      "task.validation_examples": .integer(5),
      "task.test_examples": .integer(6), "task.data_seed": .integer(1),
      "training.batch": .integer(4), "training.epochs": .integer(2), "training.rate": .real(0.01),
      "training.warm_up": .real(0.2), "training.clip": .real(1), "training.beta1": .real(0.9),
      "training.beta2": .real(0.999), "training.epsilon": .real(1e-8),
      "seed": .integer(7), "numerics": .text(Specification.numerics),
      "semantics.task": .integer(Sorting.semantics),
      "semantics.training": .integer(TrainingConfiguration.semantics),
    ])
    guard let type = modelCatalogue.first(where: { $0.name == model.kind }) else {
      throw Unknown(model: model.kind)
    }
    settings["semantics.model"] = .integer(type.semantics)
    for (key, value) in model.settings.merging(changes, uniquingKeysWith: { $1 }) { settings[key] = value }
    return try Specification(canonicalBytes: settings.canonicalBytes)
  }

  struct Unknown: Error {
    let model: String
  }

  /// What a whole run ends with.
  struct Ending: Equatable {
    let result: RunResult
    let weights: [NamedArray]

    init(_ outcome: TrainingOutcome) throws {
      guard case .finished(let result, let weights) = outcome else {
        throw Unfinished(outcome: "\(outcome)")
      }
      (self.result, self.weights) = (result, weights)
    }

    /// The numbers of one column of the history.
    func series(_ name: String, _ column: String) -> [Double] {
      result.series.first { $0.name == name }?.columns.first { $0.name == column }?.values ?? []
    }

    func steps(_ name: String) -> [UInt64] { result.series.first { $0.name == name }?.steps ?? [] }

    /// What is not the same in another ending, in words.
    func difference(from other: Ending) -> String? {
      for (one, other) in zip(weights, other.weights) where one != other { return "the weights \(one.name)" }
      if result.series != other.result.series { return "the history" }
      if result.metrics != other.result.metrics { return "the final metrics" }
      if result.memoryLog != other.result.memoryLog { return "the memory log" }
      return self == other ? nil : "the rest of the result"
    }
  }

  struct Unfinished: Error {
    let outcome: String
  }

  static func run(_ specification: Specification, from checkpoint: Checkpoint? = nil) throws -> Ending {
    var observer = Watcher()
    return try Ending(train(specification, resumingFrom: checkpoint, observer: &observer))
  }
}

/// Asks for something when it is told the `n`th time, and writes down what it was told.
struct Watcher: TrainingObserver {
  var request: (number: Int, what: TrainingRequest)?
  private(set) var told: [TrainingProgress] = []
  private(set) var saved: [Checkpoint] = []
  private(set) var cost: AttemptCost?

  init(_ request: (number: Int, what: TrainingRequest)? = nil) { self.request = request }

  mutating func progressed(_ progress: TrainingProgress) -> TrainingRequest {
    told.append(progress)
    return request.map { $0.number == told.count ? $0.what : .proceed } ?? .proceed
  }

  mutating func save(_ checkpoint: Checkpoint) { saved.append(checkpoint) }
  mutating func ended(_ cost: AttemptCost) { self.cost = cost }
}
