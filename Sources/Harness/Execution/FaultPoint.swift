import Glibc

/// A place in a worker's life at which it can be made to die: `MNEME_FAULT=<place>:<deed>`.
///
/// So crash points are counted off, not hit by luck (harness.md 11). Without the variable nothing happens.
/// Inside one publication there is no place: it either happened or it did not, and the Archive's own tests
/// see to that.
package enum FaultPoint: String, CaseIterable, Sendable {
  case afterClaim = "after-claim"
  case beforeCheckpoint = "before-checkpoint"
  case afterCheckpoint = "after-checkpoint"
  case beforeWeights = "before-weights"
  case afterWeights = "after-weights"
  case afterResult = "after-result"
  case beforeEnd = "before-end"
}

/// What is to go wrong, and where.
package struct Fault: Sendable, Equatable {
  /// What happens at the place.
  package enum Deed: String, Sendable, CaseIterable {
    /// Death without a chance to tidy up.
    case kill
    /// A trap, as a mistake in the program would be.
    case trap
    /// An exit that claims success, whatever was published.
    case leave
    /// No step forward any more.
    case hang
    /// Another rounding from there on, as a library that was loaded might set.
    case round
  }

  package let point: FaultPoint
  package let deed: Deed

  /// The name of the variable.
  package static let variable = "MNEME_FAULT"

  /// Reads `<place>:<deed>`; nil for anything else.
  package init?(_ text: String) {
    let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2, let point = FaultPoint(rawValue: words[0]), let deed = Deed(rawValue: words[1])
    else { return nil }
    (self.point, self.deed) = (point, deed)
  }

  /// What can be asked for, for the error about something else.
  package static var known: String {
    "one of \(FaultPoint.allCases.map(\.rawValue).joined(separator: ", ")), a colon, and one of "
      + Deed.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// Does the deed, if `point` is its place.
  package func strike(at point: FaultPoint) {
    guard point == self.point else { return }
    switch deed {
    case .kill: kill(getpid(), SIGKILL)
    case .trap: fatalError("\(Fault.variable) asked for a trap at \(point.rawValue)")
    case .leave: _exit(0)
    case .hang: while true { sleep(3600) }
    case .round: fesetround(FE_UPWARD)
    }
  }
}
