import Tensors

/// What a predictor scores that counts perfectly within its reach, and knows nothing of order or drift.
///
/// It answers with the symbol of the largest count among those not yet named (teacher forcing tells which),
/// and with one at random among equals. Its expected accuracy is computed, not sampled:
///
///     Σ over labels of [the true symbol is among the best] / (how many are best)  ÷  labels
extension Sorting {
  /// How far back an oracle sees.
  package enum Reach: Sendable, Equatable {
    /// The segment in which it answers, and k-1 segments' length before it.
    case segments(Double)

    /// So many tokens before the one it answers at.
    case tokens(Int)

    /// The whole prompt.
    case everything
  }

  /// H_n/n, the accuracy of guessing among the symbols not yet named: (1/n + 1/(n-1) + … + 1)/n.
  package static func chanceFloor(symbols: Int) -> Double {
    (1...symbols).reduce(0) { $0 + 1 / Double($1) } / Double(symbols)
  }

  /// The accuracy of the oracles of the given reaches over a split.
  package func countOracles(_ reaches: [Reach], on split: Split) -> [Double] {
    var expected = Array(repeating: 0.0, count: reaches.count)
    for number in 0..<count(of: split) {
      let prompt = prompt(number, of: split)
      let target = Sorting.target(of: prompt, symbols: configuration.symbols)
      for (index, reach) in reaches.enumerated() { expected[index] += expectedRight(prompt, target, reach) }
    }
    let labels = Double(count(of: split)) * Double(configuration.symbols)
    return expected.map { $0 / labels }
  }

  package static func baselines(_ configuration: Configuration) -> [(name: String, accuracy: Double)] {
    let accuracies = Sorting(configuration).countOracles([.segments(1), .everything], on: .test)
    return [
      ("chance-floor", chanceFloor(symbols: configuration.symbols)),
      ("memoryless-count-oracle", accuracies[0]),
      ("perfect-count-oracle", accuracies[1]),
    ]
  }

  package static func reachOracle(_ configuration: Configuration, tokens: Int) -> Double {
    Sorting(configuration).countOracles([.tokens(tokens)], on: .test)[0]
  }

  /// The labels an oracle is expected to have right in one example.
  private func expectedRight(_ prompt: [Int32], _ target: [Int32], _ reach: Reach) -> Double {
    var right = 0.0
    var ranking = Ranking(symbols: configuration.symbols, seen: [])
    var seenFrom: Int?
    for (index, symbol) in target.enumerated() {
      // Labels that straddle segments are answered from segments of their own, and a window of tokens moves along.
      let first = min(firstSeen(from: configuration.length + index, reach), prompt.count)
      if first != seenFrom {
        ranking = Ranking(symbols: configuration.symbols, seen: prompt[first...])
        for named in target[..<index] { ranking.remove(named) }
        seenFrom = first
      }
      right += ranking.probability(of: symbol)
      ranking.remove(symbol)
    }
    return right
  }

  /// The first position that is seen when answering at `position`.
  private func firstSeen(from position: Int, _ reach: Reach) -> Int {
    switch reach {
    case .everything: return 0
    case .tokens(let count):
      require(count >= 0, "an oracle cannot see \(count) tokens: it needs 0 or more")
      return max(0, position - count)
    case .segments(let k):
      require(k >= 1, "an oracle cannot see \(k) segments: it needs at least 1")
      let before = min(Double(position), (k - 1) * Double(segmentLength))
      return max(0, segmentation.segment(holding: position) * segmentLength - Int(before))
    }
  }
}

/// Symbols not yet named, by how often they were seen. Removing only lowers the best count, so a whole
/// example costs no more than its symbols and its largest count.
private struct Ranking {
  private var counts: [Int]
  /// How many of the symbols not yet named were seen so often.
  private var holders: [Int]
  private var best: Int

  init(symbols: Int, seen: ArraySlice<Int32>) {
    counts = Array(repeating: 0, count: symbols)
    for symbol in seen { counts[Int(symbol)] += 1 }
    best = counts.max() ?? 0
    holders = Array(repeating: 0, count: best + 1)
    for count in counts { holders[count] += 1 }
  }

  func probability(of symbol: Int32) -> Double {
    counts[Int(symbol)] == best ? 1 / Double(holders[best]) : 0
  }

  mutating func remove(_ symbol: Int32) {
    holders[counts[Int(symbol)]] -= 1
    while best > 0 && holders[best] == 0 { best -= 1 }
  }
}
