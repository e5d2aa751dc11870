import Expectations
import Tensors
import Testing

private struct Columns: StatedOperation {
  let shape: Shape
  let range: Range<Int>
  var inputs: [Shape] { [shape] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].columns(range) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    Statement.eachRow(x[0], columns: shape.columns) { Array($0[range]) }
  }
}

@Suite struct ColumnsTests {
  @Test(arguments: [0..<1, 0..<4, 3..<12, 11..<12, 0..<12])
  func `columns are taken out, and their gradient put back`(range: Range<Int>) {
    expectStated(Columns(shape: [2, 3, 12], range: range))
    expectStated(Columns(shape: [5, 12], range: range))
    expectStated(Columns(shape: [12], range: range))
  }

  @Test func `rows are shared out among threads`() {
    expectStated(Columns(shape: [3, 301, 90], range: 30..<60))
  }

  @Test func `the shape keeps its other axes`() {
    let x = Tensor([2, 3, 4], plainNoise(24))
    #expect(x.columns(1..<3).shape == [2, 3, 2])
    #expect(x.columns(2..<2).shape == [2, 3, 0] && !x.columns(0..<1).isTraced)
  }
}
