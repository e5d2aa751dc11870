import Expectations
import Tensors
import Testing

private struct Positions: StatedOperation {
  let shape: Shape
  let range: Range<Int>
  var inputs: [Shape] { [shape] }

  func computed(_ x: [Tensor]) -> Tensor { x[0].positions(range) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    let (L, D) = (shape[1], shape[2])
    return (0..<shape[0]).flatMap { b in
      x[0][(b * L + range.lowerBound) * D..<(b * L + range.upperBound) * D]
    }
  }
}

@Suite struct PositionsTests {
  @Test(arguments: [0..<1, 0..<3, 2..<5, 4..<5, 0..<5])
  func `positions are taken out, and their gradient put back`(range: Range<Int>) {
    expectStated(Positions(shape: [3, 5, 4], range: range))
    expectStated(Positions(shape: [1, 5, 7], range: range))
  }

  @Test func `sequences are shared out among threads`() {
    expectStated(Positions(shape: [5, 130, 20], range: 7..<120))
  }

  @Test func `all positions are the tensor itself`() {
    let x = Tensor([2, 3, 4], plainNoise(24))
    #expect(x.positions(0..<3).shape == [2, 3, 4] && x.positions(1..<1).shape == [2, 0, 4])
    expectSameBits(x.positions(0..<3).values, x.values)
  }
}
