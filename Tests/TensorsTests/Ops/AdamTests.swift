import Expectations
import Tensors
import Testing

@Suite struct AdamStepTests {
  @Test(arguments: [1, 17, 100, 30_001])
  func `a step is as stated`(count: Int) {
    let (g, start) = (plainNoise(count, seed: 1), plainNoise(count, seed: 2))
    let statement = Statement.AdamStep<Float>(
      gradientScale: 0.5, rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.1,
      correction2: 0.001)
    var (p, m, v) = (start, plainNoise(count, seed: 3), plainNoise(count, seed: 4).map { $0 * $0 })
    let before = (m, v)
    for index in 0..<count { Statement.adam(&p[index], &m[index], &v[index], g[index], statement) }
    let step = AdamStep(
      rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.1, correction2: 0.001,
      gradientScale: 0.5)
    for (name, found) in onEveryProcessor({ () -> [[Float]] in
      let state = [start, before.0, before.1].map { Tensor([count], $0).copied }
      step.update(state[0], first: state[1], second: state[2], gradient: Tensor([count], g))
      return state.map(\.values)
    }) {
      expectSameBits(found[0], p, "parameter by \(name)")
      expectSameBits(found[1], m, "first moment by \(name)")
      expectSameBits(found[2], v, "second moment by \(name)")
    }
  }

  @Test func `a copy shares nothing with what it was copied from`() {
    let original = Tensor([3], [1, 2, 3])
    let copy = original.copied
    let step = AdamStep(
      rate: 1, beta1: 0, beta2: 0, epsilon: 1, correction1: 1, correction2: 1, gradientScale: 1)
    let moments = (Tensor([3], repeating: 0).copied, Tensor([3], repeating: 0).copied)
    step.update(copy, first: moments.0, second: moments.1, gradient: Tensor([3], [1, 1, 1]))
    #expect(original.values == [1, 2, 3])
    #expect(copy.values == [0.5, 1.5, 2.5])
  }
}
