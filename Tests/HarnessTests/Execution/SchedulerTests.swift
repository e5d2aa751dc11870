import Archive
import Foundation
import Harness
import Records
import Synchronization
import Testing

@Suite struct SchedulerTests {
  /// An executor that does what a test says instead of starting processes: a second implementation of the
  /// protocol.
  private struct Scripted: Executor {
    let bench: TemporaryStore
    let log: Starts
    let behaviour: @Sendable (Assignment, Int) async -> Ending

    func execute(
      _ assignment: Assignment, requests: AsyncStream<StopRequest>,
      report: @escaping @Sendable (Report) -> Void
    ) async -> Ending {
      let before = log.add(assignment.label)
      let ending = await behaviour(assignment, before)
      if ending == .exited(3) { for await request in requests where request == .leave { break } }
      if ending == .exited(0) {
        try? bench.publish(assignment.run)
        report(.message(.claimed(attempt: 1)))
      }
      if ending == .exited(2) {
        report(.message(.ended(.failed, failure: .io, message: "the disk is full")))
      }
      return ending
    }
  }

  private func schedule(
    _ bench: TemporaryStore, _ assignments: [Assignment], slots: Int = 1, failsFast: Bool = false,
    interruptions: @escaping @Sendable () -> Int = { 0 }, log: Starts = .init(),
    written: Written = Written(), _ behaviour: @escaping @Sendable (Assignment, Int) async -> Ending
  ) async throws -> ScheduleOutcome {
    var policy = Scheduler.Policy(slots: slots)
    (policy.failsFast, policy.backoff) = (failsFast, .milliseconds(10))
    let scheduler = Scheduler(
      assignments, in: bench.store, executor: Scripted(bench: bench, log: log, behaviour: behaviour),
      policy: policy, printer: ProgressPrinter(.plain) { written.add($0) }, interruptions: interruptions)
    return await scheduler.run()
  }

  @Test func `runs begin in the order given, with no more at a time than slots`() async throws {
    let (bench, written, most) = (try TemporaryStore(), Written(), Most())
    let assignments = try (1...6).map { try bench.assignment(seed: $0) }
    let outcome = try await schedule(bench, assignments, slots: 2, written: written) { _, _ in
      most.enter()
      try? await Task.sleep(for: .milliseconds(20))
      most.leave()
      return .exited(0)
    }
    // What the scheduler says is in its order; two tasks that it begins together may run either way round.
    let begun = written.text.split(separator: "\n").filter { $0.contains(": started, run ") }
    #expect(begun.map { String($0.prefix { $0 != ":" }) } == assignments.map(\.label))
    #expect(most.value == 2)
    #expect(outcome.done.count == 6)
  }

  @Test func `accidents are repeated as often as allowed, and every time is told`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = [try bench.assignment(seed: 1, retries: 2), try bench.assignment(seed: 2)]
    let outcome = try await schedule(bench, assignments, log: log, written: written) { assignment, before in
      assignment.label == "seed=1" && before < 2 ? .signalled(9) : .exited(0)
    }
    #expect(log.labels.count { $0 == "seed=1" } == 3)
    #expect(outcome.done.count == 2)
    #expect(written.text.contains("Retry 1 of 2"))
    #expect(written.text.contains("Retry 2 of 2"))
  }

  @Test func `a disk that was too full to begin is an accident, told in its own words`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = [try bench.assignment(seed: 1, retries: 1)]
    let outcome = try await schedule(bench, assignments, log: log, written: written) { _, _ in .exited(2) }
    #expect(log.labels.count == 2)
    #expect(outcome.failed.map(\.failure) == [.io])
    #expect(outcome.failed.map(\.message) == ["the disk is full"])
    #expect(written.text.contains("io: the disk is full. Retry 1 of 1"))
    #expect(try bench.store.run(assignments[0].run).state() == .pending)
  }

  @Test func `what would fail again is not repeated, and the others go on`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...3).map { try bench.assignment(seed: $0, retries: 3) }
    let outcome = try await schedule(bench, assignments, log: log) { assignment, _ in
      assignment.label == "seed=1" ? .signalled(4) : .exited(0)
    }
    #expect(log.labels.count == 3)
    #expect(outcome.failed.map(\.failure) == [.crash])
    #expect(outcome.done.count == 2)
  }

  @Test func `fail-fast starts nothing after the first failure`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    let outcome = try await schedule(bench, assignments, failsFast: true, log: log) { _, _ in .signalled(4) }
    #expect(log.labels == ["seed=1"])
    #expect(outcome.left.count == 2)
  }

  @Test func `asked to leave, it asks its runs and starts nothing more`() async throws {
    let (bench, asked) = (try TemporaryStore(), Most())
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    let outcome = try await schedule(bench, assignments, interruptions: { asked.value }) { _, _ in
      asked.enter()
      return .exited(3)
    }
    #expect(outcome.left.map(\.label).sorted() == ["seed=1", "seed=2", "seed=3"])
    #expect(outcome.interruptions == 1)
  }

  @Test func `a run that another process holds is waited for`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...2).map { try bench.assignment(seed: $0) }
    let held = assignments[0].run
    let claim = try bench.store.run(held).claim(Provenance(arguments: [], threads: 1))
    let outcome = try await schedule(bench, assignments, log: log) { assignment, before in
      guard assignment.run == held, before == 0, case .claimed(let claim) = claim else { return .exited(0) }
      Task {
        try await Task.sleep(for: .milliseconds(300))
        try claim.end(.stopped)
      }
      return .exited(75)
    }
    #expect(outcome.done.count + outcome.foundDone.count == 2)
    #expect(log.labels == ["seed=1", "seed=2", "seed=1"])
  }
}

/// How many are inside at once, at most.
private final class Most: Sendable {
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
private final class Starts: Sendable {
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
