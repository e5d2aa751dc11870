import CKernels
import Testing

/// That the timed kernels compute what the others do is tested wherever tests go over `InstructionSet.here`.
@Suite struct TimedKernelTests {
  private static func words(_ table: UnsafePointer<kernel_table>) -> [UInt] {
    withUnsafeBytes(of: table.pointee) { Array($0.bindMemory(to: UInt.self)) }
  }

  @Test(arguments: [Int32(ISA_PORTABLE), Int32(ISA_AVX2), Int32(ISA_AVX512)])
  func `every kernel of every table is wrapped, by a function of its own`(isa: Int32) throws {
    guard let plain = kernels_for(isa) else {
      #expect(timed_kernels_for(isa) == nil)
      return
    }
    let timed = try #require(timed_kernels_for(isa))
    #expect(String(cString: timed.pointee.name) == String(cString: isa_name(isa)))
    let (inner, wrapped) = (Self.words(plain).dropFirst(), Self.words(timed).dropFirst())
    #expect(wrapped.count == Int(kernel_count()))
    #expect(!wrapped.contains(0) && Set(wrapped).count == wrapped.count)
    #expect(Set(wrapped).isDisjoint(with: inner))
  }

  @Test(arguments: [-1, Int32(ISA_COUNT)]) func `there are no others`(isa: Int32) {
    #expect(timed_kernels_for(isa) == nil)
  }

  @Test func `kernels have the names of the header, in its order`() {
    #expect((0..<kernel_count()).map { String(cString: kernel_name($0)) } == TestedKernel.all.map(\.name))
    #expect(String(cString: kernel_name(-1)) == "unknown")
    #expect(String(cString: kernel_name(kernel_count())) == "unknown")
  }

  /// What this thread's calls of timed kernels were: their names and useful operations.
  private func calls(_ body: (kernel_table) -> Void) throws -> [(name: String, operations: Int)] {
    let table = try #require(timed_kernels_for(isa_best())).pointee
    #expect(begin_kernel_log() != 0)
    body(table)
    var count = 0
    let calls = end_kernel_log(&count)
    return (0..<count).compactMap { index in
      calls.map { (String(cString: kernel_name($0[index].kernel)), $0[index].operations) }
    }
  }

  @Test func `calls are written down in their order, while somebody asks`() throws {
    let x: [Float] = [3, -1, .infinity]
    var out: [Float] = [0, 0, 0]
    let found = try calls { kernels in
      #expect(kernels.sum(x, 2) == 2)
      #expect(kernels.has_nonfinite(x, 3) == 1)
      kernels.relu(&out, x, 2)
      kernels.matmul(&out, 1, x, 1, 1, x, 1, 1, 2, 1, 1, 0)
      #expect(kernels.sum_of_squares(x, 2) == 10)
    }
    #expect(found.map(\.name) == ["sum", "has_nonfinite", "relu", "matmul", "sum_of_squares"])
    #expect(found.map(\.operations) == [0, 0, 0, 4, 0])
    #expect(out == [9, -3, 0])
    try #require(timed_kernels_for(isa_best())).pointee.relu(&out, x, 2)
    // What was written down is forgotten when it begins anew, and what nobody asked for is not among it.
    #expect(try calls { $0.add(&out, x, x, 2) }.map(\.name) == ["add"])
    #expect(try calls { _ in }.isEmpty)
  }

  @Test func `a log that is going on is not begun again`() {
    #expect(begin_kernel_log() != 0 && begin_kernel_log() == 0)
    var count = -1
    _ = end_kernel_log(&count)
    #expect(count == 0)
  }

  @Test func `a log has room for as many calls as there are`() throws {
    var out: Float = 0
    let found = try calls { kernels in
      for _ in 0..<9_999 { kernels.scale(&out, [1], 2, 1) }
      kernels.subtract(&out, [1], [1], 1)
    }
    #expect(found.count == 10_000)
    #expect(found.dropLast().allSatisfy { $0.name == "scale" } && found.last?.name == "subtract")
  }

  @Test func `a call takes some ticks, and none of what is around it`() throws {
    let table = try #require(timed_kernels_for(isa_best())).pointee
    let x = [Float](repeating: 1, count: 1 << 16)
    var out = x
    #expect(begin_kernel_log() != 0)
    let start = kernel_clock()
    for _ in 0..<3 { table.exponential(&out, x, out.count) }
    let all = kernel_clock() - start
    var count = 0
    let calls = try #require(end_kernel_log(&count))
    let ticks = (0..<count).map { calls[$0].ticks }
    #expect(count == 3 && ticks.allSatisfy { $0 > 0 } && ticks.reduce(0, +) <= all)
  }
}
