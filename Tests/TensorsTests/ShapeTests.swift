import Tensors
import Testing

@Suite struct ShapeTests {
  @Test func `a shape knows its rows and columns`() {
    let shape: Shape = [2, 3, 5]
    #expect(shape.count == 30 && shape.rank == 3 && shape.rows == 6 && shape.columns == 5)
    #expect(shape.withColumns(7) == [2, 3, 7])
    #expect("\(shape)" == "[2, 3, 5]")
  }

  @Test func `a single number has no extents`() {
    let shape: Shape = []
    #expect(shape.count == 1 && shape.rows == 1 && shape.columns == 1)
    #expect(Tensor([], [4]).scalar == 4)
  }

  @Test func `an extent may be zero`() {
    #expect(Shape([3, 0]).count == 0 && Tensor([3, 0], []).values.isEmpty)
  }
}
