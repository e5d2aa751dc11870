import Archive
import Foundation
import Glibc
import Harness
import Records
import Testing

@Suite struct SchedulerLimitsTests {
  @Test func `things that there are few of are shared, and others go past meanwhile`() async throws {
    let (bench, log, most) = (try TemporaryStore(), Starts(), Most())
    let assignments = try (1...6).map {
      try bench.assignment(seed: $0, slots: $0 <= 3 ? ["gpu": 1] : [:])
    }
    let outcome = await schedule(
      bench, assignments, jobs: 4, log: log, policy: { $0.offer.slots = ["gpu": 1] }
    ) { assignment, _ in
      guard !assignment.resources.slots.isEmpty else { return .exited(0) }
      most.enter()
      try? await Task.sleep(for: .milliseconds(30))
      most.leave()
      return .exited(0)
    }
    #expect(outcome.done.count == 6)
    #expect(most.value == 1)
    // Those that it begins together may run either way round.
    #expect(Set(log.labels.prefix(4)) == ["seed=1", "seed=4", "seed=5", "seed=6"])
    #expect(log.labels.suffix(2) == ["seed=2", "seed=3"])
  }

  @Test func `memory that was measured counts more than what is asked for`() async throws {
    let (bench, most) = (try TemporaryStore(), Most())
    let assignments = try (1...4).map { try bench.assignment(seed: $0, memory: 1) }
    var needs = RunNeeds()
    needs.add(specification(seed: 9).storedSettings, peakBytes: 1 << 40)
    let outcome = await schedule(
      bench, assignments, jobs: 4, needs: needs, policy: { $0.offer.memory = (1 << 41) + (1 << 39) }
    ) { _, _ in
      most.enter()
      try? await Task.sleep(for: .milliseconds(20))
      most.leave()
      return .exited(0)
    }
    #expect(outcome.done.count == 4)
    #expect(most.value == 2)
  }

