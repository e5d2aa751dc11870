/// A matrix in an array: element (i, j) is at `start + i * row + j * column`.
package struct Layout: Sendable {
  package var start, row, column: Int
  package init(start: Int = 0, row: Int, column: Int = 1) {
    self.start = start
    self.row = row
    self.column = column
  }
}

/// Matrix products and distances.
extension Statement {
  /// Terms of one chunk of a matrix product.
  package static var chunk: Int { 256 }

  /// `[M, N]` of Σ_k a_ik b_kj: a fused chain over each chunk of k from +0; chunks are added in order.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func product<S: Scalar>(
    _ a: [S], _ aLayout: Layout, _ b: [S], _ bLayout: Layout, M: Int, N: Int, K: Int
  ) -> [S] {
    var c = [S](repeating: 0, count: M * N)
    // k outside j: the order within each output is the same, and memory is read along its rows.
    var chain = [S](repeating: 0, count: N)
    for i in 0..<M {
      for first in stride(from: 0, to: max(K, 1), by: chunk) {
        for j in 0..<N { chain[j] = 0 }
        for k in first..<min(first + chunk, K) {
          let factor = a[aLayout.start + i * aLayout.row + k * aLayout.column]
          let row = bLayout.start + k * bLayout.row
          for j in 0..<N { chain[j] = chain[j].addingProduct(factor, b[row + j * bLayout.column]) }
        }
        for j in 0..<N { c[i * N + j] = first == 0 ? chain[j] : c[i * N + j] + chain[j] }
      }
    }
    return c
  }

  /// The product of two matrices without gaps.
  package static func product<S: Scalar>(_ a: [S], _ b: [S], M: Int, N: Int, K: Int) -> [S] {
    product(a, Layout(row: K), b, Layout(row: N), M: M, N: N, K: K)
  }

  /// `[a.count / width, b.count / width]` of Σ_k (a_ik − b_jk)².
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func squaredDistances<S: Scalar>(_ a: [S], _ b: [S], width: Int) -> [S] {
    var distances: [S] = []
    for i in stride(from: 0, to: a.count, by: width) {
      for j in stride(from: 0, to: b.count, by: width) {
        let difference = (0..<width).map { a[i + $0] - b[j + $0] }
        distances.append(dot(difference, difference))
      }
    }
    return distances
  }

  /// Σ of the rows of `dy` over the positions that looked up each row of a table, ascending.
  package static func lookupPullback<S: Scalar>(_ dy: [S], ids: [Int], rows: Int, width: Int) -> [S] {
    var table = [S](repeating: 0, count: rows * width)
    for (position, id) in ids.enumerated() {
      for j in 0..<width { table[id * width + j] += dy[position * width + j] }
    }
    return table
  }
}
