/// Whether a measured number is the published one.
///
/// Beside a published deviation and number of runs: Welch's test from both summaries. Beside a bare number: whether it
/// lies where one more of our runs would (the prediction interval), which needs three runs. That no difference was found
/// is no reproduction: that takes a margin, within which the difference must be shown to lie.
/// A published number may be off by half a unit of its last digit, so every p is a range.
package struct ValueCheck: Sendable, Equatable {
  /// The labels along rows and columns, as measured.
  package let labels: [String]
  package let measured: Cell
  package let published: Cell
  package let test: TTest.Kind?
  /// Measured minus published, in the stored unit.
  package let difference: Rounded?
  /// The two-sided p, from the least to the largest that rounding allows.
  package let p: ClosedRange<Double>?
  /// How far apart they may be and count as the same, in the stored unit.
  package let margin: Double?
  /// The p of the two one-sided tests that the difference lies within the margin.
  package let equivalence: ClosedRange<Double>?
  package let outcome: Outcome

  init(labels: [String], measured: Cell, published: Cell, unit: Unit, rules: VerificationRules) {
    (self.labels, self.measured, self.published) = (labels, measured, published)
    let number = Rounded(published)
    let margin = number.flatMap { rules.margin?.size(of: $0.value, unit: unit) }
    self.margin = margin
    var scan: Scan?
    var difference: Rounded?
    let outcome: Outcome
    if let shortcoming = measured.shortcoming {
      outcome = Outcome(.inconclusive, shortcoming)
    } else if let number, let summary = measured.summary {
      difference = Rounded(value: summary.mean, half: 0) - number
      switch Scan.of(summary, beside: published, number: number, margin: margin) {
      case .success(let found):
        scan = found
        outcome = ValueCheck.judged(found, apart: number, margin: margin, alpha: rules.alpha)
      case .failure(let obstacle): outcome = obstacle.outcome
      }
    } else {
      outcome = Outcome(.inconclusive, "nothing was published")
    }
    (test, p, equivalence) = (scan?.kind, scan?.p, scan?.equivalence)
    (self.difference, self.outcome) = (difference, outcome)
  }

  private static func judged(
    _ scan: Scan, apart number: Rounded, margin: Double?, alpha: Double
  ) -> Outcome {
    let differs = scan.p.upperBound < alpha
    if let margin, let equivalence = scan.equivalence {
      if equivalence.upperBound < alpha { return Outcome(.reproduced, "shown to lie within the margin") }
      let nearest = max(0, scan.difference.magnitude - number.half)
      if differs, nearest > margin { return Outcome(.notReproduced, "differs by more than the margin") }
      return Outcome(
        .inconclusive,
        differs ? "differs, perhaps by less than the margin" : "may differ by more than the margin")
    }
    if differs {
      return Outcome(
        .notReproduced, scan.kind == .prediction ? "outside the prediction interval" : "differs")
    }
    guard scan.p.lowerBound >= alpha else {
      return Outcome(.inconclusive, "depends on how the published number was rounded")
    }
    // An interval of three runs can be wide enough for anything.
    return Outcome(.inconclusive, "no difference found; no margin declared")
  }
}

/// What stands in the way of a test.
private struct Obstacle: Error {
  let outcome: Outcome
}

/// A test at every corner of what rounding leaves open.
private struct Scan {
  let kind: TTest.Kind
  /// From the published mean as printed.
  let difference: Double
  let p: ClosedRange<Double>
  let equivalence: ClosedRange<Double>?

  static func of(
    _ summary: Summary, beside cell: Cell, number: Rounded, margin: Double?
  ) -> Result<Scan, Obstacle> {
    func inconclusive(_ reason: String) -> Result<Scan, Obstacle> {
      .failure(Obstacle(outcome: Outcome(.inconclusive, reason)))
    }
    let ours = Moments(summary)
    let runs = cell.summary?.count ?? 0
    let deviation = runs > 1 ? cell.summary?.deviation : nil
    if deviation == nil, (summary.count ?? 0) < 3 {
      let count = summary.count ?? 0
      return inconclusive("\(count == 1 ? "one run" : "\(count) runs"); a prediction interval needs three")
    }
    if deviation != nil, ours == nil, runs < 3 {
      return inconclusive("one run beside \(runs); a prediction interval needs three")
    }
    func test(_ mean: Double, _ deviation: Double?) -> TTest? {
      let theirs = deviation.flatMap { Moments(mean: mean, deviation: $0, count: runs) }
      switch (ours, theirs) {
      case (let ours?, let theirs?): return TTest.welch(theirs, ours)
      case (nil, let theirs?): return TTest.prediction(summary.mean, from: theirs)
      case (let ours?, nil): return TTest.prediction(mean, from: ours)
      case (nil, nil): return nil
      }
    }
    var means = [number.low, number.value, number.high]
    // Nearest to ours the p is largest.
    means.append(min(max(summary.mean, number.low), number.high))
    let deviations: [Double?] =
      deviation.map { value in
        let half = cell.deviationRoundOff ?? 0
        // Degrees of freedom do not run one way between the ends.
        return (0...8).map { max(0, value - half + half * Double($0) / 4) }
      } ?? [nil]
    var tests: [TTest] = []
    for mean in means {
      for deviation in deviations {
        guard let found = test(mean, deviation) else {
          let isSame = number.agrees(with: Rounded(value: summary.mean, half: 0))
          return isSame
            ? .failure(Obstacle(outcome: Outcome(.reproduced, "equal within rounding")))
            : inconclusive("every seed gave the same number, so chance cannot be reckoned with")
        }
        tests.append(found)
      }
    }
    guard let central = test(number.value, deviation), let p = span(tests.map { $0.p() }) else {
      return inconclusive("nothing varies")
    }
    let equivalence = margin.flatMap { margin in span(tests.map { $0.equivalence(margin: margin) }) }
    return .success(
      Scan(kind: central.kind, difference: summary.mean - number.value, p: p, equivalence: equivalence))
  }
}

/// From the least to the largest.
func span(_ numbers: [Double]) -> ClosedRange<Double>? {
  guard let least = numbers.min(), let largest = numbers.max() else { return nil }
  return least...largest
}
