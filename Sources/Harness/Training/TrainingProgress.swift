package import Archive

/// How far a run is.
package struct TrainingProgress: Sendable {
  package enum Phase: Sendable, Equatable {
    case training
    case evaluating(split: String)
  }

  /// Optimizer steps done, and in all.
  package let step: Int
  package let steps: Int
  /// Of the latest step; nil before the first.
  package let loss: Double?
  package let phase: Phase
  package let examplesPerStep: Int
  package let segmentsPerExample: Int
}

/// What whoever watches a run wants it to do next.
package enum TrainingRequest: Sendable {
  case proceed
  /// Save a checkpoint and go on.
  case checkpoint
  /// Give back a checkpoint and end.
  case stop
}

/// How a run ended.
package enum TrainingOutcome: Sendable {
  case finished(RunResult, weights: [NamedArray])
  case stopped(Checkpoint)
  /// A number left the finite ones; the same settings will do so again, so retrying is useless.
  case diverged(step: Int, what: String)
}

/// Whoever watches a run: told after every step and every batch of an evaluation.
package protocol TrainingObserver {
  mutating func progressed(_ progress: TrainingProgress) -> TrainingRequest
  mutating func save(_ checkpoint: Checkpoint) throws
  /// The attempt is over, in whichever way, and took this.
  mutating func ended(_ cost: AttemptCost)
}
