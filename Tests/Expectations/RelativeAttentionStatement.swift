/// Attention by content and distance of one head of one sequence, as the composition it is: two products, the shifted
/// sum, scale, softmax of what each query sees, dropout, product. Arrays have no gaps: both queries
/// `[queries, width]`, k and v `[past + queries, width]`, r `[positions, width]`.
package struct RelativeAttentionStatement<S: Scalar>: Sendable {
  package var queries, past, width, positions: Int
  /// The row of r that query 0 and key 0 meet in.
  package var first: Int
  /// How many of the latest keys a query sees; all when nil.
  package var window: Int?
  package var scale: S
  /// What dropout multiplies each probability `[queries, keys]` by: 0 or its scale. Nil: no dropout.
  package var factors: [S]?

  package init(
    queries: Int, past: Int, width: Int, positions: Int, first: Int, window: Int?, scale: S,
    factors: [S]? = nil
  ) {
    self.queries = queries
    self.past = past
    self.width = width
    self.positions = positions
    self.first = first
    self.window = window
    self.scale = scale
    self.factors = factors
  }

  package var keys: Int { past + queries }

  /// The keys that a query sees.
  package func seen(by query: Int) -> Range<Int> {
    let end = past + query + 1
    return max(0, end - (window ?? end))..<end
  }

  /// `[queries, keys]` of what `body` says of each pair that is seen, and of `hidden` elsewhere.
  private func eachPair(hidden: S, _ body: (_ query: Int, _ key: Int) -> S) -> [S] {
    (0..<queries).flatMap { query in
      (0..<keys).map { seen(by: query).contains($0) ? body(query, $0) : hidden }
    }
  }

  /// +0 where dropout takes it away, so that no sign and no infinity is left.
  private func dropped(_ x: [S]) -> [S] {
    guard let factors else { return x }
    return zip(x, factors).map { $1 == 0 ? 0 : $0 * $1 }
  }

  private func row(_ x: [S], _ query: Int) -> [S] { Array(x[query * keys..<(query + 1) * keys]) }

  /// The context `[queries, width]`, and the probabilities `[queries, keys]` before dropout.
  package func callAsFunction(
    _ content: [S], _ positional: [S], _ k: [S], _ v: [S], _ r: [S]
  ) -> (context: [S], probability: [S]) {
    let (plain, across) = (Layout(row: width), Layout(row: 1, column: width))
    let byContent = Statement.product(content, plain, k, across, M: queries, N: keys, K: width)
    let byPosition = Statement.product(positional, plain, r, across, M: queries, N: positions, K: width)
    let scores = eachPair(hidden: -.infinity) { query, key in
      scale * (byContent[query * keys + key] + byPosition[query * positions + first + key - query])
    }
    let probability = (0..<queries).flatMap { Statement.softmax(row(scores, $0)) }
    let context = Statement.product(
      dropped(probability), Layout(row: keys), v, plain, M: queries, N: width, K: keys)
    return (context, probability)
  }

  /// The gradients of both queries, of k, v and r.
  package func pullback(
    _ dcontext: [S], probability: [S], _ content: [S], _ positional: [S], _ k: [S], _ v: [S], _ r: [S]
  ) -> (dcontent: [S], dpositional: [S], dk: [S], dv: [S], dr: [S]) {
    let (plain, across) = (Layout(row: width), Layout(row: 1, column: keys))
    let dv = Statement.product(
      dropped(probability), across, dcontext, plain, M: keys, N: width, K: queries)
    let arriving = dropped(
      Statement.product(
        dcontext, plain, v, Layout(row: 1, column: width), M: queries, N: keys, K: width))
    let dall = (0..<queries).flatMap {
      Statement.softmaxPullback(row(probability, $0), row(arriving, $0)).map { scale * $0 }
    }
    let dscore = eachPair(hidden: 0) { dall[$0 * keys + $1] }
    var shifted = [S](repeating: 0, count: queries * positions)
    for query in 0..<queries {
      for key in seen(by: query) {
        shifted[query * positions + first + key - query] = dscore[query * keys + key]
      }
    }
    return (
      Statement.product(dscore, Layout(row: keys), k, plain, M: queries, N: width, K: keys),
      Statement.product(shifted, Layout(row: positions), r, plain, M: queries, N: width, K: positions),
      Statement.product(dscore, across, content, plain, M: keys, N: width, K: queries),
      dv,
      Statement.product(
        shifted, Layout(row: 1, column: positions), positional, plain, M: positions, N: width, K: queries)
    )
  }
}
