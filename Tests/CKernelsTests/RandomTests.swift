import CKernels
import Expectations
import Testing

@Suite struct Randomness {
  private func words(_ set: InstructionSet, _ place: random_place, first: UInt64, count: Int) -> [UInt32] {
    let memory = GuardedMemory()
    let out = memory.holding([UInt32](repeating: 0, count: count))
    var place = place
    set.kernels.random_words(out, &place, first, count)
    return memory.contents(out, count)
  }

  /// Known answers of Random123 (tests/kat_vectors), philox4x32-10.
  @Test(arguments: InstructionSet.here)
  func `the published answers come out`(set: InstructionSet) {
    let zeros = random_place(key: (0, 0), site: 0, step: 0, purpose: 0)
    #expect(words(set, zeros, first: 0, count: 4) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let ones = random_place(key: (.max, .max), site: .max, step: .max, purpose: 255)
    #expect(
      words(set, ones, first: (1 << 56 - 1) * 4, count: 4) == [
        0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd,
      ])
    let pi = random_place(
      key: (0xa409_3822, 0x299f_31d0), site: 0x0370_7344, step: 0x1319_8a2e, purpose: 0x85)
    #expect(
      words(set, pi, first: 0xa3_08d3_243f_6a88 * 4, count: 4)
        == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  /// Those of philox4x32-7 and -10 for the statement, which is what kernels are compared with.
  @Test func `the published answers come out of the statement, after seven rounds as after ten`() {
    let inputs: [([UInt32], [UInt32])] = [
      ([0, 0, 0, 0], [0, 0]), ([.max, .max, .max, .max], [.max, .max]),
      ([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
    ]
    func words(_ rounds: Int) -> [[UInt32]] {
      inputs.map { Statement.philox($0, key: $1, rounds: rounds) }
    }
    #expect(
      words(7) == [
        [0x5f6f_b709, 0x0d89_3f64, 0x4f12_1f81, 0x4f73_0a48],
        [0x5207_ddc2, 0x4516_5e59, 0x4d8e_e751, 0x8c52_f662],
        [0x4dfc_caba, 0x190a_87f0, 0xc473_62ba, 0xb6b5_242a],
      ])
    #expect(
      words(10) == [
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
      ])
  }

  /// C++26 says that the 10,000th number of a `std::philox4x32` with its usual seed is this one.
  @Test(arguments: InstructionSet.here)
  func `the ten thousandth number is that of the C++ standard`(set: InstructionSet) {
    let usual = random_place(key: (20_111_115, 0), site: 0, step: 0, purpose: 0)
    #expect(words(set, usual, first: 9_999, count: 1) == [1_955_073_260])
  }

  private static let place = random_place(key: (0x89ab_cdef, 0x0123_4567), site: 77, step: 3, purpose: 2)

  private func expected(_ element: UInt64) -> UInt32 {
    Statement.word(element, seed: 0x0123_4567_89ab_cdef, purpose: 2, site: 77, step: 3)
  }

  @Test(arguments: [0, 1, 2, 3, 1021, 1 << 32 - 9, 1 << 34 - 30, 1 << 34 + 2, 1 << 58 - 400] as [UInt64])
  func `words are found by element, wherever one begins`(first: UInt64) {
    for count in edgeSizes + [511, 513, 1500] where first + UInt64(count) <= 1 << 58 {
      let expected = (0..<UInt64(count)).map { self.expected(first + $0) }
      for set in InstructionSet.here {
        #expect(words(set, Self.place, first: first, count: count) == expected, "\(set.name) \(count)")
      }
    }
  }

  @Test(arguments: [0, 1, 3, 1 << 34 - 30] as [UInt64], [0, 0x8000_0000, 0xe666_6666, .max] as [UInt32])
  func `dropout keeps what is below the threshold`(first: UInt64, threshold: UInt32) {
    for count in edgeSizes + [513, 1500] {
      let x = plainNoise(count)
      let expected = x.indices.map { self.expected(first + UInt64($0)) < threshold ? 1.25 * x[$0] : 0 }
      for set in InstructionSet.here {
        let found = results(count) { memory, out in
          withUnsafePointer(to: Self.place) { place in
            var mask = dropout_mask(place: place, first_element: first, threshold: threshold, scale: 1.25)
            set.kernels.dropout(out, memory.holding(x), &mask, count)
          }
        }
        expectSameBits(found, expected, "\(set.name) \(count)")
      }
    }
  }

  @Test(arguments: InstructionSet.here)
  func `no place means no dropout`(set: InstructionSet) {
    let x = plainNoise(37)
    let found = results(37) { memory, out in
      var mask = dropout_mask(place: nil, first_element: 0, threshold: 0, scale: 9)
      set.kernels.dropout(out, memory.holding(x), &mask, 37)
    }
    #expect(found == x)
  }
}
