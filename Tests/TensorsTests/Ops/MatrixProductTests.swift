import Expectations
import Tensors
import Testing

private struct Mapped: StatedOperation {
  let leading: [Int]
  let D, F: Int
  let hasBias: Bool
  var inputs: [Shape] { [Shape(leading + [D]), [D, F]] + (hasBias ? [[F]] : []) }

  func computed(_ x: [Tensor]) -> Tensor { x[0].mapped(by: x[1], bias: hasBias ? x[2] : nil) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    let product = Statement.product(x[0], x[1], M: leading.reduce(1, *), N: F, K: D)
    return hasBias ? product.indices.map { product[$0] + x[2][$0 % F] } : product
  }
}

private struct Scored: StatedOperation {
  let rows, D, V: Int
  var inputs: [Shape] { [[rows, D], [V, D]] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].scored(against: x[1]) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    Statement.product(x[0], Layout(row: D), x[1], Layout(row: 1, column: D), M: rows, N: V, K: D)
  }
}

@Suite struct MatrixProductTests {
  @Test(arguments: [[1], [3], [2, 5], [1, 7, 2]], [(1, 1), (5, 3), (17, 33)])
  func `a linear map is as stated`(leading: [Int], sizes: (D: Int, F: Int)) {
    expectStated(Mapped(leading: leading, D: sizes.D, F: sizes.F, hasBias: true))
    expectStated(Mapped(leading: leading, D: sizes.D, F: sizes.F, hasBias: false))
  }

  @Test func `long sums are added in chunks, forward and backward`() {
    expectStated(Mapped(leading: [3], D: 300, F: 5, hasBias: true))
    expectStated(Mapped(leading: [259], D: 5, F: 3, hasBias: true))
    expectStated(Scored(rows: 2, D: 4, V: 270))
  }

  @Test func `a large map is shared out among threads`() {
    expectStated(Mapped(leading: [71], D: 37, F: 67, hasBias: true))
  }

  @Test(arguments: [(1, 1, 1), (6, 8, 9), (13, 33, 21)])
  func `scores against a table are as stated`(sizes: (rows: Int, D: Int, V: Int)) {
    expectStated(Scored(rows: sizes.rows, D: sizes.D, V: sizes.V))
  }

  @Test func `no rows map to no rows`() {
    let y = Tensor([2, 0, 4], []).mapped(
      by: Tensor([4, 3], plainNoise(12)), bias: Tensor([3], plainNoise(3)))
    #expect(y.shape == [2, 0, 3] && y.values.isEmpty)
  }

  @Test func `gradients that nobody asks for are not computed`() {
    let tape = Tape()
    let weight = tape.watch(Tensor([2, 2], plainNoise(4)))
    let x = Tensor([3, 2], plainNoise(6))
    let gradient = tape.gradients(of: x.mapped(by: weight).sum(), for: [weight])[0]
    // dW = xᵀ 1: every column holds the column sums of x.
    let sums = x.columnSum().values
    expectSameBits(gradient?.values ?? [], [sums[0], sums[0], sums[1], sums[1]])
  }
}
