/// What is known about what a run took: the numbers that tables read as `cost.*`. They are in no hash.
///
/// The one list of them: the archive fills them in, manifests may ask for them, tables show them in their unit.
package enum Cost: String, Sendable, CaseIterable {
  case seconds
  case cpuSeconds = "cpu_seconds"
  case trainingSeconds = "training_seconds"
  case evaluationSeconds = "evaluation_seconds"
  case steps
  case secondsPerStep = "seconds_per_step"
  case peakBytes = "peak_bytes"
  case stateBytes = "state_bytes"
  case associationBytes = "association_bytes"
  case attempts

  /// Finds a cost by the key that tables use: `cost.seconds`.
  package init?(key: String) {
    guard key.hasPrefix("cost.") else { return nil }
    self.init(rawValue: String(key.dropFirst("cost.".count)))
  }

  package var key: String { "cost.\(rawValue)" }

  /// The unit in which it is kept.
  package var unit: String {
    switch self {
    case .seconds, .cpuSeconds, .trainingSeconds, .evaluationSeconds, .secondsPerStep: "s"
    case .peakBytes, .stateBytes, .associationBytes: "bytes"
    case .steps: "steps"
    case .attempts: "attempts"
    }
  }

  /// What it is, in words, over all attempts at a run.
  package var meaning: String {
    switch self {
    case .seconds: "wall time of all attempts, from claim to end"
    case .cpuSeconds: "user and system time of all attempts"
    case .trainingSeconds: "wall time of optimizer steps, without evaluation"
    case .evaluationSeconds: "wall time of evaluations"
    case .steps: "optimizer steps computed, those included that a later attempt repeated"
    case .secondsPerStep: "training seconds over steps"
    case .peakBytes: "the most memory that the process of an attempt held at once"
    case .stateBytes: "the most bytes that a batch carried from one segment to the next"
    case .associationBytes: "the most bytes of a batch that say which engrams fired together"
    case .attempts: "how many there were"
    }
  }
}
