package import Archive
import Models
import Networks
package import Records
import Tasks
import Tensors

/// Trains and evaluates one run, from its start or from a checkpoint.
///
/// The bits of the outcome are a function of the specification alone: where and how often the run stopped, who watched,
/// and how many threads computed do not show in it. Throws what `observer.save` throws, and `TrainingError` for a
/// checkpoint that is not of this run.
package func train(
  _ specification: Specification, resumingFrom checkpoint: Checkpoint?, observer: inout some TrainingObserver
) throws -> TrainingOutcome {
  // The two kinds are opened one after the other; from there on everything is static.
  func conduct<M: SequenceModel>(_ model: M.Type) throws -> TrainingOutcome {
    func conduct<T: LearningTask>(on task: T.Type) throws -> TrainingOutcome {
      var course = try Course<M, T>(specification, from: checkpoint)
      defer { observer.ended(course.cost) }
      return try course.run(&observer)
    }
    let task = specification.task
    return try conduct(on: task)
  }
  let model = specification.model
  return try conduct(model)
}

/// Why a checkpoint cannot be gone on from.
package enum TrainingError: Error, CustomStringConvertible {
  case otherRun(expected: Digest, found: Digest)
  case otherShape(parameter: String, found: String, expected: String)
  case missingScalar(String)

  package var description: String {
    switch self {
    case .otherRun(let expected, let found):
      "the checkpoint is of run \(found.short), not of \(expected.short). Remove it; the run starts again without it."
    case .otherShape(let parameter, let found, let expected):
      "the checkpoint's \(parameter) is \(found), expected \(expected). Remove it; the run starts again without it."
    case .missingScalar(let name):
      "the checkpoint has no number \(name). Remove it; the run starts again without it."
    }
  }
}

/// The course of one run: training steps, an evaluation after every epoch, and the test at the end.
private struct Course<M: SequenceModel, T: LearningTask> {
  let specification: Specification
  var trainee: Trainee<M, T>
  var history: MetricHistory
  var loss: Double?
  var trainingTime = Duration.zero
  var evaluationTime = Duration.zero
  /// What the batches of evaluations carried.
  private var evaluatedMemory = MemorySize()
  let firstStep: Int

  init(_ specification: Specification, from checkpoint: Checkpoint?) throws {
    self.specification = specification
    if let checkpoint, checkpoint.run != specification.run {
      throw TrainingError.otherRun(expected: specification.run, found: checkpoint.run)
    }
    let stored = checkpoint.map {
      Dictionary($0.parameters.map { ($0.name, $0.values) }) { first, _ in first }
    }
    if let stored { try Course.check(specification, stored) }
    trainee = Trainee(
      specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
      specification.training, seed: specification.seed, stored: stored)
    history = MetricHistory(checkpoint?.series ?? [])
    firstStep = Int(checkpoint?.step ?? 0)
    if let checkpoint { try resume(checkpoint) }
  }

  /// Throws unless a checkpoint holds exactly the parameters of this model.
  private static func check(_ specification: Specification, _ stored: [String: [Float]]) throws {
    let parameters = Parameters.outline()
    let vocabulary = T(specification.configuration(of: T.self)).vocabulary
    _ = M(specification.configuration(of: M.self), vocabulary: vocabulary, in: parameters.root)
    for parameter in parameters.all where stored[parameter.path]?.count != parameter.value.shape.count {
      throw TrainingError.otherShape(
        parameter: parameter.path, found: stored[parameter.path].map { "\($0.count) numbers" } ?? "absent",
        expected: "\(parameter.value.shape.count) numbers")
    }
  }

  private mutating func resume(_ checkpoint: Checkpoint) throws {
    func scalar(_ name: String) throws -> Double {
      guard let scalar = checkpoint.scalars.first(where: { $0.name == name }) else {
        throw TrainingError.missingScalar(name)
      }
      return scalar.value
    }
    func moments(_ arrays: [NamedArray]) throws -> [Tensor] {
      let values = Dictionary(arrays.map { ($0.name, $0.values) }) { first, _ in first }
      return try trainee.parameters.all.map { parameter in
        guard let moment = values[parameter.path], moment.count == parameter.value.shape.count else {
          throw TrainingError.otherShape(
            parameter: "moment of \(parameter.path)",
            found: values[parameter.path].map { "\($0.count) numbers" } ?? "absent",
            expected: "\(parameter.value.shape.count) numbers")
        }
        return Tensor(parameter.value.shape, moment)
      }
    }
    trainee.optimizer.restore(
      first: try moments(checkpoint.firstMoments), second: try moments(checkpoint.secondMoments),
      power1: try scalar("power1"), power2: try scalar("power2"))
    trainee.resume(at: Int(checkpoint.step))
  }

