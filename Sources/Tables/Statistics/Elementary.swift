/// exp, log and log Γ in Double, of + − × ÷ alone.
///
/// The C library's differ in the last bit between machines and versions; a printed p must not. Errors are a few units
/// in the last place, of log Γ a few of its largest part.
enum Elementary {
  /// ln 2 in two parts. The first ends in zeros, so that its product with an exponent is exact.
  private static let ln2High = 0x1.62e42feep-1
  private static let ln2Low = 0x1.a39ef35793c76p-33
  /// ½ ln 2π.
  private static let halfLogTwoPi = 0x1.d67f1c864beb5p-1

  /// The natural logarithm; −∞ at 0, NaN below.
  static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    var exponent = Double(x.exponent)
    var significand = x.significand
    // Around 1, so that nothing cancels there.
    if significand > 1.4142135623730951 {
      significand /= 2
      exponent += 1
    }
    return exponent * ln2High + (exponent * ln2Low + log1p(significand - 1))
  }

  /// log(1 + u), precise for small `u` as well.
  static func log1p(_ u: Double) -> Double {
    guard u.magnitude < 0.4143 else { return log(1 + u) }
    // 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with (1 + s) / (1 − s) = 1 + u, where |s| < 0.27.
    let s = u / (2 + u)
    let square = s * s
    var sum = 0.0
    for term in (1...15).reversed() { sum = square * (1 / Double(2 * term + 1) + sum) }
    return 2 * s * (1 + sum)
  }

  static func exp(_ x: Double) -> Double {
    guard x > -746 else { return x.isNaN ? x : 0 }
    guard x < 710 else { return .infinity }
    let doublings = (x / ln2High).rounded()
    let rest = (x - doublings * ln2High) - doublings * ln2Low
    var sum = 1.0
    for term in (1...15).reversed() { sum = 1 + rest / Double(term) * sum }
    return Double(sign: .plus, exponent: Int(doublings), significand: sum)
  }

  /// log Γ(x) for x > 0: Stirling's series from 15 on, the recurrence below.
  static func logGamma(_ x: Double) -> Double {
    var (z, product) = (x, 1.0)
    while z < 15 {
      product *= z
      z += 1
    }
    let inverse = 1 / z
    let square = inverse * inverse
    // B₂ₖ / (2k (2k − 1)), the last first.
    let coefficients = [
      1.0 / 156, -691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12,
    ]
    let series = coefficients.reduce(0) { $0 * square + $1 } * inverse
    return (z - 0.5) * log(z) - z + halfLogTwoPi + series - log(product)
  }

  /// log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b).
  static func logBeta(_ a: Double, _ b: Double) -> Double {
    logGamma(a) + logGamma(b) - logGamma(a + b)
  }
}
