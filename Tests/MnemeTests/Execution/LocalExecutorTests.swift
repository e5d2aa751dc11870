import Archive
import FaultSuite
import Glibc
import Harness
import Records
import Subprocess
import Testing

@Suite struct LocalExecutorTests {
  private func schedule(
    _ bench: Workbench, timeout: Duration? = nil, budget: Duration? = nil, grace: Duration = .seconds(5),
    program: String = Workbench.program, fault: String? = nil
  ) async throws -> ScheduleOutcome {
    _ = try bench.place()
    var resources = RunResources(Resources())
    resources.timeout = timeout
    var policy = Scheduler.Policy(jobs: 1)
    policy.timeBudget = budget
    let executor = LocalExecutor(
      program: program, store: bench.store, parent: getpid(), grace: grace,
      variables: fault.map { [Fault.variable: $0] } ?? [:])
    let scheduler = Scheduler(
      try bench.specifications().map { Assignment($0, label: "tiny", resources: resources) },
      in: try bench.opened(), executor: executor, policy: policy,
      printer: ProgressPrinter(.quiet) { _ in }, interruptions: { 0 })
    return await scheduler.run()
  }

  // It is over when the clock says so: beside a thousand other tests on two cores that is never the right time.
  @Test(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
  func `a run whose time is up saves a checkpoint, and goes on by itself as long as it comes further`()
    async throws
  {
    // A machine that is busy with other tests needs longer to come to a first step.
    for seconds in [3, 12, 48] {
      let bench = try Workbench(examples: 100_000)
      let outcome = try await schedule(
        bench, timeout: .seconds(seconds), budget: .seconds(seconds * 2 + 2), grace: .seconds(20))
      let attempts = try bench.place().attempts()
      if attempts.count < 2, seconds < 48 { continue }
      #expect(outcome.failed.isEmpty && outcome.halts.map(\.halt) == [.timeBudget])
      #expect(try !bench.place().checkpoints().isEmpty)
      #expect(try bench.place().state() == .interrupted)
      #expect(attempts.count >= 2 && attempts[1].end?.resumedFrom != nil)
      return
    }
  }

  @Test func `a run that does not heed its time is ended, and not begun again`() async throws {
    let bench = try Workbench()
    let outcome = try await schedule(
      bench, timeout: .seconds(2), grace: .milliseconds(200), fault: "after-claim:hang")
    #expect(try bench.place().attempts().count == 1)
    #expect(outcome.failed.map(\.failure) == [.timeout])
    #expect(try bench.place().state() == .failed(.timeout, attempts: 1))
  }

  @Test func `a program that cannot be started is a failure with a reason`() async throws {
    let outcome = try await schedule(try Workbench(), program: "/nowhere/mneme")
    #expect(outcome.failed.map(\.failure) == [.error])
    #expect(outcome.failed.first?.message.contains("could not be started") == true)
  }

  @Test func `the bits do not depend on threads`() async throws {
    let benches = try [Workbench(), Workbench(), Workbench()]
    for (bench, threads) in zip(benches, 1...) {
      let status = try await bench.mneme(["run", bench.manifest, "--threads", "\(threads)"]).status
      #expect(status == .exited(0))
    }
    #expect(try benches[1].published() == benches[0].published())
    #expect(try benches[2].published() == benches[0].published())
  }
}
