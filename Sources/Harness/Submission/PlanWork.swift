package import Archive
import Glibc
package import Records

/// What one job of a plan does on its machine: `mneme worker --plan P --index I`.
///
/// It is a scheduler for one run, or for one run after the other, over worker processes of this machine: a trap or an
/// exhausted memory ends the worker, and this process writes down how. A run that another process has is waited for in
/// an array, for a cluster may start two copies of a job, and either may be the one that lives.
package struct PlanWork: Sendable {
  private let store: Store
  private let plan: FrozenPlan
  private let index: Int

  /// Throws `SubmissionError.noIndex` for a job that the plan does not have.
  package init(_ plan: FrozenPlan, index: Int, in store: Store) throws {
    guard (0..<plan.jobs).contains(index) else {
      throw SubmissionError.noIndex(index, plan: plan.id.short, jobs: plan.jobs)
    }
    (self.store, self.plan, self.index) = (store, plan, index)
  }

  /// The runs of this job, in the order in which it tries them: workers begin at different ones.
  package var runs: [Digest] {
    guard plan.mode == .workers else { return [plan.runs[index]] }
    let start = index * plan.runs.count / plan.jobs
    return Array(plan.runs[start...] + plan.runs[..<start])
  }

  /// Computes what is missing of them.
  ///
  /// - Parameter interruptions: how often somebody asked to leave, and
  /// - Parameter warnings: how often because the job's time is nearly up.
  /// - Parameter requeue: puts the job into the queue again.
  /// - Parameter write: hears how far it is.
  package func run(
    executor: any Executor, interruptions: @escaping @Sendable () -> Int, warnings: @Sendable () -> Int,
    requeue: (() async throws -> Void)?, write: @escaping @Sendable (String) -> Void
  ) async throws -> ExitStatus {
    var assignments: [Assignment] = []
    var before: [Digest: UInt64] = [:]
    for run in runs {
      let directory = store.run(run)
      if try directory.state(verifying: true) == .done { continue }
      before[run] = try directory.checkpoints().first?.step
      assignments.append(
        Assignment(
          try Specification(canonicalBytes: try directory.settings().canonicalBytes), label: run.short,
          resources: resources))
    }
    guard !assignments.isEmpty else {
      write("plan \(plan.id.short), job \(index): all done before.\n")
      return .done
    }
    var policy = Scheduler.Policy(jobs: 1)
    policy.waits = plan.mode == .array
    policy.keepsGoing = true
    if plan.mode == .workers, let seconds = plan.use.jobSeconds {
      // What cannot end before Slurm's warning is left to a job with more time.
      policy.timeBudget = .seconds(max(seconds - 180, seconds / 2))
    }
    let needs = try store.needs(of: assignments.map(\.specification))
    let outcome = await Scheduler(
      assignments, in: store, executor: executor, policy: policy, costs: needs.costs, needs: needs,
      printer: ProgressPrinter(.plain, write: write), interruptions: interruptions
    ).run()
    let left = outcome.left.filter { outcome.reasons[$0.run] != .elsewhere }
    write(
      "plan \(plan.id.short), job \(index): \(outcome.done.count) computed, \(outcome.foundDone.count) by others, "
        + "\(outcome.failed.count) failed, \(left.count) left.\n")
    let isOutOfTime = warnings() > 0 || left.contains { outcome.reasons[$0.run] == .timeBudget }
    if isOutOfTime, !left.isEmpty, let requeue {
      let hasProgressed =
        try !outcome.done.isEmpty
        || left.contains { assignment throws in
          (try store.run(assignment.run).checkpoints().first?.step ?? 0) > before[assignment.run] ?? 0
        }
      if hasProgressed {
        write("the time of the job is up: it goes back into the queue, to go on from the checkpoints.\n")
        try await requeue()
      } else {
        write(
          "the time of the job is up, and it brought no checkpoint further: more of it is needed (--time).\n")
      }
    }
    if !outcome.failed.isEmpty { return .finding }
    return left.isEmpty ? .done : .stopped
  }

  private var resources: RunResources {
    var asked = Resources()
    (asked.threads, asked.timeout, asked.retries) = (plan.use.threads, plan.use.timeout, plan.use.retries)
    asked.keepWeights = plan.use.keepsWeights
    var resources = RunResources(asked)
    resources.checkpointInterval = .seconds(plan.use.checkpointSeconds)
    resources.instructions = plan.use.chosenInstructions
    return resources
  }
}
