/// Mean, sample standard deviation and number of some runs: all that a t-test asks of a side.
package struct Moments: Sendable, Equatable {
  package let mean: Double
  /// With n − 1 in the denominator.
  package let deviation: Double
  /// At least two.
  package let count: Int

  /// Nil for fewer than two runs: one run says nothing about chance.
  package init?(mean: Double, deviation: Double, count: Int) {
    guard count > 1, deviation >= 0, mean.isFinite, deviation.isFinite else { return nil }
    (self.mean, self.deviation, self.count) = (mean, deviation, count)
  }

  /// Of numbers in any order; the same bits for every order.
  package init?(of values: [Double]) {
    guard let summary = Summary(of: values) else { return nil }
    self.init(summary)
  }

  /// Nil where a summary does not say how far its runs spread, or how many they were.
  package init?(_ summary: Summary) {
    guard let deviation = summary.deviation, let count = summary.count else { return nil }
    self.init(mean: summary.mean, deviation: deviation, count: count)
  }

  /// The squared standard error of the mean.
  var squaredError: Double { deviation * deviation / Double(count) }
  /// n − 1.
  var degrees: Double { Double(count - 1) }
}
