/// Numbers without order, always the same: which bits flip (Vigna, SplitMix64).
package struct Scrambler: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// The same bytes with one bit turned over, and which.
  package mutating func flip<Bytes: MutableCollection>(_ bytes: Bytes) -> (bytes: Bytes, bit: Int)
  where Bytes.Element == UInt8, Bytes.Index == Int {
    var bytes = bytes
    let bit = Int(next() % UInt64(bytes.count * 8))
    bytes[bytes.startIndex + bit / 8] ^= 1 << (bit % 8)
    return (bytes, bit)
  }
}
