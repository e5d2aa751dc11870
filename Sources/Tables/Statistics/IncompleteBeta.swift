/// The regularised incomplete beta function I_x(a, b) = ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt / B(a, b), for a, b > 0.
///
/// Every distribution here is one of its values. By the continued fraction of DLMF 8.17.22, evaluated as Lentz does.
package enum IncompleteBeta {
  /// I_x(a, b). `complement` is 1 − x, given apart because near x = 1 the difference would have lost its digits.
  static func value(_ a: Double, _ b: Double, at x: Double, complement: Double) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    // Beyond the mean the fraction of the other side converges faster.
    if x > (a + 1) / (a + b + 2) {
      return 1 - lower(b, a, at: complement, complement: x)
    }
    return lower(a, b, at: x, complement: complement)
  }

  /// I_x(a, b).
  package static func value(_ a: Double, _ b: Double, at x: Double) -> Double {
    value(a, b, at: x, complement: 1 - x)
  }

  /// I_x(a, b) − I_x(a + 1, b) = xᵃ (1 − x)ᵇ / (a B(a, b)).
  static func step(_ a: Double, _ b: Double, at x: Double, complement: Double) -> Double {
    let logX = complement < x ? Elementary.log1p(-complement) : Elementary.log(x)
    let logComplement = complement < x ? Elementary.log(complement) : Elementary.log1p(-x)
    return Elementary.exp(a * logX + b * logComplement - Elementary.logBeta(a, b)) / a
  }

  private static func lower(_ a: Double, _ b: Double, at x: Double, complement: Double) -> Double {
    step(a, b, at: x, complement: complement) / fraction(a, b, at: x)
  }

  /// 1 + d₁/(1 + d₂/(1 + …)).
  private static func fraction(_ a: Double, _ b: Double, at x: Double) -> Double {
    let tiny = 1e-300
    func apart(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var (fraction, numerators, denominators) = (1.0, 1.0, 0.0)
    for place in 1...100_000 {
      let m = Double(place / 2)
      let coefficient =
        place % 2 == 0
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      denominators = 1 / apart(1 + coefficient * denominators)
      numerators = apart(1 + coefficient / numerators)
      let change = numerators * denominators
      fraction *= change
      if (change - 1).magnitude <= 0x1p-52 { return fraction }
    }
    fatalError("the continued fraction of I_x(a, b) did not converge for a = \(a), b = \(b), x = \(x)")
  }
}
