import Archive
import Glibc
import Harness
import Records
import Subprocess
import Testing

@Suite struct LocalExecutorTests {
  private func schedule(
    _ bench: Workbench, timeout: Duration? = nil, grace: Duration = .seconds(5),
    program: String = Workbench.program, fault: String? = nil
  ) async throws -> ScheduleOutcome {
    _ = try bench.place()
    var resources = RunResources(Resources())
    resources.timeout = timeout
    let executor = LocalExecutor(
      program: program, store: bench.store, parent: getpid(), grace: grace,
      variables: fault.map { [Fault.variable: $0] } ?? [:])
    let scheduler = Scheduler(
      try bench.specifications().map { Assignment($0, label: "tiny", resources: resources) },
      in: try bench.opened(), executor: executor, policy: Scheduler.Policy(jobs: 1),
      printer: ProgressPrinter(.quiet) { _ in }, interruptions: { 0 })
    return await scheduler.run()
  }

  @Test func `a run that does not heed its time is ended, and not begun again`() async throws {
    // Which time is enough for a process to claim its run, only the machine knows.
    for seconds in [2, 15, 90] {
      let bench = try Workbench()
      let outcome = try await schedule(
        bench, timeout: .seconds(seconds), grace: .milliseconds(200), fault: "after-claim:hang")
      #expect(outcome.failed.map(\.failure) == [.timeout])
      let attempts = try bench.place().attempts()
      if attempts.last?.end == nil { continue }
      #expect(attempts.count == 1)
      #expect(try bench.place().state() == .failed(.timeout, attempts: 1))
      return
    }
    throw Unexpected(what: "no worker claimed its run in 90 s")
  }

  @Test func `how much memory a worker holds is looked at while it lives`() async throws {
    let bench = try Workbench()
    _ = try bench.place()
    let executor = LocalExecutor(
      program: Workbench.program, store: bench.store, parent: getpid(),
      variables: [Fault.variable: "after-claim:hang"])
    var resources = RunResources(Resources())
    // A guard: it hangs until its memory was looked at.
    resources.timeout = .seconds(120)
    let assignment = Assignment(
      try #require(try bench.specifications().first), label: "tiny", resources: resources)
    let (requests, asker) = AsyncStream.makeStream(of: StopRequest.self)
    let ending = await executor.execute(assignment, requests: requests) { report in
      if case .peak(let bytes) = report, bytes > 1 << 20 { asker.yield(.die) }
    }
    #expect(ending == .signalled(SIGKILL))
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
