import CKernels
import Expectations
import Testing

@Suite struct CompanyTests {
  /// Random numbers of whole words (SplitMix64).
  private struct Bits: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
  }

  /// Who was there when: sets, and the bits of both ways of keeping them.
  private struct Attendance {
    var times: [Set<Int>]
    let timeWords, presentWords: Int
    var timeBits, presentBits: [UInt64]

    init(_ slots: Int, times T: Int, oneIn rarity: Int, _ bits: inout Bits) {
      (timeWords, presentWords) = ((T + 63) / 64, (slots + 63) / 64)
      times = Array(repeating: [], count: slots)
      timeBits = Array(repeating: 0, count: slots * timeWords)
      presentBits = Array(repeating: 0, count: T * presentWords)
      for s in 0..<slots {
        for t in 0..<T where Int.random(in: 0..<rarity, using: &bits) == 0 {
          times[s].insert(t)
          timeBits[s * timeWords + t / 64] |= 1 << UInt64(t % 64)
          presentBits[t * presentWords + s / 64] |= 1 << UInt64(s % 64)
        }
      }
    }
  }

  /// Words at, below and above a block of eight; times below and above a word; from hardly ever to always there.
  @Test(arguments: [1, 63, 64, 65, 130, 500, 512, 513, 1024, 1100], [1, 7, 64, 65, 200])
  func `who was there most often is who a count of sets finds`(slots: Int, times: Int) {
    var bits = Bits(state: UInt64(slots * 1000 + times))
    for rarity in [1, 2, 5, 40] {
      let attendance = Attendance(slots, times: times, oneIn: rarity, &bits)
      let candidates = (0..<slots).filter { _ in Int.random(in: 0..<3, using: &bits) > 0 }
      // As many words as the candidates need, which may be fewer than there are.
      var words = [UInt64](repeating: 0, count: ((candidates.last ?? 0) + 64) / 64)
      for slot in candidates { words[slot / 64] |= 1 << UInt64(slot % 64) }
      let asking = (0..<min(slots, 6)).map { _ in Int.random(in: 0..<slots, using: &bits) }
      let expected = asking.map {
        Statement.mostTogether(with: $0, times: attendance.times, among: candidates)
      }
      for set in InstructionSet.here {
        let memory = GuardedMemory()
        let out = memory.holding([UInt64](repeating: .max, count: asking.count * words.count))
        set.kernels.most_together(
          out, memory.holding(asking), asking.count, memory.holding(attendance.timeBits),
          attendance.timeWords, memory.holding(attendance.presentBits), times, attendance.presentWords,
          memory.holding(words), words.count)
        let found = memory.contents(out, asking.count * words.count)
        for (place, slots) in expected.enumerated() {
          let row = found[place * words.count..<(place + 1) * words.count]
          let ahead = row.enumerated().flatMap { word, bits in
            (0..<64).filter { bits >> UInt64($0) & 1 == 1 }.map { 64 * word + $0 }
          }
          if ahead != slots {
            Issue.record("\(set.name), one in \(rarity), asking \(asking[place]): \(ahead), not \(slots)")
          }
        }
      }
    }
  }

  @Test func `times that nobody kept are not looked up`() {
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let out = memory.holding([UInt64](repeating: .max, count: 1))
      set.kernels.most_together(
        out, memory.holding([0]), 1, memory.holding([UInt64.max]), 1, memory.holding([0b110, 0b100]), 2, 1,
        memory.holding([UInt64(0b111)]), 1)
      #expect(out[0] == 0b100, "\(set.name)")
    }
  }
}
