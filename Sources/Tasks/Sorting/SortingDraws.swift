import Tensors

/// How the numbers of an example are looked up (nothing is drawn in sequence).
///
/// Every example has 2³¹ draws of 64 bits, at fixed addresses that depend on no setting but `data_seed` and
/// n:
///
///     draw d of example e, split s:  words 2³²·e + 2d (high half) and 2³²·e + 2d + 1 (low half)
///                                    of Place(data_seed, .data, "sorting", step: s)
///     draws 0 ..< n                  starting weights a⁰
///     draws n ..< 2n                 ending weights a¹
///     draw 2n + j                    position j of the prompt
///
/// A word that would make a draw uneven is refused, and looked up again at step s + 4, then s + 8 and so on:
/// so no draw depends on what happened to another.
extension Sorting {
  /// The weights aᵢ of the symbols at the start and at the end of an example's prompt, integers 1 … 9.
  package func weights(_ number: Int, of split: Split) -> (starting: [Int], ending: [Int]) {
    let n = configuration.symbols
    let draws = draws(of: number, split)
    var weights: [Int] = []
    draws.forEach(0..<(2 * n)) { word in
      let (weight, rest) = word.multipliedFullWidth(by: 9)
      guard rest >= refusals(below: 9) else { return false }
      weights.append(Int(weight) + 1)
      return true
    }
    return (Array(weights[..<n]), Array(weights[n...]))
  }

  /// The numbers before the separator.
  package func prompt(_ number: Int, of split: Split) -> [Int32] {
    let (n, L) = (configuration.symbols, configuration.length)
    let weights = weights(number, of: split)
    let drift = Drift(from: weights.starting, to: weights.ending, length: L)
    let draws = draws(of: number, split)
    var prompt: [Int32] = []
    prompt.reserveCapacity(L)
    draws.forEach((2 * n)..<(2 * n + L)) { word in
      guard let symbol = drift.symbol(at: prompt.count, word) else { return false }
      prompt.append(symbol)
      return true
    }
    return prompt
  }

  private func draws(of number: Int, _ split: Split) -> Draws {
    require(
      (0..<count(of: split)).contains(number),
      "there is no example \(number) in a \(split.rawValue) split of \(count(of: split))")
    return Draws(seed: UInt64(configuration.dataSeed), split: split, example: UInt64(number))
  }
}

/// The 64-bit numbers of one example.
private struct Draws {
  private static let site = siteHash(Sorting.name)

  let seed: UInt64
  let split: Split
  let example: UInt64

  private func place(attempt: UInt32) -> Place {
    Place(seed: seed, purpose: .data, site: Draws.site, step: split.step + 4 * attempt)
  }

  private func element(_ draw: Int) -> UInt64 { example << 32 + 2 * UInt64(draw) }

  /// Hands `use` one number for each draw, in order; another one for the same draw whenever it answers false.
  @inline(__always)
  func forEach(_ draws: Range<Int>, _ use: (UInt64) -> Bool) {
    // In pieces, so that the words of a long prompt stay in the nearest cache.
    for first in stride(from: draws.lowerBound, to: draws.upperBound, by: 1024) {
      let count = min(1024, draws.upperBound - first)
      let words = place(attempt: 0).words(first: element(first), count: 2 * count)
      for draw in 0..<count {
        var number = UInt64(words[2 * draw]) << 32 | UInt64(words[2 * draw + 1])
        var attempt: UInt32 = 0
        while !use(number) {
          attempt += 1
          let retry = place(attempt: attempt).words(first: element(first + draw), count: 2)
          number = UInt64(retry[0]) << 32 | UInt64(retry[1])
        }
      }
    }
  }
}

/// 2⁶⁴ mod `bound`: how many of the 2⁶⁴ words must be refused for the others to fall evenly below `bound`.
///
/// A word w is taken as the number ⌊w·bound / 2⁶⁴⌋ and refused where the rest of that division is smaller
/// than this (Lemire, 2019).
func refusals(below bound: UInt64) -> UInt64 { (0 &- bound) % bound }
