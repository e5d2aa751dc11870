import CKernels
import Expectations
import Foundation
import Testing

/// How near the pinned polynomials come to the truth. Every instruction set has the same bits, so one is
/// enough. `mneme selftest functions` looks at every float; the largest errors that it found stand in the README of
/// the kernels, and the bounds here are those, rounded up.
@Suite struct Accuracy {
  /// Every 1021st float: four million of every size and sign, subnormal, infinite and NaN ones among them.
  private static let inputs = floats(every: 1021)

  private func values(
    _ kernel: KeyPath<
      kernel_table, @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
    >,
    _ x: [Float] = inputs
  ) -> [Float] {
    let set = InstructionSet.here[InstructionSet.here.count - 1]
    return results(x.count) { memory, out in set.kernels[keyPath: kernel](out, memory.holding(x), x.count) }
  }

  @Test func `exp is within 1 ulp`() {
    let worst = largestUlps(values(\.exponential), at: Self.inputs, from: exp)
    #expect(worst.distance < 1, "at \(worst.input)")
  }

  @Test func `log is within 1 ulp`() {
    let worst = largestUlps(values(\.logarithm), at: Self.inputs, from: log)
    #expect(worst.distance < 1, "at \(worst.input)")
  }

  @Test func `tanh is within 1.1 ulp`() {
    let worst = largestUlps(values(\.hyperbolic_tangent), at: Self.inputs, from: tanh)
    #expect(worst.distance < 1.1, "at \(worst.input)")
  }

  @Test func `erf is within 1.2 ulp`() {
    let worst = largestUlps(values(\.error_function), at: Self.inputs, from: erf)
    #expect(worst.distance < 1.2, "at \(worst.input)")
  }

  @Test func `the logistic function is within 2.1 ulp in both tails`() {
    let worst = largestUlps(values(\.sigmoid), at: Self.inputs) { x in
      x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x))
    }
    #expect(worst.distance < 2.1, "at \(worst.input)")
  }

  @Test func `its integral is within 1.8 ulp in both tails`() {
    let worst = largestUlps(values(\.softplus), at: Self.inputs) { x in
      x.isNaN ? x : max(x, 0) + log1p(exp(-abs(x)))
    }
    #expect(worst.distance < 1.8, "at \(worst.input)")
  }
}
