import Tensors

/// Frequency sorting: read numbers for a long while, then name them all, the most frequent first.
///
///     tokens   x₀ x₁ …  x_{L-1}   |   y₀ y₁ … y_{n-2}        L + n positions
///     labels    –  –  …     –     y₀  y₁ y₂ … y_{n-1}        n of them count
///
/// There are n symbols 0 ..< n and the separator n, written | above. The probabilities of the symbols drift
/// from one random distribution to another while they are drawn (`Drift`), so no part of the prompt stands
/// for the whole. The target y lists symbols by count, descending; equal counts in order of first occurrence;
/// symbols that never occur last, ascending. Task of the ∞-former, in the form of Memoria's experiments
/// (§4.1).
///
/// L is a setting and the number of segments is derived: ⌈(L + n) / S⌉. The published lengths are 1000·2^k,
/// and are no multiples of S.
package struct Sorting: LearningTask {
  /// The settings under `task.`.
  package struct Configuration: Codable, Sendable, Equatable {
    /// n: how many different numbers there are.
    package var symbols: Int

    /// L: numbers in the prompt, before the separator.
    package var length: Int

    /// S: tokens in a segment.
    package var segmentLength: Int

    /// Examples for training.
    package var examples: Int

    package var validationExamples: Int
    package var testExamples: Int

    /// Names the data of all splits, independently of a run's seed.
    package var dataSeed: Int

    package init(
      symbols: Int, length: Int, segmentLength: Int, examples: Int, validationExamples: Int,
      testExamples: Int,
      dataSeed: Int
    ) {
      self.symbols = symbols
      self.length = length
      self.segmentLength = segmentLength
      self.examples = examples
      self.validationExamples = validationExamples
      self.testExamples = testExamples
      self.dataSeed = dataSeed
    }
  }

  package static let name = "sorting"
  package static let semantics = 1

  package let configuration: Configuration

  package init(_ configuration: Configuration) {
    let complaints = Sorting.complaints(about: configuration)
    require(complaints.isEmpty, "\(Sorting.name): \(complaints.map(\.sentence).joined(separator: "; "))")
    self.configuration = configuration
  }

  package var vocabulary: Int { configuration.symbols + 1 }
  package var positions: Int { configuration.length + configuration.symbols }
  package var segmentLength: Int { configuration.segmentLength }

  /// The token between prompt and target.
  package var separator: Int32 { Int32(configuration.symbols) }

  package static func words(_ configuration: Configuration) -> String {
    let (n, L) = (configuration.symbols, configuration.length)
    return
      "read \(L) symbols of \(n), whose frequencies drift, and a separator, then name all \(n), the most frequent "
      + "first: \(L) + 1 + \(n) - 1 = \(L + n) tokens"
  }

  package static func derived(_ configuration: Configuration) -> [(key: String, value: Int)] {
    let segmentation = Sorting(configuration).segmentation
    return [("segments", segmentation.count), ("last_segment_length", segmentation.lastLength)]
  }

  package func count(of split: Split) -> Int {
    switch split {
    case .train: configuration.examples
    case .validation: configuration.validationExamples
    case .test: configuration.testExamples
    }
  }

  package func example(_ number: Int, of split: Split) -> Example {
    let prompt = prompt(number, of: split)
    let target = Sorting.target(of: prompt, symbols: configuration.symbols)
    return Example(
      tokens: prompt + [separator] + target.dropLast(),
      labels: Array(repeating: Example.noLabel, count: configuration.length) + target)
  }

  /// The symbols 0 ..< `symbols` by their count in `prompt`, descending; equal counts in order of first
  /// occurrence; absent symbols last, ascending.
  package static func target(of prompt: [Int32], symbols: Int) -> [Int32] {
    var count = Array(repeating: 0, count: symbols)
    // Where a symbol is first seen. Absent ones, which count 0 keeps apart, are ordered by their ids.
    var first = Array(0..<symbols)
    for (position, token) in prompt.enumerated() {
      let symbol = Int(token)
      if count[symbol] == 0 { first[symbol] = position }
      count[symbol] += 1
    }
    let order = (0..<symbols).sorted {
      count[$0] == count[$1] ? first[$0] < first[$1] : count[$0] > count[$1]
    }
    return order.map { Int32($0) }
  }
}
