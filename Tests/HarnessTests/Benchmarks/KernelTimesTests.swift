import Tensors
import Testing

@testable import Harness

@Suite struct KernelTimesTests {
  private static func call(_ name: String, _ ticks: UInt64, operations: Int = 0) throws -> KernelCall {
    let kernel = try #require(KernelTiming.names.firstIndex(of: name))
    return KernelCall(kernel: kernel, ticks: ticks, operations: operations)
  }

  /// One thread's calls: names with ticks.
  private static func calls(_ pairs: [(String, UInt64)]) throws -> [KernelCall] {
    try pairs.map { try call($0.0, $0.1) }
  }

  @Test func `each call counts as fast as it was in any step`() throws {
    // The second call of softmax was fastest in the first step, all others in the last.
    let steps = [
      [try Self.calls([("softmax", 10), ("add", 5), ("softmax", 1)])],
      [try Self.calls([("softmax", 9), ("add", 6), ("softmax", 9)])],
      [try Self.calls([("softmax", 7), ("add", 4), ("softmax", 3)])],
    ]
    let found = KernelTimes.all(in: steps, secondsPerTick: 0.5)
    #expect(found.map(\.name) == ["softmax", "add"])
    #expect(found.map(\.calls) == [2, 1])
    // Steps of 11, 18 and 10; of 5, 6 and 4.
    #expect(found.map(\.seconds) == [5.5, 2.5])
    #expect(found.map(\.least) == [4, 2])
    #expect(found.allSatisfy { !$0.differs && $0.operations == 0 })
  }

  @Test func `threads are added up, each call against itself on its thread`() throws {
    func step(_ first: UInt64, _ second: UInt64) throws -> [[KernelCall]] {
      [
        [try Self.call("matmul", first, operations: 30)],
        [try Self.call("matmul", second, operations: 50)],
      ]
    }
    let found = try #require(
      KernelTimes.all(in: [try step(8, 3), try step(4, 20), try step(6, 6)], secondsPerTick: 1).first)
    #expect(found.name == "matmul" && found.calls == 2 && found.operations == 80)
    #expect(found.seconds == 12 && found.least == 7 && !found.differs)
  }

  @Test func `where steps differ in calls, the least is that of a whole step, and it is said`() throws {
    let steps = [
      [try Self.calls([("softmax", 10), ("softmax", 1), ("add", 3)])],
      [try Self.calls([("softmax", 9), ("add", 2)])],
      [try Self.calls([("softmax", 2), ("softmax", 12), ("add", 4)])],
    ]
    let found = KernelTimes.all(in: steps, secondsPerTick: 1)
    #expect(found.map(\.name) == ["softmax", "add"])
    #expect(found.map(\.differs) == [true, false])
    #expect(found.map(\.least) == [9, 2])
    #expect(found.map(\.seconds) == [11, 3])
    #expect(found.map(\.calls) == [2, 1])
  }

  @Test func `calls of the same kernel that ask for other work are not the same call`() throws {
    let steps = [
      [[try Self.call("matmul", 4, operations: 8), try Self.call("matmul", 10, operations: 16)]],
      [[try Self.call("matmul", 9, operations: 16), try Self.call("matmul", 6, operations: 8)]],
    ]
    let found = try #require(KernelTimes.all(in: steps, secondsPerTick: 1).first)
    #expect(found.differs && found.least == 14 && found.operations == 24)
  }

  @Test func `a kernel that is called in some steps only is there`() throws {
    let steps = [[try Self.calls([("add", 1)])], [try Self.calls([("add", 1), ("relu", 7)])]]
    let found = KernelTimes.all(in: steps, secondsPerTick: 1)
    #expect(Set(found.map(\.name)) == ["add", "relu"])
    #expect(found.first { $0.name == "relu" }?.differs == true)
    #expect(found.first { $0.name == "relu" }?.least == 0)
  }
}
