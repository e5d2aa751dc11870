/// A difference of two means, B − A, and how far chance alone could have moved it.
///
/// Which of the tests it is, is chosen by what is declared about the runs, never by its p.
package struct TTest: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case welch, pooled, paired, prediction
  }

  /// Where a difference is looked for.
  package enum Tail: Sendable {
    case both
    /// B is larger than A.
    case upper
    /// B is smaller than A.
    case lower
  }

  package let kind: Kind
  package let difference: Double
  /// Positive.
  package let standardError: Double
  package let degrees: Double

  /// Nil where nothing varies: no chance can then be reckoned with.
  init?(_ kind: Kind, difference: Double, squaredError: Double, degrees: Double) {
    let error = squaredError.squareRoot()
    guard error > 0, error.isFinite, difference.isFinite, degrees > 0, degrees.isFinite else { return nil }
    self.kind = kind
    self.difference = difference
    standardError = error
    self.degrees = degrees
  }

  package var statistic: Double { difference / standardError }

  /// The probability of a statistic at least as far out, if there were no difference.
  package func p(_ tail: Tail = .both) -> Double {
    let distribution = StudentT(degrees: degrees)
    return switch tail {
    case .both: min(1, 2 * distribution.upperTail(statistic.magnitude))
    case .upper: distribution.upperTail(statistic)
    case .lower: distribution.upperTail(-statistic)
    }
  }

  /// What the difference may be, with this confidence (0.95).
  package func interval(confidence: Double) -> ClosedRange<Double> {
    let reach = standardError * StudentT(degrees: degrees).quantile(upperTail: (1 - confidence) / 2)
    return difference - reach...difference + reach
  }

  /// The p of two one-sided tests (TOST): small if the difference lies between −margin and +margin.
  ///
  /// Below α exactly if the interval of confidence 1 − 2α lies inside ±margin.
  package func equivalence(margin: Double) -> Double {
    let distribution = StudentT(degrees: degrees)
    return max(
      distribution.upperTail((difference + margin) / standardError),
      distribution.upperTail((margin - difference) / standardError))
  }
}

extension TTest {
  /// Two groups of runs whose spreads may differ (Welch), with Satterthwaite's degrees of freedom.
  package static func welch(_ a: Moments, _ b: Moments) -> TTest? {
    let (errorOfA, errorOfB) = (a.squaredError, b.squaredError)
    let sum = errorOfA + errorOfB
    guard sum > 0 else { return nil }
    // In shares of the sum, so that small numbers do not vanish when squared.
    let (shareOfA, shareOfB) = (errorOfA / sum, errorOfB / sum)
    return TTest(
      .welch, difference: b.mean - a.mean, squaredError: sum,
      degrees: 1 / (shareOfA * shareOfA / a.degrees + shareOfB * shareOfB / b.degrees))
  }

  /// Two groups of runs that are taken to spread alike: Student's own, as papers use it.
  package static func pooled(_ a: Moments, _ b: Moments) -> TTest? {
    let degrees = a.degrees + b.degrees
    let variance =
      (a.degrees * a.deviation * a.deviation + b.degrees * b.deviation * b.deviation) / degrees
    return TTest(
      .pooled, difference: b.mean - a.mean,
      squaredError: variance * (1 / Double(a.count) + 1 / Double(b.count)), degrees: degrees)
  }

  /// Runs that belong together one by one: the same seed, hence the same data and initial weights, on both sides.
  ///
  /// - a, b: The numbers of the first pair, of the second, and so on; the order of the pairs changes nothing.
  package static func paired(_ a: [Double], _ b: [Double]) -> TTest? {
    guard a.count == b.count else {
      fatalError("a paired test has as many runs on both sides; found \(a.count) and \(b.count)")
    }
    guard let differences = Moments(of: zip(a, b).map { $1 - $0 }) else { return nil }
    return TTest(
      .paired, difference: differences.mean, squaredError: differences.squaredError,
      degrees: differences.degrees)
  }

  /// One further number, `b`, as a draw from what the runs of `a` are drawn from: its interval around A's mean is the
  /// prediction interval.
  package static func prediction(_ b: Double, from a: Moments) -> TTest? {
    TTest(
      .prediction, difference: b - a.mean,
      squaredError: a.deviation * a.deviation * (1 + 1 / Double(a.count)), degrees: a.degrees)
  }
}
