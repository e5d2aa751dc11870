import Tensors

/// Which rows are in the batch and where their randomness is looked up.
package struct Occasion: Sendable {
  package let seed: UInt64
  /// The optimizer's step; in evaluation whatever the caller looks its other numbers up with.
  package let step: UInt32
  package let segment: Int
  /// For each row of the batch, the number of its example in the data.
  package let examples: [Int]

  package init(seed: UInt64, step: UInt32, segment: Int, examples: [Int]) {
    self.seed = seed
    self.step = step
    self.segment = segment
    self.examples = examples
  }

  /// Uniform in 0 ..< `count`: which of the equals an engram of a row prefers.
  ///
  ///     place     seed, purpose memory, site "engrams", step
  ///     element   ((example · 256 + segment) mod 2²⁶) · 2¹⁴ + engram mod 2¹⁴
  ///
  /// Forty bits, because a place needs the rest for further tries. Nothing repeats within a segment of a row. Beyond
  /// 262,144 examples or 256 segments two distant engrams share a number, which correlates two of many tie breaks.
  func choice(_ count: Int, row: Int, engram: Int32) -> Int {
    let document = (UInt64(examples[row]) &* 256 &+ UInt64(segment)) & 0x3FF_FFFF
    let place = Place(seed: seed, purpose: .memory, site: Occasion.site, step: step)
    return Int(place.below(UInt32(count), element: document << 14 | UInt64(engram) & 0x3FFF))
  }

  private static let site = siteHash("engrams")
}

/// What decides between equals when a short-term engram looks for its first long-term one.
package enum TieBreak {
  /// Looked up by address: what every run does.
  case addressed(Occasion)
  /// Numbers in [0, 1) for each row, short-term column and slot, `[B, nS, M]` flat; the largest among the equals
  /// wins. For replaying a released package, whose stream of random numbers cannot be addressed.
  case injected([Float])
}
