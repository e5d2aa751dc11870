import CKernels
import Expectations
import Testing

/// Sums of whole numbers have no rounding, so any order gives what integers give: a term left out, taken twice or put
/// in another's place shows, and a tolerance cannot hide it.
@Suite struct Exactness {
  private func wholeNumbers(_ count: Int, seed: UInt64) -> [Int] {
    plainNoise(count, seed: seed).map { Int(($0 * 8).rounded()) }
  }

  private func expectExact(
    _ expected: [Int], _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (kernel_table, GuardedMemory, UnsafeMutablePointer<Float>) -> Void
  ) {
    for set in InstructionSet.here {
      let found = results(expected.count) { body(set.kernels, $0, $1) }
      expectSameBits(found, expected.map { Float($0) }, "\(what) \(set.name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: edgeSizes + [6, 11, 14, 23, 24, 25, 239, 240, 241], [1, 16, 17, 33, 64, 130])
  func `products`(M: Int, N: Int) {
    let K = [1, 2, 16, 255, 256, 257, 511, 512, 513][(M + N) % 9]
    let (a, b) = (wholeNumbers(M * K, seed: 1), wholeNumbers(K * N, seed: 2))
    var c = wholeNumbers(M * N, seed: 3)
    let before = c.map { Float($0) }
    for i in 0..<M {
      for k in 0..<K {
        let factor = a[i * K + k]
        for j in 0..<N { c[i * N + j] += factor * b[k * N + j] }
      }
    }
    expectExact(c, "\(M) x \(N) x \(K)") { kernels, memory, out in
      for i in before.indices { out[i] = before[i] }
      let (left, right) = (memory.holding(a.map { Float($0) }), memory.holding(b.map { Float($0) }))
      kernels.matmul(out, N, left, K, 1, right, N, 1, M, N, K, 1)
    }
  }

  @Test(arguments: Array(1...130) + [255, 256, 257, 1000])
  func `sums of rows, of products and of squares`(columns: Int) {
    let rows = 3
    let (a, b) = (wholeNumbers(rows * columns, seed: 1), wholeNumbers(rows * columns, seed: 2))
    let (x, y) = (a.map { Float($0) }, b.map { Float($0) })
    func each(_ term: (Int) -> Int) -> [Int] {
      (0..<rows).map { row in (row * columns..<(row + 1) * columns).reduce(0) { $0 + term($1) } }
    }
    expectExact(each { a[$0] }, "row sum") { $0.row_sum($2, $1.holding(x), rows, columns) }
    expectExact(each { a[$0] * b[$0] }, "row dot") {
      $0.row_dot($2, $1.holding(x), $1.holding(y), rows, columns)
    }
    let all = [a.reduce(0, +), a.reduce(0) { $0 + $1 * $1 }]
    expectExact(all, "scalars") { kernels, memory, out in
      let values = memory.holding(x)
      out[0] = kernels.sum(values, x.count)
      out[1] = kernels.sum_of_squares(values, x.count)
    }
    let distances = (0..<rows * rows).map { pair in
      (0..<columns).reduce(0) { sum, k in
        let difference = a[pair / rows * columns + k] - b[pair % rows * columns + k]
        return sum + difference * difference
      }
    }
    expectExact(distances, "squared distances") {
      $0.squared_distance($2, $1.holding(x), $1.holding(y), rows, rows, columns)
    }
  }

  @Test(arguments: [1, 2, 11, 12, 13, 255, 256])
  func `sums of columns and of rows of a table`(rows: Int) {
    for columns in [1, 15, 16, 17, 63, 64, 65, 130] {
      let a = wholeNumbers(rows * columns, seed: 1)
      let x = a.map { Float($0) }
      let sums = (0..<columns).map { j in (0..<rows).reduce(0) { $0 + a[$1 * columns + j] } }
      expectExact(sums, "\(rows) x \(columns)") { $0.column_sum($2, $1.holding(x), rows, columns) }
      let ids = (0..<rows).map { ($0 * $0 + 1) % 5 }
      var table = [Int](repeating: 0, count: 5 * columns)
      for i in a.indices { table[ids[i / columns] * columns + i % columns] += a[i] }
      expectExact(table, "\(rows) rows of a table of width \(columns)") {
        $0.lookup_pullback($2, 0, 5, $1.holding(x), $1.holding(ids.map(Int32.init)), rows, columns)
      }
    }
  }
}
