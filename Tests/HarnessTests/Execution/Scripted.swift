import Archive
import Harness
import Records
import Synchronization

/// An executor that does what a test says instead of starting processes: a second implementation of the
/// protocol.
struct Scripted: Executor {
  let bench: TemporaryStore
  let log: Starts
  /// What it says before it ends.
  var says: @Sendable (Assignment, _ before: Int) -> [Report] = { _, _ in [] }
  let behaviour: @Sendable (Assignment, _ before: Int) async -> Ending

  func execute(
    _ assignment: Assignment, requests: AsyncStream<StopRequest>,
    report: @escaping @Sendable (Report) -> Void
  ) async -> Ending {
    let before = log.add(assignment.label)
    for said in says(assignment, before) { report(said) }
    let ending = await behaviour(assignment, before)
    if ending == .exited(3) { for await request in requests where request == .leave { break } }
    if ending == .exited(0) {
      try? bench.publish(assignment.run)
      report(.message(.claimed(attempt: 1)))
    }
    return ending
  }
}

/// Schedules runs with a scripted executor, and pauses of hundredths of a second.
func schedule(
  _ bench: TemporaryStore, _ assignments: [Assignment], jobs: Int = 1, costs: Costs = Costs(),
  needs: RunNeeds = RunNeeds(), interruptions: @escaping @Sendable () -> Int = { 0 },
  questions: @escaping @Sendable () -> Int = { 0 }, log: Starts = .init(), written: Written = Written(),
  says: @escaping @Sendable (Assignment, Int) -> [Report] = { _, _ in [] },
  policy change: (inout Scheduler.Policy) -> Void = { _ in },
  _ behaviour: @escaping @Sendable (Assignment, Int) async -> Ending
) async -> ScheduleOutcome {
  var policy = Scheduler.Policy(jobs: jobs)
  policy.retries.backoff = .milliseconds(10)
  change(&policy)
  let scheduler = Scheduler(
    assignments, in: bench.store,
    executor: Scripted(bench: bench, log: log, says: says, behaviour: behaviour), policy: policy,
    costs: costs, needs: needs, printer: ProgressPrinter(.plain) { written.add($0) },
    interruptions: interruptions, statusRequests: questions)
  return await scheduler.run()
}

/// How many are inside at once, at most.
final class Most: Sendable {
  private let counts = Mutex((now: 0, most: 0))
  var value: Int { counts.withLock { $0.most } }
  func enter() {
    counts.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }
  func leave() { counts.withLock { $0.now -= 1 } }
}

/// Which runs were started, in order.
final class Starts: Sendable {
  private let list = Mutex<[String]>([])
  var labels: [String] { list.withLock { $0 } }

  /// Returns how often the same was started before.
  func add(_ label: String) -> Int {
    list.withLock { list in
      defer { list.append(label) }
      return list.count { $0 == label }
    }
  }
}

/// What was started.
final class Seen: Sendable {
  private let list = Mutex<[Assignment]>([])
  var assignments: [Assignment] { list.withLock { $0 } }
  func add(_ assignment: Assignment) { list.withLock { $0.append(assignment) } }
}
