import Models
import Networks
import Records
import Tasks

/// How much there is to compute in a run: counts, no seconds.
package struct Workload: Sendable, Equatable {
  /// Numbers that are learned.
  package let parameters: Int
  /// Tokens of an example, and the segments they are read in.
  package let positions: Int
  package let segments: Int
  package let segmentLength: Int
  /// Examples in one optimizer step, and optimizer steps.
  package let batch: Int
  package let steps: Int
  package let warmUpSteps: Int
  /// Segments of an example that are computed forward only, and those that hold labels.
  package let earlySegments: Int
  package let labelledSegments: Int
  /// Batches of all evaluations: one of the validation split after every epoch, one of the test split at the end.
  package let evaluationBatches: Int
  /// How far back a token can influence an output.
  let reach: Reach
  /// Tokens of the whole test split.
  let testTokens: Int

  /// What the work depends on that only a model itself can tell.
  struct ModelFacts: Sendable {
    /// Numbers that are learned.
    let parameters: Int
    /// How far back a token can influence an output.
    let reach: Reach

    /// Makes the model of a run, to count.
    init(_ specification: Specification) {
      let model = specification.model
      self = ModelFacts.of(specification, model)
    }

    private init(parameters: Int, reach: Reach) { (self.parameters, self.reach) = (parameters, reach) }

    private static func of<M: SequenceModel>(_ specification: Specification, _ model: M.Type) -> ModelFacts {
      let parameters = Parameters.outline()
      let vocabulary = Workload.tokens(of: specification).vocabulary
      let configuration = specification.configuration(of: M.self)
      _ = M(configuration, vocabulary: vocabulary, in: parameters.root)
      return ModelFacts(parameters: parameters.count, reach: M.reach(of: configuration))
    }
  }

  /// Segments too early to matter to any label, which are not computed.
  package var skippedSegments: Int { segments - earlySegments - labelledSegments }

  /// The work of a run. Makes its model, to count.
  package init(_ specification: Specification) {
    self.init(specification, ModelFacts(specification))
  }

  /// The work of a run whose model is known.
  init(_ specification: Specification, _ facts: ModelFacts) {
    let task = specification.task
    self = Workload.of(specification, facts, task)
  }

  private static func of<T: LearningTask>(
    _ specification: Specification, _ facts: ModelFacts, _ task: T.Type
  ) -> Workload {
    let task = T(specification.configuration(of: T.self))
    let training = specification.training
    // All examples of a task have their labels at the same places.
    let labelled =
      task.count(of: .train) > 0 ? task.batch([0], of: .train).filter(\.holdsLabels).map(\.number) : []
    let first = labelled.first ?? task.segments
    let skipped = facts.reach.segments(ofLength: task.segmentLength).map { max(0, first - $0) } ?? 0
    func batches(_ split: Split) -> Int { (task.count(of: split) + training.batch - 1) / training.batch }
    return Workload(
      parameters: facts.parameters, positions: task.positions, segments: task.segments,
      segmentLength: task.segmentLength, batch: training.batch,
      steps: training.steps(examples: task.count(of: .train)),
      warmUpSteps: training.warmUpSteps(examples: task.count(of: .train)),
      earlySegments: task.segments - skipped - labelled.count, labelledSegments: labelled.count,
      evaluationBatches: batches(.validation) * training.epochs + batches(.test), reach: facts.reach,
      testTokens: task.count(of: .test) * task.positions)
  }

  /// How many different tokens a run's model reads, and how many at once: counted without making the model.
  static func tokens(of specification: Specification) -> (vocabulary: Int, segmentLength: Int) {
    func tokens<T: LearningTask>(of _: T.Type) -> (vocabulary: Int, segmentLength: Int) {
      let task = T(specification.configuration(of: T.self))
      return (task.vocabulary, task.segmentLength)
    }
    let task = specification.task
    return tokens(of: task)
  }

  /// The seconds of the whole run when its pieces take so long.
  package func seconds(_ times: SegmentTimes) -> Double {
    guard let seconds = Extrapolation(self, times, threads: 1).costs[Cost.seconds.key] else {
      fatalError("an extrapolation has no \(Cost.seconds.key): it must tell what a whole run takes")
    }
    return seconds
  }

  private init(
    parameters: Int, positions: Int, segments: Int, segmentLength: Int, batch: Int, steps: Int,
    warmUpSteps: Int,
    earlySegments: Int, labelledSegments: Int, evaluationBatches: Int, reach: Reach, testTokens: Int
  ) {
    (self.reach, self.testTokens) = (reach, testTokens)
    (self.parameters, self.positions, self.segments) = (parameters, positions, segments)
    (self.segmentLength, self.batch, self.steps) = (segmentLength, batch, steps)
    (self.warmUpSteps, self.earlySegments) = (warmUpSteps, earlySegments)
    (self.labelledSegments, self.evaluationBatches) = (labelledSegments, evaluationBatches)
  }
}
