import Tasks
import Testing

/// The bits of the data. When they change, every stored result of the task means something else: raise
/// `Sorting.semantics` with them.
///
/// The values come from a second statement of the generator in Python, whose integers have no bounds and whose
/// `Counter.most_common` is the order of the published data.
@Suite struct SortingGolden {
  /// FNV-1a (64 bit) of the numbers' bytes, the low byte first.
  static func digest(_ numbers: [Int32]) -> UInt64 {
    numbers.reduce(0xCBF2_9CE4_8422_2325) { digest, number in
      (0..<4).reduce(digest) { digest, byte in
        (digest ^ UInt64(UInt32(bitPattern: number) >> (8 * UInt32(byte)) & 255)) &* 0x100_0000_01B3
      }
    }
  }

  @Test func `the digest is FNV-1a`() {
    // Of the bytes "foob".
    #expect(Self.digest([0x626F_6F66]) == 0xDD12_0E79_0C25_12AF)
  }

  @Test func `a short example, symbol by symbol`() {
    let example = sorting(symbols: 4, length: 12).example(0, of: .train)
    #expect(example.tokens == [2, 1, 3, 3, 3, 3, 3, 2, 2, 3, 1, 3, 4, 3, 2, 1])
    #expect(example.labels == Array(repeating: -100, count: 12) + [3, 2, 1, 0])
  }

  @Test(arguments: [
    (8, 55, Split.train, 0, 0x1879_8A4C_FC74_5170 as UInt64),
    (8, 247, .validation, 1, 0xA19C_9151_0727_FBD2),
    (8, 503, .test, 99, 0xFCA2_F9C5_0DDF_CBB2),
    (20, 4000, .train, 79_999, 0xC0D8_C83C_322D_2525),
    (20, 48_000, .test, 0, 0x1035_548F_A08F_D4CD),
  ])
  func `examples keep their bits`(symbols: Int, length: Int, split: Split, number: Int, digest: UInt64) {
    let task = sorting(symbols: symbols, length: length, examples: 80_000, dataSeed: 42)
    let example = task.example(number, of: split)
    #expect(Self.digest(example.tokens + example.labels) == digest)
  }

  @Test func `these are the bits of semantics 1`() {
    #expect(Sorting.semantics == 1)
  }
}
