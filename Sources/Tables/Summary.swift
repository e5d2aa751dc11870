/// What some runs of one cell amount to.
package struct Summary: Sendable, Equatable {
  /// Of the finished runs, or as published.
  package let mean: Double
  package let median: Double?
  /// The sample standard deviation √(Σ (x − mean)² / (n − 1)); unknown for one run.
  package let deviation: Double?
  /// How many numbers were averaged; a published number may not say.
  package let count: Int?

  package init(mean: Double, median: Double?, deviation: Double?, count: Int?) {
    self.mean = mean
    self.median = median
    self.deviation = deviation
    self.count = count
  }

  /// The summary of `values`, nil if there are none. It does not depend on their order.
  package init?(of values: [Double]) {
    guard let smallest = values.min(), let largest = values.max() else { return nil }
    let ordered = values.sorted()
    let n = ordered.count
    let middle = n / 2
    median = n % 2 == 1 ? ordered[middle] : ordered[middle - 1] / 2 + ordered[middle] / 2
    count = n
    // Equal numbers have exactly their own value as mean, whatever a division would leave.
    guard smallest < largest else {
      mean = smallest
      deviation = n > 1 ? 0 : nil
      return
    }
    let mean = total(ordered) / Double(n)
    self.mean = mean
    deviation = (total(ordered.map { ($0 - mean) * ($0 - mean) }) / Double(n - 1)).squareRoot()
  }

  /// Whether several runs gave the same number.
  package var isIdentical: Bool { deviation == 0 && (count ?? 0) > 1 }
}

/// Σ values, with the rounding errors of the additions carried along (Neumaier).
private func total(_ values: [Double]) -> Double {
  var sum = 0.0
  var lost = 0.0
  for value in values {
    let next = sum + value
    lost += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
    sum = next
  }
  return sum + lost
}
