import Expectations
import Tensors
import Testing

@Suite struct UnfoldingTests {
  @Test(arguments: [(1, 1, 1), (2, 2, 3), (3, 5, 4), (2, 700, 33)])
  func `every position stands between its neighbours`(sizes: (B: Int, M: Int, D: Int)) {
    let (B, M, D) = sizes
    let values = plainNoise(B * M * D, seed: 4)
    var expected: [Float] = []
    for b in 0..<B {
      for m in 0..<M {
        for neighbour in [m - 1, m, m + 1] {
          let start = (b * M + neighbour) * D
          expected +=
            (0..<M).contains(neighbour) ? Array(values[start..<start + D]) : [Float](repeating: 0, count: D)
        }
      }
    }
    let x = Tensor([B, M, D], values)
    for (name, found) in onEveryProcessor({ x.withNeighbours() }) {
      #expect(found.shape == [B, M, 3 * D])
      expectSameBits(found.values, expected, name)
    }
  }
}
