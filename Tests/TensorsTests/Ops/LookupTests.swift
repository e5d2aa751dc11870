import Expectations
import Tensors
import Testing

private struct Looked: StatedOperation {
  let ids: [Int32]
  let leading: Shape
  let V, D: Int
  var inputs: [Shape] { [[V, D]] }
  func computed(_ x: [Tensor]) -> Tensor { x[0].lookup(ids, leading: leading) }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] { ids.flatMap { id in x[0][Int(id) * D..<(Int(id) + 1) * D] } }
}

private struct Rows: StatedOperation {
  let rows: [Int32]
  let inputs: [Shape]
  func computed(_ x: [Tensor]) -> Tensor { x[0].rows(rows) }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    let D = inputs[0].columns
    return rows.flatMap { row in x[0][Int(row) * D..<(Int(row) + 1) * D] }
  }
}

private struct Repeated: StatedOperation {
  let count: Int
  let inputs: [Shape]
  func computed(_ x: [Tensor]) -> Tensor { x[0].repeated(count) }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] { (0..<count).flatMap { _ in x[0] } }
}

/// Another shape, then something that depends on it.
private struct Reshaped: StatedOperation {
  let inputs: [Shape] = [[4, 6]]
  func computed(_ x: [Tensor]) -> Tensor { x[0].reshaped([3, 8]).softmax() }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] { Statement.eachRow(x[0], columns: 8) { Statement.softmax($0) } }
}

@Suite struct LookupTests {
  @Test func `rows of a table are looked up, and their gradients added`() {
    expectStated(Looked(ids: [0, 2, 2, 1, 2, 0], leading: [2, 3], V: 4, D: 5))
    expectStated(Looked(ids: [3], leading: [1], V: 4, D: 1))
    expectStated(Looked(ids: [6], leading: [], V: 7, D: 17))
  }

  @Test func `the gradient of a table adds positions in ascending order`() {
    let ids = (0..<3000).map { Int32($0 * 7 % 13) }
    let dy = plainNoise(3000 * 33)
    let expected = Statement.lookupPullback(dy, ids: ids.map { Int($0) }, rows: 13, width: 33)
    for (name, found) in onEveryProcessor({ () -> [Float] in
      let tape = Tape()
      let table = tape.watch(Tensor([13, 33], plainNoise(13 * 33, seed: 2)))
      let loss = table.lookup(ids, leading: [3000]).sum(weightedBy: Tensor([3000, 33], dy))
      return tape.gradients(of: loss, for: [table])[0]?.values ?? []
    }) { expectSameBits(found, expected, name) }
  }

  @Test func `nothing looked up is nothing`() {
    let tape = Tape()
    let table = tape.watch(Tensor([3, 2], plainNoise(6)))
    let y = table.lookup([], leading: [2, 0])
    #expect(y.shape == [2, 0, 2] && y.values.isEmpty)
    expectSameBits(tape.gradients(of: y.sum(), for: [table])[0]?.values ?? [], [0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: [[0], [5, 0, 3], [], [0, 1, 2, 3, 4, 5]])
  func `chosen rows are as stated`(rows: [Int32]) { expectStated(Rows(rows: rows, inputs: [[2, 3, 5]])) }

  @Test(arguments: [1, 2, 5])
  func `a tensor repeated for every sequence is as stated`(count: Int) {
    expectStated(Repeated(count: count, inputs: [[3, 4]]))
  }

  @Test func `another shape has the same numbers`() {
    expectStated(Reshaped())
    #expect(Tensor([2, 2], [1, 2, 3, 4]).reshaped([4]).values == [1, 2, 3, 4])
  }
}
