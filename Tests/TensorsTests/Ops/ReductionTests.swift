import Expectations
import Tensors
import Testing

private struct Reduced: StatedOperation {
  enum Kind { case sum, weighted, columns }
  let kind: Kind
  let shape: Shape
  var inputs: [Shape] { kind == .weighted ? [shape, shape] : [shape] }

  func computed(_ x: [Tensor]) -> Tensor {
    switch kind {
    case .sum: x[0].sum()
    case .weighted: x[0].sum(weightedBy: x[1])
    case .columns: x[0].columnSum()
    }
  }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    switch kind {
    case .sum: [inChunks(x[0])]
    case .weighted: [inChunks(zip(x[0], x[1]).map { $0 * $1 })]
    case .columns: columnsInChunks(x[0], shape.columns)
    }
  }
}

/// Sums of 256 rows each, added in ascending order.
private func columnsInChunks<S: Scalar>(_ x: [S], _ columns: Int) -> [S] {
  let chunk = 256 * columns
  var sums = Statement.columnSum(Array(x.prefix(chunk)), columns: columns)
  for start in stride(from: chunk, to: x.count, by: chunk) {
    let more = Statement.columnSum(Array(x[start..<min(start + chunk, x.count)]), columns: columns)
    sums = zip(sums, more).map { $0 + $1 }
  }
  return sums
}

@Suite struct ReductionTests {
  @Test(arguments: [Shape(arrayLiteral: 1), [3, 5], [65], [2, 3, 40]])
  func `sums are as stated`(shape: Shape) {
    expectStated(Reduced(kind: .sum, shape: shape))
    expectStated(Reduced(kind: .weighted, shape: shape))
    expectStated(Reduced(kind: .columns, shape: shape))
  }

  @Test func `long sums are added in chunks`() {
    expectStated(Reduced(kind: .sum, shape: [9001]))
    expectStated(Reduced(kind: .columns, shape: [600, 3]))
    expectStated(Reduced(kind: .columns, shape: [256, 2]))
    expectStated(Reduced(kind: .columns, shape: [257, 2]))
  }

  @Test func `chunks of rows are shared out among threads`() {
    let x = Tensor([1030, 130], plainNoise(1030 * 130))
    let expected = columnsInChunks(x.values, 130)
    for (name, found) in onEveryProcessor({ x.columnSum().values }) { expectSameBits(found, expected, name) }
  }

  @Test func `sums of sequences are the sums of each sequence alone`() {
    let x = plainNoise(3 * 2 * 150 * 5)
    let sums = Tensor([3, 2, 150, 5], x).sumsOfSequences()
    #expect(sums.shape == [3, 5])
    let expected = (0..<3).flatMap { columnsInChunks(Array(x[$0 * 1500..<($0 + 1) * 1500]), 5) }
    expectSameBits(sums.values, expected)
    #expect(Tensor([2, 1, 3, 0], []).sumsOfSequences().shape == [2, 0])
  }

  @Test(arguments: [1, 63, 64, 65, 4096, 4097, 9001])
  func `the sum of squares is summed in the order of sums`(count: Int) {
    let x = plainNoise(count)
    let expected = stride(from: 0, to: count, by: 4096).reduce(0.0) {
      let part = Array(x[$1..<min($1 + 4096, count)])
      return $0 + Double(Statement.dot(part, part))
    }
    for (name, found) in onEveryProcessor({ Tensor([count], x).sumOfSquares }) {
      #expect(found == expected, "\(name)")
    }
  }

  @Test func `what is not finite is found wherever it is`() {
    var values = plainNoise(37)
    #expect(!Tensor([37], values).hasNonFinite)
    for (index, value) in [(0, Float.nan), (36, .infinity), (17, -.infinity)] {
      values = plainNoise(37)
      values[index] = value
      #expect(Tensor([37], values).hasNonFinite)
    }
    #expect(!Tensor([2], [.greatestFiniteMagnitude, -.leastNonzeroMagnitude]).hasNonFinite)
  }

  @Test func `the first of the largest entries is chosen`() {
    #expect(Tensor([4, 3], [1, 3, 3, -1, -1, -1, 0, -2, 5, -9, -8, -9]).argMax() == [1, 0, 2, 1])
    let x = plainNoise(7 * 70)
    let expected = (0..<7).map { Int32(Statement.positionOfLargest(Array(x[$0 * 70..<($0 + 1) * 70]))) }
    for (name, found) in onEveryProcessor({ Tensor([7, 70], x).argMax() }) {
      #expect(found == expected, "\(name)")
    }
  }

  @Test(arguments: [(3, 1), (5, 17), (2, 130)])
  func `logarithms of sums of exponentials are as stated`(sizes: (rows: Int, columns: Int)) {
    let x = plainNoise(sizes.rows * sizes.columns).map { $0 * 40 }
    let expected = Statement.eachRow(x, columns: sizes.columns) { [Statement.logSumExp($0)] }
    let tensor = Tensor([sizes.rows, sizes.columns], x)
    for (name, found) in onEveryProcessor({ tensor.logSumExp() }) {
      #expect(found.shape == [sizes.rows])
      expectSameBits(found.values, expected, name)
    }
  }
}
