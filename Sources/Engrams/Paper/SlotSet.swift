/// A set of slots: one bit each.
package struct SlotSet: Sendable, Equatable {
  /// Slot s is bit s mod 64 of word s / 64.
  package private(set) var words: [UInt64] = []

  package init() {}

  /// Nobody, with room for so many words.
  init(words: Int) { self.words = Array(repeating: 0, count: words) }

  package mutating func insert(_ slot: Int) {
    while words.count <= slot / 64 { words.append(0) }
    words[slot / 64] |= 1 << UInt64(slot % 64)
  }

  mutating func remove(_ slot: Int) {
    words[slot / 64] &= ~(1 << UInt64(slot % 64))
  }

  func contains(_ slot: Int) -> Bool {
    slot / 64 < words.count && words[slot / 64] >> UInt64(slot % 64) & 1 == 1
  }

  /// The slots below `end`, as a set.
  func below(_ end: Int) -> SlotSet {
    var below = SlotSet()
    below.words = Array(words.prefix((end + 63) / 64))
    if end % 64 != 0 && below.words.count == end / 64 + 1 {
      below.words[end / 64] &= (1 << UInt64(end % 64)) - 1
    }
    return below
  }

  /// The slots of `range`, ascending.
  func slots(in range: Range<Int>) -> [Int] {
    var slots: [Int] = []
    slots.reserveCapacity(range.count)
    for index in wordIndices(of: range) {
      SlotSet.append(word(index, of: range), at: index, to: &slots)
    }
    return slots
  }

  /// How many slots of `range` there are.
  func count(in range: Range<Int>) -> Int {
    var count = 0
    for index in wordIndices(of: range) {
      count += word(index, of: range).nonzeroBitCount
    }
    return count
  }

  /// All slots, ascending.
  package var slots: [Int] {
    var slots: [Int] = []
    slots.reserveCapacity(words.reduce(0) { $0 + $1.nonzeroBitCount })
    for (index, word) in words.enumerated() { SlotSet.append(word, at: index, to: &slots) }
    return slots
  }

  private func wordIndices(of range: Range<Int>) -> Range<Int> {
    let end = min((range.upperBound + 63) / 64, words.count)
    return min(range.lowerBound / 64, end)..<end
  }

  /// A word without what lies outside of `range`.
  private func word(_ index: Int, of range: Range<Int>) -> UInt64 {
    let (first, end) = (range.lowerBound - index * 64, range.upperBound - index * 64)
    let above = first > 0 ? UInt64.max << UInt64(first) : .max
    let below = end < 64 ? (1 << UInt64(end)) - 1 : UInt64.max
    return words[index] & above & below
  }

  private static func append(_ word: UInt64, at index: Int, to slots: inout [Int]) {
    var bits = word
    while bits != 0 {
      slots.append(index * 64 + bits.trailingZeroBitCount)
      bits &= bits - 1
    }
  }

  /// Empties the set into a list, which loses what it held: ascending.
  mutating func move(to slots: inout [Int]) {
    slots.removeAll(keepingCapacity: true)
    for index in words.indices where words[index] != 0 {
      SlotSet.append(words[index], at: index, to: &slots)
      words[index] = 0
    }
  }
}
