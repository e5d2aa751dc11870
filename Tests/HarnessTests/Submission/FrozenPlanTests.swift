import Archive
import Foundation
import Harness
import Records
import Testing

@Suite struct FrozenPlanTests {
  private static func plan(_ count: Int, mode: FrozenPlan.Mode = .array, jobs: Int? = nil) -> FrozenPlan {
    FrozenPlan(
      manifest: Digest.sha256([0]), mode: mode, jobs: jobs ?? count,
      runs: (0..<count).map { Digest.sha256([UInt8($0), 1]) },
      use: FrozenPlan.Use(threads: 2, checkpointSeconds: 1.5, keepsWeights: true, timeout: 90, retries: 1))
  }

  @Test func `a plan is read back from its bytes, and named by them`() throws {
    let plan = Self.plan(3)
    #expect(FrozenPlan(plan.bytes) == plan)
    #expect(FrozenPlan(plan.bytes)?.id == plan.id)
    #expect(FrozenPlan(Array(plan.bytes.dropLast(3))) == nil)
    #expect(Self.plan(4).id != plan.id && Self.plan(3, mode: .workers).id != plan.id)
  }

  @Test func `a plan whose bytes were changed is refused`() throws {
    let bench = try TemporaryStore()
    let plan = Self.plan(2)
    let other = Self.plan(3).bytes
    try bench.store.put(other, as: StoredObject(kind: FrozenPlan.kind, id: plan.id))
    #expect(throws: SubmissionError.self) { _ = try FrozenPlan(plan.id.hex, in: bench.store) }
    #expect(throws: SubmissionError.noPlan("abcdef", count: 0, store: bench.store.root)) {
      _ = try FrozenPlan("abcdef", in: bench.store)
    }
    #expect(try Checkup(bench.store, deep: true).findings.count == 1)
  }

  @Test func `every job of an array has its run, and workers begin at different ones`() throws {
    let bench = try TemporaryStore()
    let array = Self.plan(3)
    #expect(
      try (0..<3).map { try PlanWork(array, index: $0, in: bench.store).runs } == array.runs.map { [$0] })
    let shared = Self.plan(5, mode: .workers, jobs: 2)
    let orders = try (0..<2).map { try PlanWork(shared, index: $0, in: bench.store).runs }
    #expect(orders.map(\.first) == [shared.runs[0], shared.runs[2]])
    #expect(orders.allSatisfy { Set($0) == Set(shared.runs) && $0.count == 5 })
    #expect(throws: SubmissionError.self) { _ = try PlanWork(array, index: 3, in: bench.store) }
    #expect(throws: SubmissionError.self) { _ = try PlanWork(array, index: -1, in: bench.store) }
  }
}
