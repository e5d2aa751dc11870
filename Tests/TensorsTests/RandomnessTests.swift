import Expectations
import Tensors
import Testing

@Suite struct RandomnessTests {
  @Test(
    arguments: [
      // Known answers of Random123: counter, key, output.
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func `Philox gives the known answers`(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    let found = philox(SIMD4(counter), key: SIMD2(key))
    #expect((0..<4).map { found[$0] } == expected)
  }

  @Test func `FNV-1a gives the known answers`() {
    #expect(siteHash("") == 0x811c_9dc5)
    #expect(siteHash("a") == 0xe40c_292c)
    #expect(siteHash("foobar") == 0xbf9c_f968)
  }

  @Test func `words are the word of each element`() {
    for (first, count) in [(0, 1), (3, 2), (5, 131), ((1 << 34) - 7, 40), ((1 << 58) - 9, 9)]
      as [(UInt64, Int)]
    {
      let place = Place(seed: 0x1234_5678_9abc_def0, purpose: .data, site: 0xdead_beef, step: 99)
      let single = (0..<UInt64(count)).map { place.word(first + $0) }
      let stated = (0..<UInt64(count)).map {
        Statement.word(
          first + $0, seed: 0x1234_5678_9abc_def0, purpose: Purpose.data.rawValue, site: 0xdead_beef, step: 99
        )
      }
      #expect(single == stated)
      for (name, found) in onEveryProcessor({ place.words(first: first, count: count) }) {
        #expect(found == single, "\(name)")
      }
    }
    #expect(Place(seed: 1, purpose: .data, site: 1, step: 1).words(first: 5, count: 0).isEmpty)
  }

  @Test func `every coordinate of a place matters`() {
    var words: Set<[UInt32]> = []
    var places = 0
    for seed in [0, 1, 1 << 32, .max] as [UInt64] {
      for purpose in Purpose.allCases {
        for site in [0, 1, .max] as [UInt32] {
          for step in [0, 1, .max] as [UInt32] {
            let place = Place(seed: seed, purpose: purpose, site: site, step: step)
            words.insert(place.words(first: 0, count: 4))
            words.insert(place.words(first: 1 << 34, count: 4))
            words.insert(place.words(first: (1 << 58) - 4, count: 4))
            places += 3
          }
        }
      }
    }
    #expect(words.count == places)
  }

  @Test func `purposes have fixed numbers`() {
    #expect(Purpose.allCases.map(\.rawValue) == [1, 2, 3, 4, 5])
    #expect(Purpose.memory.rawValue == 5 && Purpose.initialization.rawValue == 1)
  }

  @Test func `uniform numbers have 53 bits of two words`() {
    let place = Place(seed: 3, purpose: .initialization, site: 5, step: 0)
    var mean = 0.0
    for element in 0..<4000 as Range<UInt64> {
      let u = place.uniform(element)
      let (high, low) = (Double(place.word(2 * element) >> 5), Double(place.word(2 * element + 1) >> 6))
      #expect(u == (high * 0x1p26 + low) * 0x1p-53)
      #expect(u >= 0 && u < 1)
      mean += u / 4000
    }
    // Five standard deviations of the mean.
    #expect(abs(mean - 0.5) < 5 / (12.0 * 4000).squareRoot())
  }

  @Test func `many uniform numbers are those of their elements, wherever they begin`() {
    let place = Place(seed: 5, purpose: .memory, site: 3, step: 9)
    for first in [0, 1, 2, 3, 1 << 40 + 1] as [UInt64] {
      let expected = (0..<37).map { place.uniform(first + $0) }
      #expect(place.uniforms(first: first, count: 37) == expected, "from \(first)")
    }
  }

  @Test(arguments: [1, 2, 3, 6, 10, 1000])
  func `numbers below a bound are uniform`(bound: UInt32) {
    let place = Place(seed: 8, purpose: .data, site: 2, step: 1)
    var counts = [Int](repeating: 0, count: Int(bound))
    let draws = 20_000
    for element in 0..<UInt64(draws) { counts[Int(place.below(bound, element: element))] += 1 }
    let expected = Double(draws) / Double(bound)
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // Mean and six standard deviations of chi-square.
    let freedom = Double(bound) - 1
    #expect(chiSquare <= freedom + 6 * (2 * freedom).squareRoot())
  }

  @Test func `a refused word is replaced by a later one`() {
    let place = Place(seed: 8, purpose: .data, site: 2, step: 1)
    // Nearly half of all words are refused for this bound.
    let bound: UInt32 = 0x8000_0001
    var refused = 0
    for element in 0..<200 as Range<UInt64> {
      var at = element
      func product() -> UInt64 { UInt64(place.word(at)) * UInt64(bound) }
      while product() & 0xffff_ffff < 0x7fff_ffff { at += 1 << 40 }
      if at != element { refused += 1 }
      #expect(place.below(bound, element: element) == UInt32(product() >> 32))
    }
    #expect(refused > 60 && refused < 140)
  }

  @Test(arguments: [0, 1, 2, 7, 1000])
  func `shuffled is a permutation`(count: Int) {
    let order = shuffled(count, at: Place(seed: 1, purpose: .shuffle, site: 2, step: 3))
    #expect(order.sorted() == Array(0..<count))
  }

  @Test func `every order of three is as likely`() {
    var counts: [[Int]: Int] = [:]
    for step in 0..<6000 as Range<UInt32> {
      counts[shuffled(3, at: Place(seed: 1, purpose: .shuffle, site: 2, step: step)), default: 0] += 1
    }
    #expect(counts.count == 6)
    for count in counts.values { #expect(abs(count - 1000) < 150) }
  }
}
