/// Several sets of slots, one after another, each of so many words.
package struct SlotSets: Sendable {
  /// What is stored may be more than the sets need.
  var words: [UInt64] = []
  private(set) var width = 0

  package init() {}

  /// Makes the sets that follow `width` words wide. Those before lose their meaning.
  mutating func widen(to width: Int) { self.width = width }

  /// Puts other slots, of no more words, in the place of a set.
  mutating func replace(_ set: Int, by slots: SlotSet) {
    for word in 0..<width { words[set * width + word] = word < slots.words.count ? slots.words[word] : 0 }
  }

  /// How many slots a set has.
  package func count(of set: Int) -> Int {
    var count = 0
    for index in set * width..<(set + 1) * width { count += words[index].nonzeroBitCount }
    return count
  }

  /// The slots of a set, ascending.
  package func slots(of set: Int) -> [Int] { (0..<count(of: set)).compactMap { slot($0, of: set) } }

  /// The slot of a set that `place` others of it come before.
  package func slot(_ place: Int, of set: Int) -> Int? {
    var before = place
    for word in 0..<width {
      var bits = words[set * width + word]
      let here = bits.nonzeroBitCount
      guard before < here else {
        before -= here
        continue
      }
      for _ in 0..<before { bits &= bits - 1 }
      return word * 64 + bits.trailingZeroBitCount
    }
    return nil
  }
}