  mutating func run(_ observer: inout some TrainingObserver) throws -> TrainingOutcome {
    let clock = ContinuousClock()
    while true {
      // A checkpoint may have been taken between an epoch's last step and its evaluation.
      if trainee.endsEpoch, history.lastStep(of: "validation") != UInt64(trainee.step) {
        guard let evaluation = evaluate(.validation, keepsLog: false, &observer) else {
          return .stopped(snapshot())
        }
        guard evaluation.isFinite else { return try diverged(evaluation, on: .validation, &observer) }
        history.append(evaluation, split: "validation", step: trainee.step)
      }
      guard trainee.step < trainee.steps else { break }
      let start = clock.now
      requireStandardFloatingPoint()
      let number = trainee.step + 1
      let metrics = trainee.trainStep().metrics
      trainingTime += clock.now - start
      guard metrics.isFinite else { return try diverged(metrics, inStep: number, &observer) }
      loss = metrics.loss
      history.append(metrics, step: trainee.step)
      switch observer.progressed(progress(.training)) {
      case .proceed: break
      case .checkpoint: try observer.save(snapshot())
      case .stop: return .stopped(snapshot())
      }
    }
    guard let test = evaluate(.test, keepsLog: true, &observer) else { return .stopped(snapshot()) }
    guard test.isFinite else { return try diverged(test, on: .test, &observer) }
    history.append(test, split: "test", step: trainee.step)
    return finish(test)
  }

  /// Nil where the observer wants to stop; the time counts all the same.
  private mutating func evaluate(
    _ split: Split, keepsLog: Bool, _ observer: inout some TrainingObserver
  ) -> Evaluation? {
    let clock = ContinuousClock()
    let start = clock.now
    defer { evaluationTime += clock.now - start }
    requireStandardFloatingPoint()
    let now = progress(.evaluating(split: split.rawValue))
    let evaluation = trainee.evaluate(
      split, keepsLog: keepsLog, progressed: { _, _ in observer.progressed(now).goesOn })
    if let evaluation { evaluatedMemory.grow(to: evaluation.memory) }
    return evaluation
  }

  /// A step's numbers left the finite ones. What was before it is saved, to be looked at and gone on from; the state
  /// after an update that did it is of no use to anybody, so there the last checkpoint stays the newest.
  private func diverged(
    _ metrics: StepMetrics, inStep number: Int, _ observer: inout some TrainingObserver
  ) throws -> TrainingOutcome {
    if trainee.nonFiniteParameter == nil { try observer.save(snapshot()) }
    return .diverged(step: number, what: trainee.diagnosis(of: metrics))
  }

  /// No result may say with a number what parameters are worth that give no finite loss.
  private func diverged(
    _ evaluation: Evaluation, on split: Split, _ observer: inout some TrainingObserver
  ) throws -> TrainingOutcome {
    if trainee.nonFiniteParameter == nil { try observer.save(snapshot()) }
    return .diverged(step: trainee.step, what: trainee.diagnosis(of: evaluation, on: split))
  }

  private func progress(_ phase: TrainingProgress.Phase) -> TrainingProgress {
    TrainingProgress(
      step: trainee.step, steps: trainee.steps, loss: loss, phase: phase,
      examplesPerStep: trainee.training.batch, segmentsPerExample: trainee.task.segments)
  }

  private func snapshot() -> Checkpoint {
    func named(_ tensors: [Tensor]) -> [NamedArray] {
      zip(trainee.parameters.all, tensors).map {
        NamedArray(name: $0.path, shape: $1.shape.extents, values: $1.values)
      }
    }
    return Checkpoint(
      run: specification.run, step: UInt64(trainee.step),
      parameters: named(trainee.parameters.all.map(\.value)), firstMoments: named(trainee.optimizer.first),
      secondMoments: named(trainee.optimizer.second),
      scalars: [
        Checkpoint.Scalar(name: "power1", value: trainee.optimizer.power1),
        Checkpoint.Scalar(name: "power2", value: trainee.optimizer.power2),
      ],
      series: history.series)
  }

  private func finish(_ test: Evaluation) -> TrainingOutcome {
    let weights = trainee.parameters.all.map {
      NamedArray(name: $0.path, shape: $0.value.shape.extents, values: $0.value.values)
    }
    let task = trainee.task
    let examples = task.count(of: .train) * trainee.training.epochs
    let offset = task.count(of: .train) + task.count(of: .validation)
    let result = RunResult(
      run: specification.run, settings: specification.settings, derived: specification.derived,
      yaml: specification.yaml,
      metrics: [
        FinalMetric(
          name: "test.accuracy", value: test.tally.accuracy ?? .nan, unit: "1", better: "higher",
          split: "test"),
        FinalMetric(name: "test.loss", value: test.loss, unit: "nat", better: "lower", split: "test"),
      ],
      series: history.series,
      items: [
        ItemOutcomes(
          split: "test", ids: test.right.indices.map { UInt64(offset + $0) },
          correct: test.right.map { UInt32($0) },
          labels: test.labels.map { UInt32($0) })
      ],
      counters: [
        Counter(name: "parameters", value: UInt64(trainee.parameters.count)),
        Counter(name: "steps", value: UInt64(trainee.steps)),
        Counter(name: "training_tokens", value: UInt64(examples * task.positions)),
      ],
      memoryLog: MemoryLog(split: "test", test.logs), weights: weightsDigest(weights))
    return .finished(result, weights: weights)
  }

  /// What this attempt has taken so far: in no hash, summed over attempts by tables.
  var cost: AttemptCost {
    var memory = trainee.memory
    memory.grow(to: evaluatedMemory)
    return AttemptCost(
      trainingSeconds: trainingTime.inSeconds, evaluationSeconds: evaluationTime.inSeconds,
      steps: trainee.step - firstStep, stateBytes: memory.stateBytes,
      associationBytes: memory.associationBytes)
  }
}

extension TrainingRequest {
  /// Inside an evaluation there is nothing to save: it is made again.
  fileprivate var goesOn: Bool {
    if case .stop = self { false } else { true }
  }
}
