import CKernels
import Expectations
import Glibc
import Testing

@Suite struct InstructionSets {
  // One test each, so that a report shows which sets of kernels ran and which this processor could not run.
  @Test(.enabled(if: InstructionSet.portable.isHere, "not run: no portable kernels"))
  func `the portable kernels run here`() { expectComplete(.portable) }

  @Test(.enabled(if: InstructionSet.avx2.isHere, "not run: this processor has no AVX2 with FMA"))
  func `the AVX2 kernels run here`() { expectComplete(.avx2) }

  @Test(.enabled(if: InstructionSet.avx512.isHere, "not run: this processor has no AVX-512"))
  func `the AVX-512 kernels run here`() { expectComplete(.avx512) }

  /// C does not warn of a forgotten entry: it is zero.
  private func expectComplete(_ set: InstructionSet) {
    var kernels = set.kernels
    #expect(String(cString: kernels.name) == set.name)
    let words = withUnsafeBytes(of: &kernels) { Array($0.bindMemory(to: UInt.self)) }
    #expect(words.count == MemoryLayout<kernel_table>.size / MemoryLayout<UInt>.size)
    #expect(words.firstIndex(of: 0) == nil)
  }

  @Test func `the best set is the last that runs`() {
    #expect(isa_best() == InstructionSet.here.last { $0 != .timed }?.rawValue)
  }

  @Test(arguments: [-1, Int32(ISA_COUNT)])
  func `there are no others`(isa: Int32) {
    #expect(kernels_for(isa) == nil)
    #expect(String(cString: isa_name(isa)) == "unknown")
  }

  @Test(arguments: InstructionSet.here)
  func `the yardstick counts what it does`(set: InstructionSet) {
    let sink = results(16) { _, out in
      let ten = set.kernels.fma_rounds(out, 10)
      #expect(ten > 0)
      #expect(set.kernels.fma_rounds(out, 30) == 3 * ten)
    }
    #expect(sink.allSatisfy { $0.isFinite && $0 != GuardedMemory.untouched })
  }
}

@Suite struct FloatingPointEnvironment {
  @Test func `another rounding is noticed and mended`() {
    set_floating_point_environment()
    #expect(floating_point_environment_is_standard() != 0)
    fesetround(FE_UPWARD)
    #expect(floating_point_environment_is_standard() == 0)
    set_floating_point_environment()
    #expect(floating_point_environment_is_standard() != 0)
    // The C library keeps a second setting, of the x87 unit, which no kernel uses.
    fesetround(FE_TONEAREST)
  }

  @Test func `flags of past operations do not matter`() {
    set_floating_point_environment()
    feraiseexcept(FE_INEXACT | FE_UNDERFLOW)
    #expect(floating_point_environment_is_standard() != 0)
  }

  @Test(arguments: InstructionSet.here)
  func `subnormal numbers are kept`(set: InstructionSet) {
    let tiny: [Float] = [.leastNormalMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude]
    let halves = results(3) { memory, out in set.kernels.scale(out, memory.holding(tiny), 0.5, 3) }
    expectSameBits(halves, tiny.map { $0 * 0.5 })
    #expect(halves[0] != 0)
  }
}
