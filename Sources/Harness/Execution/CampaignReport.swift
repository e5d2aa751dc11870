import Archive
package import Records

/// What came of a campaign, for people, for programs and for the exit status.
package struct CampaignReport: Sendable {
  /// A run that has no result, and will not get one by itself.
  package struct Failure: Sendable {
    package let run: Digest
    package let label: String
    package let reason: String
  }

  package let plan: Plan
  package let outcome: ScheduleOutcome
  package let seconds: Double
  /// The damaged file that stands in the way of a run.
  private let damaged: [Digest: String]

  init(_ plan: Plan, _ outcome: ScheduleOutcome, damaged: [Digest: String] = [:], seconds: Double) {
    (self.plan, self.outcome, self.damaged, self.seconds) = (plan, outcome, damaged, seconds)
  }

  /// The files to remove before their runs can be computed again.
  package var damagedFiles: [String] { damaged.values.sorted() }

  /// Published before, or by another process meanwhile.
  package var reused: Int { plan.steps.count { $0.action == .nothing } + outcome.foundDone.count }

  /// Runs that failed now, and those that failed or were damaged before and were left alone.
  package var failures: [Failure] {
    let now = outcome.failed.map {
      Failure(
        run: $0.assignment.run, label: $0.assignment.label,
        reason: "failed (\($0.failure.rawValue)): \($0.message)")
    }
    let before = plan.steps.filter { $0.action == .leave || $0.action == .inspect }.map {
      Failure(run: $0.specification.run, label: $0.label, reason: $0.reason)
    }
    return now + before
  }

  /// DESIGN 7.
  package var status: ExitStatus {
    if outcome.interruptions > 1 { return .interrupted }
    if outcome.interruptions > 0, !outcome.left.isEmpty { return .stopped }
    if !failures.isEmpty { return .finding }
    return outcome.left.isEmpty ? .done : .stopped
  }

  /// What happened and what to type next, for standard error.
  ///
  /// - Parameter command: the command line that continues.
  /// - Parameter source: the manifest as the command line names it.
  /// - Parameter removal: the command line that removes `damagedFiles`.
  package func text(command: String, source: String, removal: String) -> String {
    var counts = ["\(outcome.done.count) computed", "\(reused) reused"]
    if !failures.isEmpty { counts.append("\(failures.count) failed") }
    if !outcome.left.isEmpty { counts.append("\(outcome.left.count) left") }
    var lines = [
      "\(plan.name): \(counted(plan.steps.count, "run")): \(counts.joined(separator: ", ")), "
        + "in \(NumberText.seconds(seconds))."
    ]
    for failure in failures { lines.append("  \(failure.run.short)  \(failure.label): \(failure.reason)") }
    switch status {
    case .done: lines.append("The tables: mneme table \(source)")
    case .finding:
      if let run = logged.first { lines.append("What went wrong: mneme logs \(run.short)") }
      if !damaged.isEmpty { lines.append("What is damaged, unless you have a copy: \(removal)") }
      lines.append(needsAsking ? "Another attempt: \(command) --retry-failed" : "To continue: \(command)")
    default: lines.append("To continue: \(command)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Failed runs whose process left a log that may say why.
  private var logged: [Digest] {
    let now = outcome.failed.filter { $0.log != nil }.map(\.assignment.run)
    let before = plan.steps.filter { $0.action == .leave }.map(\.specification.run)
    return (now + before).filter { damaged[$0] == nil }
  }

  /// Whether some run failed by itself: the same command alone leaves it as it is.
  private var needsAsking: Bool {
    outcome.failed.contains { damaged[$0.assignment.run] == nil && !$0.failure.isAccident }
      || plan.steps.contains { $0.action == .leave }
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      CampaignJSON(
        manifest: plan.manifest.hex, name: plan.name, tier: plan.tier.rawValue, total: plan.steps.count,
        computed: outcome.done.map(\.run.hex), reused: reused,
        failed: failures.map { .init(run: $0.run.hex, label: $0.label, reason: $0.reason) },
        left: outcome.left.map(\.run.hex), seconds: seconds, status: Int(status.rawValue)))
  }
}

private struct CampaignJSON: Encodable {
  struct Failure: Encodable {
    let run: String
    let label: String
    let reason: String
  }

  let manifest: String
  let name: String
  let tier: String
  let total: Int
  let computed: [String]
  let reused: Int
  let failed: [Failure]
  let left: [String]
  let seconds: Double
  let status: Int
}
