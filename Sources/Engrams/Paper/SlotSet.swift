/// A set of slots: one bit each.
package struct SlotSet: Sendable, Equatable {
  /// Slot s is bit s mod 64 of word s / 64.
  package private(set) var words: [UInt64] = []

  package init() {}

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
    range.filter { contains($0) }
  }

  /// All slots, ascending.
  package var slots: [Int] {
    var slots: [Int] = []
    for (index, word) in words.enumerated() {
      var bits = word
      while bits != 0 {
        slots.append(index * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
    return slots
  }

  /// The smallest slot.
  var first: Int? {
    words.firstIndex { $0 != 0 }.map { $0 * 64 + words[$0].trailingZeroBitCount }
  }

  /// Keeps what is also in the words of another set that start at `start`; whether anything would remain decides.
  mutating func narrow(to others: [UInt64], from start: Int) -> Bool {
    var remains = false
    for index in words.indices where words[index] & others[start + index] != 0 {
      remains = true
      break
    }
    guard remains else { return false }
    for index in words.indices { words[index] &= others[start + index] }
    return true
  }
}
