/// What a number of seeds can show: how large a difference must be to be found by a two-sided t-test.
///
/// Exact for the pooled and the paired test, by the noncentral t distribution. For Welch's test it is an approximation:
/// the noncentral t with Satterthwaite's degrees of freedom, and standard deviations taken as true that were estimated.
package struct Power: Sendable, Equatable {
  /// The p below which a difference counts as found.
  package let alpha: Double
  /// With what probability it shall be found; 0.8 by custom.
  package let wanted: Double

  package init(alpha: Double, wanted: Double = 0.8) {
    guard alpha > 0, alpha < wanted, wanted < 1 else {
      fatalError("alpha and power are between 0 and 1, alpha the smaller; found \(alpha) and \(wanted)")
    }
    (self.alpha, self.wanted) = (alpha, wanted)
  }

  /// The probability that a difference of `noncentrality` standard errors is found.
  ///
  /// The square of a noncentral t is a noncentral F, a Poisson mixture of beta variables:
  /// P(|T| ≤ c) = Σⱼ Poisson(j; δ²/2) I_x(j + ½, ν/2) with x = c² / (c² + ν).
  package func power(noncentrality: Double, degrees: Double) -> Double {
    let limit = StudentT(degrees: degrees).quantile(upperTail: alpha / 2)
    return 1 - missed(noncentrality: noncentrality, degrees: degrees, limit: limit)
  }

  /// The smallest difference that is found with the power wanted, in the unit of the standard error.
  package func detectable(standardError: Double, degrees: Double) -> Double {
    let limit = StudentT(degrees: degrees).quantile(upperTail: alpha / 2)
    func isFound(_ noncentrality: Double) -> Bool {
      1 - missed(noncentrality: noncentrality, degrees: degrees, limit: limit) >= wanted
    }
    var (low, high) = (0.0, 1.0)
    while !isFound(high) { (low, high) = (high, 2 * high) }
    while high - low > 1e-9 * high {
      let middle = low + (high - low) / 2
      if isFound(middle) { high = middle } else { low = middle }
    }
    return high * standardError
  }

  /// The smallest difference that `seeds` runs a side find, in standard deviations of one run.
  ///
  /// - correlation: Of two runs of one seed, where runs are paired; nil where they are not.
  package func detectable(seeds: Int, correlation: Double? = nil) -> Double {
    guard seeds > 1 else { fatalError("chance is reckoned from two runs on; found \(seeds)") }
    let n = Double(seeds)
    guard let correlation else {
      return detectable(standardError: (2 / n).squareRoot(), degrees: 2 * n - 2)
    }
    return detectable(standardError: (2 * (1 - correlation) / n).squareRoot(), degrees: n - 1)
  }

  /// How many runs a side find `difference`, between two runs and `most`; nil if `most` do not.
  package func seeds(toFind difference: Double, deviationOfA a: Double, deviationOfB b: Double, most: Int)
    -> Int?
  {
    let (squareOfA, squareOfB) = (a * a, b * b)
    let sum = squareOfA + squareOfB
    guard sum > 0 else { return nil }
    let shares = (squareOfA * squareOfA + squareOfB * squareOfB) / (sum * sum)
    return fewest(most) { n in
      (difference.magnitude / (sum / n).squareRoot(), (n - 1) / shares)
    }
  }

  /// The same for pairs of runs, whose differences have the standard deviation `deviation`.
  package func pairs(toFind difference: Double, deviation: Double, most: Int) -> Int? {
    guard deviation > 0 else { return nil }
    return fewest(most) { n in (difference.magnitude * n.squareRoot() / deviation, n - 1) }
  }

  /// More runs find more, so the first number that is enough is looked for by halving.
  private func fewest(
    _ most: Int, _ test: (Double) -> (noncentrality: Double, degrees: Double)
  ) -> Int? {
    func isEnough(_ count: Int) -> Bool {
      let (noncentrality, degrees) = test(Double(count))
      return power(noncentrality: noncentrality, degrees: degrees) >= wanted
    }
    guard most > 1, isEnough(most) else { return nil }
    var (low, high) = (1, most)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// P(|T| ≤ limit).
  private func missed(noncentrality: Double, degrees: Double, limit: Double) -> Double {
    let (b, mean) = (degrees / 2, noncentrality * noncentrality / 2)
    let square = limit * limit
    let (x, complement) = (1 / (1 + degrees / square), 1 / (1 + square / degrees))
    // So far out that T would need a chi forty times its expectation to stay below the limit.
    guard noncentrality < 40 * limit + 40 else { return 0 }
    guard mean > 0 else { return IncompleteBeta.value(0.5, b, at: x, complement: complement) }
    // Twelve standard deviations of the Poisson weights: what is beyond is smaller than a rounding error.
    let reach = 12 * mean.squareRoot() + 40
    let last = Int(mean + reach)
    let first = max(0, Int(mean - reach))
    let logMean = Elementary.log(mean)
    var beta = IncompleteBeta.value(Double(last) + 0.5, b, at: x, complement: complement)
    var sum = 0.0
    // Downwards nothing cancels: I_x(a, b) is I_x(a + 1, b) and something positive.
    for j in stride(from: last, through: first, by: -1) {
      sum += beta * Elementary.exp(Double(j) * logMean - mean - Elementary.logGamma(Double(j) + 1))
      if j > first { beta += IncompleteBeta.step(Double(j) - 0.5, b, at: x, complement: complement) }
    }
    return min(1, sum)
  }
}
