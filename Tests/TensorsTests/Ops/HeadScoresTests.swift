import Expectations
import Tensors
import Testing

private struct HeadScores: StatedOperation {
  let B, L, D, heads: Int
  var inputs: [Shape] { [[B, L, D], [B, 1, D]] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].headScores(with: x[1], heads: heads) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    let K = D / heads
    var scores: [S] = []
    for b in 0..<B {
      for l in 0..<L {
        for h in 0..<heads {
          let (q, k) = (Layout(start: (b * L + l) * D + h * K, row: K), Layout(start: b * D + h * K, row: 1))
          scores += Statement.product(x[0], q, x[1], k, M: 1, N: 1, K: K)
        }
      }
    }
    return scores
  }
}

@Suite struct HeadScoresTests {
  @Test(arguments: [1, 3, 17, 33], [(1, 1), (6, 3), (32, 2), (40, 1), (32, 32)])
  func `every head of every query is scored with one key`(L: Int, sizes: (D: Int, heads: Int)) {
    expectStated(HeadScores(B: 2, L: L, D: sizes.D, heads: sizes.heads))
  }

  @Test func `long sums are added in chunks, forward and backward`() {
    expectStated(HeadScores(B: 1, L: 3, D: 300, heads: 1))
    expectStated(HeadScores(B: 2, L: 270, D: 4, heads: 2))
  }

  @Test func `heads are shared out among threads`() {
    expectStated(HeadScores(B: 3, L: 131, D: 96, heads: 3))
  }

  @Test func `gradients that nobody asks for are not computed`() {
    let tape = Tape()
    let key = tape.watch(Tensor([2, 1, 6], plainNoise(12)))
    let q = Tensor([2, 4, 6], plainNoise(48))
    let gradients = tape.gradients(of: q.headScores(with: key, heads: 3).sum(), for: [key])
    #expect(gradients[0]?.shape == [2, 1, 6])
    #expect(!q.headScores(with: key.detached, heads: 3).isTraced)
  }
}
