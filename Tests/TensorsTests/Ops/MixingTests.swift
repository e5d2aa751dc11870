import Expectations
import Tensors
import Testing

/// Weights shared by the sequences have a gradient; those of their own are a constant.
private struct Mixed: StatedOperation {
  let B, N, M, D: Int
  var own: [Float]?
  var inputs: [Shape] { own == nil ? [[B, M, D], [N, M]] : [[B, M, D]] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].mixed(by: own.map { Tensor([B, N, M], $0) } ?? x[1]) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    (0..<B).flatMap { b in
      let weight = own.map { $0[b * N * M..<(b + 1) * N * M].map { S($0) } } ?? x[1]
      return Statement.product(weight, Array(x[0][b * M * D..<(b + 1) * M * D]), M: N, N: D, K: M)
    }
  }
}

@Suite struct MixingTests {
  @Test(arguments: [1, 2, 7, 17], [(1, 1), (3, 5), (16, 33), (65, 4)])
  func `every position becomes a weighted sum of positions`(N: Int, sizes: (M: Int, D: Int)) {
    expectStated(Mixed(B: 2, N: N, M: sizes.M, D: sizes.D))
    let own = plainNoise(3 * N * sizes.M, seed: 8)
    expectStated(Mixed(B: 3, N: N, M: sizes.M, D: sizes.D, own: own))
  }

  @Test func `long sums are added in chunks, forward and backward`() {
    expectStated(Mixed(B: 2, N: 3, M: 259, D: 5))
    expectStated(Mixed(B: 2, N: 260, M: 3, D: 5))
    expectStated(Mixed(B: 2, N: 2, M: 5, D: 300))
  }

  @Test func `threads share rows of several sequences, and columns of the weight`() {
    expectStated(Mixed(B: 5, N: 37, M: 67, D: 41))
    expectStated(Mixed(B: 3, N: 1, M: 131, D: 260))
  }

  @Test(arguments: [(1, 3, 4), (2, 33, 17), (1, 5, 300)])
  func `the gradient of a weight is added up over sequences in their order`(sizes: (N: Int, M: Int, D: Int)) {
    let (B, (N, M, D)) = (4, sizes)
    let x = plainNoise(B * M * D, seed: 1), w = plainNoise(N * M, seed: 2),
      dy = plainNoise(B * N * D, seed: 3)
    var expected = [Float](repeating: 0, count: N * M)
    for b in 0..<B {
      let one = Statement.product(
        dy, Layout(start: b * N * D, row: D), x, Layout(start: b * M * D, row: 1, column: D), M: N, N: M, K: D
      )
      expected = zip(expected, one).map { $0 + $1 }
    }
    for (name, found) in onEveryProcessor({
      let tape = Tape()
      let weight = tape.watch(Tensor([N, M], w))
      let y = Tensor([B, M, D], x).mixed(by: weight)
      return tape.gradients(of: y.sum(weightedBy: Tensor([B, N, D], dy)), for: [weight])[0]?.values ?? []
    }) {
      expectSameBits(found, expected, name)
    }
  }

  @Test func `sequences do not know of each other`() {
    let x = plainNoise(3 * 20, seed: 1), w = Tensor([6, 5], plainNoise(30, seed: 2))
    let together = Tensor([3, 5, 4], x).mixed(by: w).values
    for b in 0..<3 {
      let alone = Tensor([1, 5, 4], Array(x[b * 20..<(b + 1) * 20])).mixed(by: w)
      expectSameBits(alone.values, Array(together[b * 24..<(b + 1) * 24]))
    }
  }

  @Test func `no sequences and no positions are nothing to do`() {
    #expect(Tensor([0, 3, 2], []).mixed(by: Tensor([4, 3], plainNoise(12))).shape == [0, 4, 2])
    let y = Tensor([2, 0, 2], []).mixed(by: Tensor([1, 0], []))
    expectSameBits(y.values, [0, 0, 0, 0])
  }
}
