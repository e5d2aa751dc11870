import Expectations
import Networks
import Tensors
import Testing

@Suite struct InitializationTests {
  /// Probabilities and quantiles by scipy.special.ndtri, of scipy 1.17.1, which are within 1e-15 of 40 digits.
  static let quantiles: [(p: Double, x: Double)] = [
    (1e-300, -37.0470962993612), (1e-100, -21.273453560965322), (5.551115123125783e-17, -8.292361075813597),
    (1e-16, -8.222082216130435), (1e-12, -7.034483825301131), (1e-10, -6.361340902404056),
    (1e-08, -5.612001244174789), (1e-06, -4.753424308822899), (1e-05, -4.264890793922825),
    (0.0001, -3.7190164854556804), (0.001, -3.090232306167813), (0.01, -2.3263478740408408),
    (0.02, -2.053748910631823), (0.05, -1.6448536269514729), (0.074, -1.4466320671589785),
    (0.075, -1.4395314709384563), (0.076, -1.4325027208258116), (0.1, -1.2815515655446004),
    (0.2, -0.8416212335729142), (0.3, -0.5244005127080409), (0.4, -0.2533471031357997),
    (0.49, -0.02506890825871106), (0.4999999, -2.506628274703107e-07), (0.5, 0),
    (0.5000001, 2.506628273311648e-07),
    (0.6, 0.2533471031357997), (0.75, 0.6744897501960817), (0.9, 1.2815515655446004),
    (0.924, 1.432502720825812),
    (0.926, 1.446632067158979), (0.975, 1.959963984540054), (0.99, 2.3263478740408408),
    (0.999, 3.090232306167813),
    (0.999999, 4.753424308817087), (0.999999999999, 7.0344869100478356),
    (0.9999999999999999, 8.209536151601387),
  ]

  @Test(arguments: quantiles)
  func `normal quantiles are those of scipy`(p: Double, x: Double) {
    #expect(abs(normalQuantile(p) - x) <= 2e-15 * abs(x))
  }

  @Test func `normal quantiles rise`() {
    var last = -Double.infinity
    for step in 1..<2000 {
      let x = normalQuantile(Double(step) / 2000)
      #expect(x > last)
      last = x
    }
  }

  @Test func `logarithms are within rounding of the truth`() {
    for index in -400...400 {
      for offset in [0.0, 0.01, 0.3, 0.41421, 0.41422, 0.7, 0.999] {
        let x = (1 + offset) * Double(sign: .plus, exponent: index, significand: 1)
        let truth = Double.logarithm(x)
        #expect(abs(naturalLogarithm(x) - truth) <= 4e-16 * max(abs(truth), 1e-3))
      }
    }
    #expect(naturalLogarithm(1) == 0)
  }

  @Test func `zeros, ones and normal numbers start as they say`() {
    let parameters = Parameters(seed: 5)
    _ = parameters.root.parameter("zeros", [3], .zeros)
    _ = parameters.root.parameter("ones", [2, 2], .ones)
    _ = parameters.root.parameter("normal", [100, 60], .normal(deviation: 0.02))
    #expect(parameters["zeros"]?.value.values == [0, 0, 0])
    #expect(parameters["ones"]?.value.values == [1, 1, 1, 1])
    let values = (parameters["normal"]?.value.values ?? []).map { Double($0) / 0.02 }
    let mean = values.reduce(0, +) / 6000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6000
    // Five standard deviations of the mean and of the variance of 6000 normal numbers.
    #expect(abs(mean) < 5 / 6000.0.squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / 6000.0).squareRoot())
    #expect(Set(values).count > 5990)
  }

  @Test func `an initial value is its quantile, looked up by its path`() {
    let parameters = Parameters(seed: 77)
    _ = parameters.root["layers"][3].parameter("weight", [7], .normal(deviation: 0.5))
    let place = Place(seed: 77, purpose: .initialization, site: siteHash("layers.3.weight"), step: 0)
    let expected = (0..<7).map { Float(0.5 * normalQuantile(place.uniform($0) + 0x1p-54)) }
    expectSameBits(parameters["layers.3.weight"]?.value.values ?? [], expected)
  }

  @Test func `a mean is where normal numbers lie around`() {
    let parameters = Parameters(seed: 77)
    _ = parameters.root.parameter("gain", [9], .normal(mean: 1, deviation: 0.02))
    let place = Place(seed: 77, purpose: .initialization, site: siteHash("gain"), step: 0)
    let expected = (0..<9).map { Float(1 + 0.02 * normalQuantile(place.uniform($0) + 0x1p-54)) }
    expectSameBits(parameters["gain"]?.value.values ?? [], expected)
    #expect(expected.allSatisfy { abs($0 - 1) < 0.1 })
  }

  @Test func `uniform numbers fill what is between their bounds`() {
    let parameters = Parameters(seed: 77)
    _ = parameters.root.parameter("kernel", [80, 75], .uniform(bound: 0.25))
    let values = parameters["kernel"]?.value.values ?? []
    let place = Place(seed: 77, purpose: .initialization, site: siteHash("kernel"), step: 0)
    expectSameBits(Array(values.prefix(7)), (0..<7).map { Float(0.25 * (2 * place.uniform($0) - 1)) })
    let mean = values.reduce(0) { $0 + Double($1) } / 6000
    let square = values.reduce(0) { $0 + Double($1) * Double($1) } / 6000
    // Variance b²/3, that of squares 4b⁴/45: five standard deviations of the means of 6000. The extremes lie within
    // 16 gaps of the bounds, but once in a million times.
    #expect(abs(mean) < 5 * 0.25 / (3 * 6000.0).squareRoot())
    #expect(abs(square / (0.0625 / 3) - 1) < 5 * (4 / 5.0 / 6000).squareRoot())
    #expect(values.allSatisfy { abs($0) <= 0.25 })
    let gap: Float = 0.5 / 6000
    #expect((values.min() ?? 0) < -0.25 + 16 * gap && (values.max() ?? 0) > 0.25 - 16 * gap)
  }
}
