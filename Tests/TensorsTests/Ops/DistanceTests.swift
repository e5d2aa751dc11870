import Expectations
import Tensors
import Testing

@Suite struct DistanceTests {
  @Test(arguments: [(1, 1, 1), (3, 5, 7), (4, 2, 65), (40, 33, 70)])
  func `squared distances are as stated`(sizes: (M: Int, N: Int, K: Int)) {
    let (a, b) = (plainNoise(sizes.M * sizes.K, seed: 1), plainNoise(sizes.N * sizes.K, seed: 2))
    let expected = Statement.squaredDistances(a, b, width: sizes.K)
    let (x, y) = (Tensor([sizes.M, sizes.K], a), Tensor([sizes.N, sizes.K], b))
    for (name, found) in onEveryProcessor({ squaredDistances(x, y) }) {
      #expect(found.shape == [sizes.M, sizes.N])
      expectSameBits(found.values, expected, name)
    }
    expectSameBits(x.negated().values, a.map { -$0 })
  }

  @Test(arguments: edgeSizes)
  func `exponentials are the pinned ones`(count: Int) {
    let x = plainNoise(count).map { $0 * 90 }
    let expected = x.map { Float.exponential($0) }
    for (name, found) in onEveryProcessor({ exponential(x) }) { expectSameBits(found, expected, name) }
  }

  @Test func `nothing has no exponentials`() { #expect(exponential([]).isEmpty) }
}
