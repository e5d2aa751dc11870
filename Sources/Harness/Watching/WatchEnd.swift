package import Archive

/// Decides when there is nothing to watch any more, and what that comes to.
package struct WatchEnd: Sendable {
  /// How long nothing may be running before no more is expected. Longer than a scheduler waits before it tries a run
  /// again.
  private let patience: Duration
  /// Whether more runs may come than there are: in a whole store.
  private let mayGrow: Bool
  private var quietSince: ContinuousClock.Instant?

  package init(patience: Duration, mayGrow: Bool) { (self.patience, self.mayGrow) = (patience, mayGrow) }

  /// Whether watching is over, these being the states now.
  package mutating func isOver(_ states: [RunState], at now: ContinuousClock.Instant) -> Bool {
    if states.contains(where: { if case .running = $0 { true } else { false } }) {
      quietSince = nil
      return false
    }
    if !mayGrow, states.allSatisfy(\.isFinal) { return true }
    let start = quietSince ?? now
    quietSince = start
    return now - start >= patience
  }

  /// 1 where a run failed or something is damaged, 0 where all are done, 3 where work is left.
  package static func status(of states: [RunState]) -> ExitStatus {
    if states.contains(where: { ["failed", "corrupt"].contains($0.word) }) { return .finding }
    return states.allSatisfy { $0 == .done } ? .done : .stopped
  }
}

extension RunState {
  /// Whether a scheduler would leave it as it is.
  fileprivate var isFinal: Bool {
    switch self {
    case .done, .corrupt: true
    case .failed(let failure, _): !failure.isAccident
    case .running, .interrupted, .pending: false
    }
  }
}
