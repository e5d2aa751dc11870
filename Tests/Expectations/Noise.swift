/// Numbers from −1 to 1 without a pattern, the same each time.
package func plainNoise(_ count: Int, seed: UInt64 = 1) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15
  return (0..<count).map { _ in
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Float(Int32(truncatingIfNeeded: z >> 20)) * 0x1p-31
  }
}

/// Sizes on both sides of every edge of lanes, tiles, folds and chunks.
package let edgeSizes = [
  1, 2, 3, 5, 7, 8, 12, 13, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 100, 255, 256, 257, 300,
]
