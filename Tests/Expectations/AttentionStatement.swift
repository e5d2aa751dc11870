/// Attention of one head of one sequence, as the composition it is: product, scale, softmax of what each
/// query sees, dropout, product. Arrays have no gaps: q `[queries, width]`, k and v `[keys, width]`.
package struct AttentionStatement<S: Scalar>: Sendable {
  package var queries, keys, width: Int
  /// Keys `visible..<keys` are masked.
  package var visible: Int
  /// Query i sees keys 0...past+i only.
  package var causal: Bool
  package var past: Int
  package var scale: S
  /// What dropout multiplies each probability `[queries, keys]` by: 0 or its scale. Nil: no dropout.
  package var factors: [S]?

  package init(
    queries: Int, keys: Int, width: Int, visible: Int, causal: Bool, past: Int = 0, scale: S,
    factors: [S]? = nil
  ) {
    self.queries = queries
    self.keys = keys
    self.width = width
    self.visible = visible
    self.causal = causal
    self.past = past
    self.scale = scale
    self.factors = factors
  }

  private func seen(by query: Int) -> Int { causal ? min(past + query + 1, visible) : visible }

  /// +0 where dropout takes it away, so that no sign and no infinity is left.
  private func dropped(_ x: [S]) -> [S] {
    guard let factors else { return x }
    return zip(x, factors).map { $1 == 0 ? 0 : $0 * $1 }
  }

  /// Applies `body` to the visible part of each row of `[queries, visible]`, and fills to `[queries, keys]`
  /// with +0.
  private func eachVisibleRow(_ scores: [S], _ body: (_ query: Int, _ row: [S]) -> [S]) -> [S] {
    (0..<queries).flatMap { query in
      let row = Array(scores[query * visible..<query * visible + seen(by: query)])
      let result = row.isEmpty ? [] : body(query, row)
      return result + [S](repeating: 0, count: keys - row.count)
    }
  }

  /// The context `[queries, width]`, and the probabilities `[queries, keys]` before dropout.
  package func callAsFunction(_ q: [S], _ k: [S], _ v: [S]) -> (context: [S], probability: [S]) {
    let across = Layout(row: 1, column: width)
    let scores = Statement.product(q, Layout(row: width), k, across, M: queries, N: visible, K: width)
    let probability = eachVisibleRow(scores) { _, row in Statement.softmax(row.map { scale * $0 }) }
    let context = Statement.product(
      dropped(probability), Layout(row: keys), v, Layout(row: width), M: queries, N: width, K: visible)
    return (context, probability)
  }

  /// The gradients of q, k and v.
  package func pullback(
    _ dcontext: [S], probability: [S], _ q: [S], _ k: [S], _ v: [S]
  ) -> (dq: [S], dk: [S], dv: [S]) {
    let across = Layout(row: 1, column: keys)
    let plain = Layout(row: width)
    let masked = [S](repeating: 0, count: (keys - visible) * width)
    let dv = Statement.product(
      dropped(probability), across, dcontext, plain, M: visible, N: width, K: queries)
    let arriving = Statement.product(
      dcontext, plain, v, Layout(row: 1, column: width), M: queries, N: visible, K: width)
    let whole = AttentionStatement(
      queries: queries, keys: keys, width: width, visible: visible, causal: false, scale: scale)
    let kept = dropped(whole.eachVisibleRow(arriving) { $1 })
    let visibleKept = (0..<queries).flatMap { kept[$0 * keys..<$0 * keys + visible] }
    let dscore = eachVisibleRow(visibleKept) { query, row in
      let y = Array(probability[query * keys..<query * keys + row.count])
      return Statement.softmaxPullback(y, row).map { scale * $0 }
    }
    return (
      Statement.product(dscore, Layout(row: keys), k, plain, M: queries, N: width, K: visible),
      Statement.product(dscore, across, q, plain, M: visible, N: width, K: queries) + masked,
      dv + masked
    )
  }
}
