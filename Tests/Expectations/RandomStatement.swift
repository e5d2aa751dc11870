/// Philox4x32, one counter after another.
extension Statement {
  /// Four random words for a counter and a key. The kernels make ten rounds.
  package static func philox(_ counter: [UInt32], key: [UInt32], rounds: Int) -> [UInt32] {
    var (c, k) = (counter, key)
    for _ in 0..<rounds {
      let first = c[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = c[2].multipliedFullWidth(by: 0xCD9E_8D57)
      c = [second.high ^ c[1] ^ k[0], second.low, first.high ^ c[3] ^ k[1], first.low]
      k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
  }

  /// The random word of one element of a place.
  package static func word(
    _ element: UInt64, seed: UInt64, purpose: UInt32, site: UInt32, step: UInt32
  ) -> UInt32 {
    let block = element / 4
    let counter = [
      UInt32(truncatingIfNeeded: block), purpose << 24 | UInt32(truncatingIfNeeded: block >> 32) & 0xff_ffff,
      step, site,
    ]
    let key = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
    return philox(counter, key: key, rounds: 10)[Int(element % 4)]
  }
}
