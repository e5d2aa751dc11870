import Archive
package import Records

/// What came of a campaign, for people, for programs and for the exit status.
package struct CampaignReport: Sendable {
  /// A run that has no result, and will not get one by itself.
  package struct Failure: Sendable {
    package let run: Digest
    package let label: String
    /// The failure class, or `corrupt` for a run whose files are damaged.
    package let kind: String
    package let reason: String
  }

  /// Command lines that go on from here, as the person would type them.
  package struct Commands: Sendable {
    /// Continues.
    package let continuation: String
    /// Prints the tables.
    package let table: String

    package init(continuation: String, table: String) {
      (self.continuation, self.table) = (continuation, table)
    }
  }

  package let plan: Plan
  package let outcome: ScheduleOutcome
  package let seconds: Double
  /// What stands damaged in the way of a run, in a sentence.
  private let damaged: [Digest: String]
  /// How much room is missing on a full disk, in a sentence.
  private let space: String?

  init(
    _ plan: Plan, _ outcome: ScheduleOutcome, damaged: [Digest: String] = [:], space: String? = nil,
    seconds: Double
  ) {
    (self.plan, self.outcome, self.damaged, self.space, self.seconds) = (
      plan, outcome, damaged, space, seconds
    )
  }

  /// Published before, or by another process meanwhile.
  package var reused: Int { plan.steps.count { $0.action == .nothing } + outcome.foundDone.count }

  /// Runs that failed now, and those that failed or were damaged before and were left alone.
  package var failures: [Failure] {
    let now = outcome.failed.map {
      Failure(
        run: $0.assignment.run, label: $0.assignment.label, kind: $0.failure.rawValue,
        reason: "failed (\($0.failure.rawValue)): \($0.message)")
    }
    let before = plan.steps.filter { $0.action == .leave || $0.action == .inspect }.map {
      Failure(
        run: $0.specification.run, label: $0.label, kind: $0.failure?.rawValue ?? "corrupt", reason: $0.reason
      )
    }
    return now + before
  }

  /// How many runs failed in each way, the most usual first: `2 crash, 1 diverged`.
  var failureCounts: [(kind: String, count: Int)] {
    Dictionary(grouping: failures, by: \.kind).map { ($0.key, $0.value.count) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// DESIGN 7.
  package var status: ExitStatus {
    if outcome.interruptions > 1 { return .interrupted }
    let isStopped = outcome.halts.contains { [.interrupted, .timeBudget, .noSpace].contains($0.halt) }
    if isStopped { return .stopped }
    if !failures.isEmpty { return .finding }
    return outcome.left.isEmpty ? .done : .stopped
  }

  /// What to type next, and what for.
  func advice(_ commands: Commands) -> [(purpose: String, command: String)] {
    let command = commands.continuation
    guard status != .done else { return [("The tables", commands.table)] }
    var lines: [(String, String)] = []
    if status == .finding {
      if let run = logged.first { lines.append(("What went wrong", "mneme logs \(run.short)")) }
      if !damaged.isEmpty {
        lines.append(("What is damaged", plan.mending))
      }
      if outcome.hasCommonCause, !outcome.left.isEmpty {
        lines.append(("The others all the same", "\(command) --keep-going"))
      }
      if needsAsking {
        let isShort = failures.contains { $0.kind == FailureClass.outOfMemory.rawValue }
        let more = isShort && !command.contains(" --retry-oom") ? " --retry-oom" : ""
        return lines + [("Another attempt", "\(command) --retry-failed\(more)")]
      }
      // What diverged would do so again.
      if outcome.left.isEmpty, outcome.failed.contains(where: { $0.failure == .diverged }) { return lines }
    }
    return lines + [("To continue", command)]
  }

  /// What happened and what to type next, for standard error.
  package func text(_ commands: Commands) -> String {
    var counts = ["\(outcome.done.count) computed", "\(reused) reused"]
    if !failures.isEmpty {
      let kinds = failureCounts.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
      counts.append("\(failures.count) failed (\(kinds))")
    }
    if !outcome.left.isEmpty { counts.append("\(outcome.left.count) left") }
    let computing = NumberText.seconds(outcome.computingSeconds)
    var lines = [
      "\(plan.name): \(counted(plan.steps.count, "run")): \(counts.joined(separator: ", ")), "
        + "in \(NumberText.seconds(seconds))"
        + (outcome.computingSeconds > 0 ? ", \(computing) of them computing, all runs added up." : ".")
    ]
    // The many that are damaged alike are told once.
    var damage = DamageNotes(in: "")
    for failure in failures {
      if failure.kind == "corrupt", let sentence = damaged[failure.run] {
        damage.add(corrupt: failure.run, label: failure.label, sentence)
      } else {
        lines.append("  \(failure.run.short)  \(failure.label): \(failure.reason)")
      }
    }
    lines += damage.lines.map { "  \($0)" }
    for (halt, count) in outcome.halts { lines.append("  \(count) left: \(halt.sentence)") }
    if outcome.hasCommonCause {
      lines.append("The first \(Scheduler.suspicion) runs failed in the same way: common cause?")
    }
    if let space { lines.append(space) }
    lines += advice(commands).map { "\($0.purpose): \($0.command)" }
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
    outcome.failed.contains {
      damaged[$0.assignment.run] == nil && !$0.failure.isAccident && $0.failure != .diverged
    }
      || plan.steps.contains { $0.action == .leave }
  }
}
