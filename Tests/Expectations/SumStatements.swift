/// The orders of addition.
extension Statement {
  /// Σ terms as a row reduction: element i goes to lane i mod 64, and lanes fold by halves.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func sum<S: Scalar>(_ terms: [S]) -> S {
    var lanes = [S](repeating: 0, count: 64)
    for i in terms.indices { lanes[i % 64] += terms[i] }
    return folded(&lanes)
  }

  /// Σ a b as a row reduction, each product and addition rounded once.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func dot<S: Scalar>(_ a: [S], _ b: [S]) -> S {
    var lanes = [S](repeating: 0, count: 64)
    for i in a.indices { lanes[i % 64] = lanes[i % 64].addingProduct(a[i], b[i]) }
    return folded(&lanes)
  }

  private static func folded<S: Scalar>(_ lanes: inout [S]) -> S {
    for half in [32, 16, 8, 4, 2, 1] {
      for l in 0..<half { lanes[l] += lanes[l + half] }
    }
    return lanes[0]
  }

  /// Σ over rows, ascending, of one chunk; `x` is `[rows, columns]`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func columnSum<S: Scalar>(_ x: [S], columns: Int) -> [S] {
    var sum = [S](repeating: 0, count: columns)
    for i in x.indices { sum[i % columns] += x[i] }
    return sum
  }

  /// Position of the largest entry, the first of equals; NaN is never larger.
  package static func positionOfLargest<S: Scalar>(_ row: [S]) -> Int {
    var best = -S.infinity
    var position = 0
    for (i, value) in row.enumerated() where value > best {
      best = value
      position = i
    }
    return position
  }

  /// Calls `body` with each row of `x` and joins what it returns.
  package static func eachRow<S: Scalar>(_ x: [S], columns: Int, _ body: ([S]) -> [S]) -> [S] {
    stride(from: 0, to: x.count, by: columns).flatMap { body(Array(x[$0..<$0 + columns])) }
  }
}
