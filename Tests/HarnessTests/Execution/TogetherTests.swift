import Archive
import Harness
import Records
import Testing

/// Two schedulers over one store at the same time, as two invocations are.
@Suite struct TogetherTests {
  /// Claims and publishes as a worker does.
  private struct Working: Executor {
    let bench: TemporaryStore

    func execute(
      _ assignment: Assignment, requests: AsyncStream<StopRequest>,
      report: @escaping @Sendable (Report) -> Void
    ) async -> Ending {
      do {
        let directory = bench.store.run(assignment.run)
        switch try directory.claim(Provenance(arguments: [], threads: 1)) {
        case .busy: return .exited(ExitStatus.busy.rawValue)
        case .done: return .exited(0)
        case .claimed(let claim):
          report(.message(.claimed(attempt: claim.attempt)))
          try await Task.sleep(for: .milliseconds(5))
          let weights = [NamedArray(name: "w", shape: [1], values: [1])]
          try claim.publish(sampleResult(of: try directory.settings(), weights), weights: weights)
          try claim.end(.done)
          return .exited(0)
        }
      } catch {
        return .unstarted("\(error)")
      }
    }
  }

  @Test func `every run is computed once, and both end with all of them done`() async throws {
    let bench = try TemporaryStore()
    let assignments = try (1...24).map { try bench.assignment(seed: $0) }
    func outcome(_ assignments: [Assignment]) async -> ScheduleOutcome {
      await Scheduler(
        assignments, in: bench.store, executor: Working(bench: bench), policy: Scheduler.Policy(jobs: 3),
        printer: ProgressPrinter(.quiet) { _ in }, interruptions: { 0 }
      ).run()
    }
    async let forward = outcome(assignments)
    async let backward = outcome(assignments.reversed())
    let both = await [forward, backward]
    for one in both {
      #expect(one.failed.isEmpty && one.left.isEmpty)
      #expect(one.done.count + one.foundDone.count == 24)
    }
    #expect(both[0].done.count + both[1].done.count == 24)
    for assignment in assignments {
      let directory = bench.store.run(assignment.run)
      #expect(try directory.state(verifying: true) == .done)
      #expect(try directory.attempts().count == 1)
    }
  }
}
