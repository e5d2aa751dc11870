import Tasks
import Testing

@Suite struct Drifts {
  /// The smallest word w with ⌊w·total / 2⁶⁴⌋ = u.
  static func word(_ u: UInt64, of total: UInt64) -> UInt64 {
    let (quotient, rest) = total.dividingFullWidth((u, 0))
    return quotient + (rest == 0 ? 0 : 1)
  }

  @Test(arguments: [
    ([1, 9], [4, 2], 3), ([1, 1], [9, 9], 1), ([5, 1, 3, 7], [2, 2, 8, 1], 5), ([0, 3], [4, 0], 2),
  ])
  func `every symbol has exactly its share of the words, at every position`(
    starting: [Int], ending: [Int], length: Int
  ) throws {
    let drift = Drift(from: starting, to: ending, length: length)
    let (start, end) = (starting.reduce(0, +), ending.reduce(0, +))
    let total = length * start * end
    for position in 0..<length {
      var shares = Array(repeating: 0, count: starting.count)
      for u in 0..<total {
        // The first word of a number may be refused; the one after it never is.
        let first = Self.word(UInt64(u), of: UInt64(total))
        let symbol = try #require(drift.symbol(at: position, first) ?? drift.symbol(at: position, first + 1))
        shares[Int(symbol)] += 1
      }
      let exact = zip(starting, ending).map {
        (length - position - 1) * $0 * end + (position + 1) * $1 * start
      }
      #expect(shares == exact)
    }
  }

  @Test func `as many words are refused as do not divide evenly`() {
    // 2⁶⁴ mod 3 = 1: of three numbers, one has a word too many, its first.
    let drift = Drift(from: [1], to: [1], length: 3)
    #expect(drift.symbol(at: 0, 0) == nil)
    #expect(drift.symbol(at: 0, 1) == 0)
    #expect(drift.symbol(at: 0, Self.word(1, of: 3)) == 0)
    #expect(drift.symbol(at: 0, Self.word(2, of: 3)) == 0)
    #expect(drift.symbol(at: 0, .max) == 0)
  }

  @Test func `a drift that 64 bits cannot hold stops the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = Drift(from: [1 << 20], to: [1 << 20], length: 1 << 30)
    }
    await #expect(processExitsWith: .failure) { _ = Drift(from: [0, 0], to: [1, 1], length: 2) }
    await #expect(processExitsWith: .failure) { _ = Drift(from: [1], to: [1, 1], length: 2) }
  }
}
