import Archive
import Foundation
import Harness
import Records
import Testing

@Suite struct SchedulerTests {
  @Test func `runs begin in the order given, with no more at a time than jobs`() async throws {
    let (bench, log, most) = (try TemporaryStore(), Starts(), Most())
    let assignments = try (1...6).map { try bench.assignment(seed: $0) }
    _ = await schedule(try TemporaryStore(), assignments, log: log, policy: { $0.keepsGoing = true }) {
      _, _ in
      .signalled(4)
    }
    #expect(log.labels == assignments.map(\.label))
    let outcome = await schedule(bench, assignments, jobs: 2) { _, _ in
      most.enter()
      try? await Task.sleep(for: .milliseconds(20))
      most.leave()
      return .exited(0)
    }
    #expect(most.value == 2)
    #expect(outcome.done.count == 6)
  }

  @Test func `accidents are repeated, nothing of the run is changed, and every time is told`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = [try bench.assignment(seed: 1), try bench.assignment(seed: 2)]
    let seen = Seen()
    let outcome = await schedule(bench, assignments, log: log, written: written) { assignment, before in
      seen.add(assignment)
      return assignment.label == "seed=1" && before < 3 ? .signalled(9) : .exited(0)
    }
    #expect(log.labels.count { $0 == "seed=1" } == 4)
    #expect(outcome.done.count == 2)
    for retry in 1...3 { #expect(written.text.contains("Retry \(retry) of 3 in 0.")) }
    let first = seen.assignments.filter { $0.label == "seed=1" }
    #expect(first.allSatisfy { $0.specification == assignments[0].specification })
    #expect(first.allSatisfy { $0.resources == assignments[0].resources })
  }

  @Test func `a disk with a fault is an accident, told in its own words`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = [try bench.assignment(seed: 1)]
    let outcome = await schedule(
      bench, assignments, log: log, written: written,
      says: { _, _ in [.message(.ended(.failed, failure: .io, message: "the disk reports a fault"))] }
    ) { _, _ in .exited(2) }
    #expect(log.labels.count == 4)
    #expect(outcome.failed.map(\.failure) == [.io])
    #expect(outcome.failed.map(\.message) == ["the disk reports a fault"])
    #expect(written.text.contains("io: the disk reports a fault. Retry 1 of 3"))
    #expect(try bench.store.run(assignments[0].run).state() == .pending)
  }

  @Test func `a crash is repeated as often as the manifest says`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = [try bench.assignment(seed: 1, retries: 2)]
    let outcome = await schedule(bench, assignments, log: log) { _, _ in .signalled(4) }
    #expect(log.labels.count == 3)
    #expect(outcome.failed.map(\.failure) == [.crash])
  }

  @Test func `what would fail again is not repeated, and the others go on`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(bench, assignments, log: log) { assignment, _ in
      assignment.label == "seed=1" ? .signalled(4) : .exited(0)
    }
    #expect(log.labels.count == 3)
    #expect(outcome.failed.map(\.failure) == [.crash])
    #expect(outcome.done.count == 2)
  }

  @Test func `fail-fast starts nothing after the first failure`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(
      bench, assignments, log: log, policy: { $0.failsFast = true }
    ) { _, _ in .signalled(4) }
    #expect(log.labels == ["seed=1"])
    #expect(outcome.left.count == 2)
  }

  @Test func `asked to leave, it asks its runs and starts nothing more`() async throws {
    let (bench, asked) = (try TemporaryStore(), Most())
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(bench, assignments, interruptions: { asked.value }) { _, _ in
      asked.enter()
      return .exited(3)
    }
    #expect(outcome.left.map(\.label).sorted() == ["seed=1", "seed=2", "seed=3"])
    #expect(outcome.interruptions == 1)
  }

  @Test func `a run is said to have started once it is claimed, and not before`() async throws {
    let (bench, written) = (try TemporaryStore(), Written())
    let assignments = try (1...2).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(
      bench, assignments, written: written, policy: { $0.waits = false }
    ) { assignment, _ in assignment.label == "seed=1" ? .exited(75) : .exited(0) }
    #expect(outcome.left.map(\.label) == ["seed=1"] && outcome.done.map(\.label) == ["seed=2"])
    #expect(written.text.contains("seed=2: started, run \(assignments[1].run.short)\n"))
    #expect(written.text.contains("seed=1: another process has it\n"))
    #expect(!written.text.contains("seed=1: started"))
  }

  @Test func `a run that another process holds is waited for`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...2).map { try bench.assignment(seed: $0) }
    let held = assignments[0].run
    let claim = try bench.store.run(held).claim(Provenance(arguments: [], threads: 1))
    let outcome = await schedule(bench, assignments, log: log) { assignment, before in
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
