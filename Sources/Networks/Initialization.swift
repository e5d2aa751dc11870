import Tensors

/// How a parameter starts.
package enum Initialization: Sendable, Equatable {
  case zeros
  case ones
  case normal(mean: Double = 0, deviation: Double)
  /// Uniform on [-bound, bound].
  case uniform(bound: Double)

  /// Uniform within ±1/√`count`, for maps of so many inputs: what common frameworks start linear maps with.
  package static func uniform(fanIn count: Int) -> Initialization {
    .uniform(bound: 1 / Double(count).squareRoot())
  }

  /// Initial values, looked up element by element: the same place and shape give the same numbers in every model.
  func values(_ shape: Shape, at place: Place) -> [Float] {
    switch self {
    case .zeros: [Float](repeating: 0, count: shape.count)
    case .ones: [Float](repeating: 1, count: shape.count)
    case .normal(let mean, let deviation):
      // Half a step up leaves 0 out; the largest number would be rounded to 1, which has no quantile.
      place.uniforms(first: 0, count: shape.count).map {
        Float(mean + deviation * normalQuantile(min($0 + 0x1p-54, 1 - 0x1p-53)))
      }
    case .uniform(let bound): place.uniforms(first: 0, count: shape.count).map { Float(bound * (2 * $0 - 1)) }
    }
  }
}

/// The x below which a standard normal number lies with probability p, 0 < p < 1, to about 1e-16 relative
/// (algorithm AS 241, Wichura, 1988).
///
/// Only + - × ÷ √ of Double, so every machine gives the same bits; a system's own functions would not.
package func normalQuantile(_ p: Double) -> Double {
  let q = p - 0.5
  if abs(q) <= 0.425 {
    let r = 0.180625 - q * q
    return q * ratio(central, r)
  }
  let r = (-naturalLogarithm(min(p, 1 - p))).squareRoot()
  let x = r <= 5 ? ratio(tail, r - 1.6) : ratio(farTail, r - 5)
  return q < 0 ? -x : x
}

/// log x for normal positive x, from + - × ÷ alone: x = m 2ᵉ with m near 1, log m = 2 artanh((m - 1) / (m + 1)).
package func naturalLogarithm(_ x: Double) -> Double {
  var (mantissa, exponent) = (x.significand, Double(x.exponent))
  if mantissa > 1.4142135623730951 {
    mantissa /= 2
    exponent += 1
  }
  let s = (mantissa - 1) / (mantissa + 1)
  let square = s * s
  // |s| < 0.1716, so the twelfth term is below 1e-18 of the first.
  var series = 0.0
  for odd in stride(from: 23, through: 1, by: -2) { series = series * square + 1 / Double(odd) }
  return exponent * 0.6931471805599453 + 2 * s * series
}

private typealias Rational = (numerator: [Double], denominator: [Double])

private func ratio(_ rational: Rational, _ r: Double) -> Double {
  func value(_ coefficients: [Double]) -> Double { coefficients.reversed().reduce(0) { $0 * r + $1 } }
  return value(rational.numerator) / value(rational.denominator)
}

private let central: Rational = (
  [
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
  ],
  [
    1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
  ]
)

private let tail: Rational = (
  [
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
  ],
  [
    1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
  ]
)

private let farTail: Rational = (
  [
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  ],
  [
    1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
  ]
)
