package import Tensors

/// What sizes the sorting task can have, and why.
extension Sorting {
  /// The largest vocabulary any model here is given.
  private static let greatestSymbols = 60_000

  /// Every example of a split has an address of its own.
  private static let greatestCount = 1 << 26

  /// The longest prompt whose draws are all addressable and exact.
  ///
  /// Up to 2³⁰ symbols, the draws of an example never reach the numbers of the next one. A draw is a number
  /// below L·Σa⁰·Σa¹ ≤ L·(9n)²; kept under 2⁵⁶, fewer than one in 256 of the 64-bit words is refused.
  private static func greatestLength(symbols: Int) -> Int {
    let weight = 9 * symbols
    return min(1 << 30, (1 << 56) / (weight * weight))
  }

  package static func complaints(about configuration: Configuration) -> [Complaint] {
    // The bound on the length depends on the symbols, and means nothing where they are impossible.
    let symbols = min(max(configuration.symbols, 2), greatestSymbols)
    let checks: [(key: String, value: Int, possible: ClosedRange<Int>, counts: String)] = [
      ("symbols", configuration.symbols, 2...greatestSymbols, "the different numbers to sort"),
      (
        "length", configuration.length, 1...greatestLength(symbols: symbols),
        "the numbers before the separator (of \(symbols) symbols)"
      ),
      ("segment_length", configuration.segmentLength, 1...Int.max, "the tokens read at once"),
      ("examples", configuration.examples, 1...greatestCount, "the examples for training"),
      (
        "validation_examples", configuration.validationExamples, 1...greatestCount,
        "the examples for validation"
      ),
      ("test_examples", configuration.testExamples, 1...greatestCount, "the examples for the test"),
      ("data_seed", configuration.dataSeed, 0...Int.max, "the seed of the data"),
    ]
    return checks.filter { !$0.possible.contains($0.value) }.map { check in
      let bound =
        check.value < check.possible.lowerBound
        ? "at least \(check.possible.lowerBound)" : "at most \(check.possible.upperBound)"
      return Complaint(check.key, "\(check.key) is \(check.value): \(check.counts) must be \(bound)")
    }
  }
}
