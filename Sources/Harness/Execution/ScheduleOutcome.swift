package import Archive
package import Records

/// What came of a schedule.
package struct ScheduleOutcome: Sendable {
  /// A run that failed, and where its log is.
  package struct Failure: Sendable {
    package let assignment: Assignment
    package let failure: FailureClass
    package let message: String
    package let log: String?
  }

  /// Computed and published by this invocation.
  package var done: [Assignment] = []
  /// Found published: another process had finished them.
  package var foundDone: [Assignment] = []
  package var failed: [Failure] = []
  /// Neither done nor failed.
  package private(set) var left: [Assignment] = []
  /// Why each of those was left.
  package private(set) var reasons: [Digest: Halt] = [:]
  /// How often somebody asked to leave.
  package var interruptions = 0
  /// Seconds of all attempts of this invocation together.
  package var computingSeconds = 0.0
  /// Whether the first runs all failed in the same way.
  package var hasCommonCause = false
  /// How much was free on the disk when it was found full, in bytes.
  package var freeBytes: Int?

  package init() {}

  package mutating func leave(_ assignment: Assignment, _ reason: Halt) {
    left.append(assignment)
    reasons[assignment.run] = reason
  }

  /// How many runs were left for each reason, the most usual reason first.
  package var halts: [(halt: Halt, count: Int)] {
    Halt.allCases.map { halt in (halt, reasons.values.count { $0 == halt }) }.filter { $0.count > 0 }
      .sorted { ($1.count, $0.halt.rawValue) < ($0.count, $1.halt.rawValue) }
  }
}

/// Why a run was left that is neither done nor failed.
package enum Halt: String, Sendable, CaseIterable {
  /// Somebody asked to leave.
  case interrupted
  /// A run failed, and nothing was to be begun after that.
  case failFast = "fail-fast"
  /// The first runs failed in the same way.
  case commonCause = "common-cause"
  /// There was no time left for it.
  case timeBudget = "time-budget"
  /// As many were begun as were wanted.
  case maxRuns = "max-runs"
  /// The disk is full.
  case noSpace = "no-space"
  /// Another process has it, which was not to be waited for.
  case elsewhere

  /// What follows “3 left: ”.
  package var sentence: String {
    switch self {
    case .interrupted: "stopped as asked"
    case .failFast: "not begun after a failure (--fail-fast)"
    case .commonCause: "not begun, since the first runs failed alike"
    case .timeBudget: "no time for them in the budget"
    case .maxRuns: "more than --max-runs"
    case .noSpace: "the disk is full"
    case .elsewhere: "in another process (--no-wait)"
    }
  }
}
