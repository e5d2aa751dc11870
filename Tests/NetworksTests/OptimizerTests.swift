import Expectations
import Networks
import Tensors
import Testing

@Suite struct AdamTests {
  /// Gradients of step `t` for parameters of 5 and 3 numbers.
  private func gradients(_ t: Int) -> [[Float]] {
    [plainNoise(5, seed: UInt64(2 * t + 1)), plainNoise(3, seed: UInt64(2 * t + 2)).map { $0 * 0.01 }]
  }

  @Test func `twenty steps agree with the formula in Double`() {
    let parameters = Parameters(seed: 3)
    _ = parameters.root.parameter("a", [5], .normal(deviation: 1))
    _ = parameters.root.parameter("b", [3], .ones)
    var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
    var p = parameters.all.map { $0.value.values.map { Double($0) } }
    var m = p.map { $0.map { _ in 0.0 } }
    var v = m
    for t in 1...20 {
      let (rate, scale) = (0.01 * Double(t), 0.5)
      let found = gradients(t).enumerated().map { Tensor(parameters.all[$0].value.shape, $1) }
      optimizer.step(parameters, found, rate: rate, gradientScale: Float(scale))
      let (c1, c2) = (1 - Double.power(0.9, t), 1 - Double.power(0.999, t))
      for (index, gradient) in gradients(t).enumerated() {
        for i in gradient.indices {
          let g = scale * Double(gradient[i])
          m[index][i] = 0.9 * m[index][i] + 0.1 * g
          v[index][i] = 0.999 * v[index][i] + 0.001 * g * g
          p[index][i] -= rate * (m[index][i] / c1) / ((v[index][i] / c2).squareRoot() + 1e-8)
        }
      }
      #expect(abs((1 - optimizer.power1) - c1) < 1e-14 && abs((1 - optimizer.power2) - c2) < 1e-14)
    }
    for (parameter, expected) in zip(parameters.all, p) {
      for (found, expected) in zip(parameter.value.values, expected) {
        // A step moves by about the rate, known to some 2⁻²³; β₂ in single precision is off by 1e-8 of 1e-3.
        #expect(abs(Double(found) - expected) < 2e-5)
      }
    }
    for (found, expected) in zip(optimizer.first.flatMap(\.values), m.flatMap { $0 }) {
      #expect(abs(Double(found) - expected) < 1e-6)
    }
  }

  @Test func `the first step moves by the rate, whatever the size of the gradient`() {
    let parameters = Parameters(seed: 3)
    let a = parameters.root.parameter("a", [3], .zeros)
    var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
    optimizer.step(parameters, [Tensor([3], [1e-3, -5, 700])], rate: 0.25, gradientScale: 1)
    for (found, expected) in zip(a.value.values, [-0.25, 0.25, -0.25] as [Float]) {
      #expect(abs(found - expected) < 1e-4)
    }
  }

  @Test func `a parameter without a gradient is left alone`() {
    let parameters = Parameters(seed: 3)
    let a = parameters.root.parameter("a", [2], .ones)
    let b = parameters.root.parameter("b", [2], .ones)
    var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
    optimizer.step(parameters, [nil, Tensor([2], [1, 1])], rate: 0.1, gradientScale: 1)
    #expect(a.value.values == [1, 1] && b.value.values[0] < 1)
    #expect(optimizer.first[0].values == [0, 0] && optimizer.second[0].values == [0, 0])
  }

  @Test func `going on from stored state is going on`() {
    func run(stoppingAt stop: Int?) -> [Float] {
      let parameters = Parameters(seed: 3)
      _ = parameters.root.parameter("a", [5], .normal(deviation: 1))
      _ = parameters.root.parameter("b", [3], .ones)
      var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
      for t in 1...8 {
        if t == stop {
          let (first, second) = (optimizer.first, optimizer.second)
          let (power1, power2) = (optimizer.power1, optimizer.power2)
          optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
          optimizer.restore(first: first, second: second, power1: power1, power2: power2)
        }
        let found = gradients(t).enumerated().map { Tensor(parameters.all[$0].value.shape, $1) }
        optimizer.step(parameters, found, rate: 0.01, gradientScale: 1)
      }
      return parameters.all.flatMap(\.value.values) + (optimizer.first + optimizer.second).flatMap(\.values)
    }
    let whole = run(stoppingAt: nil)
    for stop in [1, 2, 5, 8] { expectSameBits(run(stoppingAt: stop), whole, "stopped before step \(stop)") }
  }

  @Test func `restored state is a copy`() {
    let parameters = Parameters(seed: 3)
    _ = parameters.root.parameter("a", [1], .ones)
    let stored = Tensor([1], [0])
    var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
    optimizer.restore(first: [stored], second: [stored], power1: 1, power2: 1)
    optimizer.step(parameters, [Tensor([1], [1])], rate: 0.1, gradientScale: 1)
    #expect(stored.values == [0] && optimizer.first[0].values != [0])
  }

  @Test func `state of other shapes is refused`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameters = Parameters(seed: 3)
      _ = parameters.root.parameter("a", [2], .ones)
      var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
      optimizer.restore(first: [Tensor([1], [0])], second: [Tensor([2], [0, 0])], power1: 1, power2: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("the stored moments do not have the shapes of the parameters"))
  }
}

extension Double {
  fileprivate static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}

@Suite struct ScheduleTests {
  @Test(arguments: [
    (0, 0), (1, 2.667e-7), (749, 1.9973e-4), (750, 2e-4), (6250, 1.06383e-4), (12499, 1.702e-8),
  ])
  func `the published schedule has the golden rates`(step: Int, rate: Double) {
    let schedule = linearSchedule(peak: 2e-4, warmUp: 0.06, steps: 12_500)
    #expect(abs(schedule(step) - rate) <= 5e-4 * rate)
    if rate == 0 { #expect(schedule(step) == 0) }
  }

  @Test func `rates are those of the formula, exactly`() {
    let schedule = linearSchedule(peak: 2e-4, warmUp: 0.06, steps: 12_500)
    for step in stride(from: 0, to: 12_500, by: 37) {
      let expected =
        step < 750 ? 2e-4 * Double(step) / 750 : 2e-4 * Double(12_500 - step) / (12_500 - 750)
      #expect(schedule(step) == expected)
    }
  }

  @Test func `without warm-up the first step has the peak`() {
    #expect(linearSchedule(peak: 0.5, warmUp: 0, steps: 1)(0) == 0.5)
    #expect(linearSchedule(peak: 0.5, warmUp: 0.4, steps: 2)(0) == 0.5)
    #expect(linearSchedule(peak: 0.5, warmUp: 0.5, steps: 2)(0) == 0)
  }
}

@Suite struct ClippingTests {
  @Test func `the norm is over all gradients together`() {
    #expect(gradientNorm([Tensor([2], [3, 0]), nil, Tensor([1, 1], [4])]) == 5)
    #expect(gradientNorm([nil]) == 0)
  }

  @Test func `only norms beyond the limit are scaled down`() {
    #expect(clippingScale(norm: 0.5, limit: 1) == 1)
    #expect(clippingScale(norm: 0, limit: 1) == 1)
    #expect(clippingScale(norm: 4, limit: 1) == Float(1 / (4 + 1e-6)))
    #expect(clippingScale(norm: 10, limit: 5) == Float(5 / (10 + 1e-6)))
    // Just at the limit the small constant shows.
    #expect(clippingScale(norm: 1, limit: 1) < 1)
  }
}