  @Test func `nothing is begun that alike runs show to take longer than is left`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try [8, 80, 8].enumerated().map { seed, examples in
      try bench.assignment(seed: seed, examples: examples)
    }
    var costs = Costs()
    costs.add(specification(examples: 80, seed: 99).storedSettings, seconds: 36_000)
    costs.add(specification(examples: 8, seed: 99).storedSettings, seconds: 1)
    let outcome = await schedule(
      bench, assignments, costs: costs, log: log, policy: { $0.timeBudget = .seconds(3600) }
    ) { _, _ in .exited(0) }
    #expect(log.labels == ["seed=0", "seed=2"])
    #expect(outcome.done.count == 2 && outcome.left.map(\.label) == ["seed=1"])
    #expect(outcome.halts.map(\.halt) == [.timeBudget])
  }

  @Test func `when the budget is spent, what goes on saves itself and nothing more begins`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = try (1...3).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(
      bench, assignments, log: log, written: written, policy: { $0.timeBudget = .milliseconds(300) }
    ) { _, _ in .exited(3) }
    #expect(log.labels == ["seed=1"])
    #expect(outcome.left.count == 3 && outcome.failed.isEmpty)
    #expect(outcome.halts.map(\.halt) == [.timeBudget])
    #expect(written.text.contains("the time budget of 0 s is spent"))
  }

  @Test func `what the first three runs all fail by is asked for a common cause`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = try (1...6).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(bench, assignments, log: log, written: written) { _, _ in .signalled(4) }
    #expect(log.labels.count == 3)
    #expect(outcome.failed.count == 3 && outcome.left.count == 3 && outcome.hasCommonCause)
    #expect(outcome.halts.map(\.halt) == [.commonCause])
    #expect(written.text.contains("common cause?"))
  }

  @Test func `keep-going overrides that, and failures that differ are no such thing`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let assignments = try (1...6).map { try bench.assignment(seed: $0) }
    let kept = await schedule(bench, assignments, log: log, policy: { $0.keepsGoing = true }) { _, _ in
      .signalled(4)
    }
    #expect(log.labels.count == 6 && kept.failed.count == 6 && kept.hasCommonCause)
    let differing = await schedule(bench, assignments) { assignment, _ in
      .signalled(assignment.label == "seed=2" ? 11 : 4)
    }
    #expect(differing.failed.count == 6 && !differing.hasCommonCause)
    let lucky = await schedule(try TemporaryStore(), assignments) { assignment, _ in
      .signalled(assignment.label == "seed=1" ? 6 : 4)
    }
    #expect(lucky.failed.count == 6 && !lucky.hasCommonCause)
  }

  @Test func `a full disk lets what goes on end and begins nothing more`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = try (1...4).map { try bench.assignment(seed: $0) }
    let full: [Report] = [
      .message(.foundNoSpace(bytes: 4096)),
      .message(.ended(.failed, failure: .io, message: "result.h5: the disk is full")),
    ]
    let outcome = await schedule(
      bench, assignments, jobs: 2, log: log, written: written,
      says: { assignment, _ in assignment.label == "seed=1" ? full : [] }
    ) { assignment, _ in
      if assignment.label == "seed=1" { return .exited(1) }
      try? await Task.sleep(for: .milliseconds(50))
      return .exited(0)
    }
    #expect(Set(log.labels) == ["seed=1", "seed=2"])
    #expect(outcome.done.map(\.label) == ["seed=2"] && outcome.failed.isEmpty)
    #expect(Set(outcome.left.map(\.label)) == ["seed=1", "seed=3", "seed=4"])
    #expect(outcome.halts.map(\.halt) == [.noSpace] && outcome.freeBytes != nil)
    #expect(written.text.contains("result.h5: the disk is full"))
  }

  @Test func `a run that memory ended is told from one that somebody killed`() async throws {
    let bench = try TemporaryStore()
    let root = NSTemporaryDirectory() + "mneme-machine-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root + "/proc", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    @Sendable func count(_ kills: Int) {
      try? Data("oom_kill \(kills)\n".utf8).write(to: URL(fileURLWithPath: root + "/proc/vmstat"))
    }
    count(7)
    let assignments = try (1...2).map { try bench.assignment(seed: $0) }
    let outcome = await schedule(bench, assignments, policy: { $0.machine = MachineMemory(root: root) }) {
      assignment, before in
      if assignment.label == "seed=1" { count(8) }
      return assignment.label == "seed=2" && before == 1 ? .exited(0) : .signalled(SIGKILL)
    }
    #expect(outcome.failed.map(\.failure) == [.outOfMemory])
    #expect(outcome.failed.map(\.assignment.label) == ["seed=1"])
    #expect(outcome.done.map(\.label) == ["seed=2"])
  }

  @Test func `asked to, it tries such a run again alone, with half as much memory again`() async throws {
    let (bench, log, most) = (try TemporaryStore(), Starts(), Most())
    let assignments = try (1...4).map { try bench.assignment(seed: $0, memory: 400) }
    let root = NSTemporaryDirectory() + "mneme-machine-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root + "/proc", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let full: [Report] = [.peak(1 << 30)]
    try Data("MemTotal: 1048576 kB\n".utf8).write(to: URL(fileURLWithPath: root + "/proc/meminfo"))
    let outcome = await schedule(
      bench, assignments, jobs: 2, log: log,
      says: { assignment, _ in assignment.label == "seed=1" ? full : [] },
      policy: {
        ($0.offer.memory, $0.retries.retriesOutOfMemory) = (1000, true)
        $0.machine = MachineMemory(root: root)
      }
    ) { assignment, before in
      if assignment.label == "seed=1", before == 0 { return .signalled(SIGKILL) }
      most.enter()
      try? await Task.sleep(for: .milliseconds(20))
      most.leave()
      return .exited(0)
    }
    #expect(outcome.done.count == 4 && outcome.failed.isEmpty)
    #expect(log.labels.count { $0 == "seed=1" } == 2)
    // After the kill a gibibyte is known to be too little, which is more than there is: one at a time.
    #expect(most.value == 1)
  }

  @Test func `a timeout goes on at once as long as it comes further`() async throws {
    let (bench, log, written) = (try TemporaryStore(), Starts(), Written())
    let assignments = [try bench.assignment(seed: 1)]
    let outcome = await schedule(
      bench, assignments, log: log, written: written,
      says: { _, before in
        [.message(.began(step: before, refused: []))]
          + (before < 5 ? [.message(.saved(step: before + 1))] : [])
      }
    ) { _, _ in .timedOut }
    #expect(log.labels.count == 6)
    #expect(outcome.failed.map(\.failure) == [.timeout])
    #expect(written.text.contains("its time was up. Retry 5 at once"))
  }

  @Test func `asked not to, it does not wait for runs of other processes`() async throws {
    let bench = try TemporaryStore()
    let assignments = try (1...2).map { try bench.assignment(seed: $0) }
    guard
      case .claimed(let claim) = try bench.store.run(assignments[0].run).claim(
        Provenance(arguments: [], threads: 1))
    else { throw CancellationError() }
    let outcome = await schedule(bench, assignments, policy: { $0.waits = false }) { assignment, _ in
      assignment.label == "seed=1" ? .exited(75) : .exited(0)
    }
    #expect(outcome.done.map(\.label) == ["seed=2"] && outcome.left.map(\.label) == ["seed=1"])
    #expect(outcome.halts.map(\.halt) == [.elsewhere])
    try claim.end(.stopped)
  }

  @Test func `asked how far it is, it says so, with counts that add up`() async throws {
    let (bench, written, asked) = (try TemporaryStore(), Written(), Most())
    let assignments = try (1...5).map { try bench.assignment(seed: $0) }
    _ = await schedule(bench, assignments, questions: { asked.value }, written: written) { assignment, _ in
      guard assignment.label == "seed=3" else { return .exited(0) }
      asked.enter()
      try? await Task.sleep(for: .milliseconds(400))
      return .exited(0)
    }
    #expect(written.text.contains("2/5 done, 1 running, 2 waiting, "))
  }
}
