import Tensors

/// A distribution over symbols that becomes another one, step by step, in whole numbers only.
///
/// At position j = 0 … L-1, with r = (j+1)/L,
///
///     p = (1-r)·a⁰/S⁰ + r·a¹/S¹        S = Σ aᵢ
///       ∝ (L-j-1)·a⁰ᵢ·S¹ + (j+1)·a¹ᵢ·S⁰        which sums to L·S⁰·S¹
///
/// so one whole number u below L·S⁰·S¹ decides a symbol, and no rounding does. Which numbers belong to which
/// symbol is free, if only their count is right. Read as u = (v·S⁰ + s⁰)·S¹ + s¹, it names a turn v < L and a
/// unit of weight in each distribution: the ending distribution's unit decides where v ≥ L-j-1, the starting
/// one's elsewhere. That is one table look-up, where cumulated weights would need n sums at every position.
package struct Drift: Sendable {
  /// The symbol that owns each unit of weight.
  private let starting: [Int32]
  private let ending: [Int32]

  private let length: UInt64
  private let refused: UInt64

  /// A drift over `length` positions between two lists of weights, one a symbol. L·S⁰·S¹ must stay below 2⁶⁴.
  package init(from starting: [Int], to ending: [Int], length: Int) {
    require(length >= 1, "a drift over \(length) positions goes nowhere: it needs at least 1")
    require(
      starting.count == ending.count,
      "a drift from \(starting.count) symbols to \(ending.count) is none: both need the same number")
    self.starting = Drift.units(of: starting)
    self.ending = Drift.units(of: ending)
    self.length = UInt64(length)
    let pairs = UInt64(self.starting.count) * UInt64(self.ending.count)
    let (total, isTooLarge) = pairs.multipliedReportingOverflow(by: UInt64(length))
    require(
      pairs > 0 && !isTooLarge,
      "a drift over \(length) positions between distributions of \(self.starting.count) and "
        + "\(self.ending.count) units cannot be exact in 64 bits")
    refused = refusals(below: total)
  }

  private static func units(of weights: [Int]) -> [Int32] {
    var units: [Int32] = []
    for (symbol, weight) in weights.enumerated() {
      require(weight >= 0, "symbol \(symbol) has the weight \(weight): weights are at least 0")
      units.append(contentsOf: repeatElement(Int32(symbol), count: weight))
    }
    return units
  }

  /// The symbol that a word of 64 random bits gives at `position`; nil where the word must be refused.
  @inline(__always)
  package func symbol(at position: Int, _ word: UInt64) -> Int32? {
    // The digits of u = ⌊word · L·S⁰·S¹ / 2⁶⁴⌋, highest first, without ever dividing: each product's high
    // half is a digit and its low half what is left of the word.
    let (turn, afterTurn) = word.multipliedFullWidth(by: length)
    let (start, afterStart) = afterTurn.multipliedFullWidth(by: UInt64(starting.count))
    let (end, rest) = afterStart.multipliedFullWidth(by: UInt64(ending.count))
    guard rest >= refused else { return nil }
    return turn + UInt64(position) + 1 >= length ? ending[Int(end)] : starting[Int(start)]
  }
}
