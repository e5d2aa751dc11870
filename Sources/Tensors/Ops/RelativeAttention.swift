import CKernels

/// Attention by content and by distance (Dai et al., 2019) of every head of every sequence, in one operation.
///
///     s_ij = scale (a_i · k_j + b_i · r_p),  p = first + j - i
///     p_i = softmax of s_i over the keys that i sees,  c_i = Σ_j dropout(p_ij) v_j
///     dv_j = Σ_i dropout(p_ij) dc_i,  dp_ij = dropout of (dc_i · v_j),  ds = scale p ⊙ (dp - Σ_j p dp)
///     da_i = Σ_j ds_ij k_j,  dk_j = Σ_i ds_ij a_i,  db_i = Σ_j ds_ij r_p,  dr_p = Σ ds_ij b_i over all its pairs
///
/// Head h uses features h D/H ..< (h+1) D/H. A masked key takes no part in any sum.
package struct RelativeAttention {
  package let heads: Int
  package let scale: Float
  /// Keys before the segment's own: query i sees none after past + i.
  package let past: Int
  /// Of these, how many of the latest; all when nil.
  package let window: Int?
  package let dropout: DropoutMask?

  /// Sequences whose gradients of the position table are added one after another; sums of groups are then added in
  /// their order. Part of the numerics.
  private static let group = 4

  package init(heads: Int, scale: Float, past: Int, window: Int?, dropout: DropoutMask?) {
    require(past >= 0 && window ?? 1 >= 1, "a window of \(window ?? 0) keys after \(past) cannot be seen")
    self.heads = heads
    self.scale = scale
    self.past = past
    self.window = window
    self.dropout = dropout
  }

  /// The context [B, L, D], heads side by side.
  ///
  /// Probabilities are kept only while gradients are wanted: early segments are many, and nothing asks for theirs.
  ///
  /// - contentQuery_BLD: The a above.
  /// - positionQuery_BLD: The b above.
  /// - keyValue_BME: Keys and values side by side, [B, M, 2 D]; those after past + L are seen by nobody.
  /// - position_PD: The r above, shared by the batch.
  /// - first: The row of `position_PD` that query 0 and key 0 meet in; 1 - L ..< P, and negative when rows for far keys
  ///   that nobody sees are left out.
  package func callAsFunction(
    contentQuery_BLD: Tensor, positionQuery_BLD: Tensor, keyValue_BME: Tensor, position_PD: Tensor, first: Int
  ) -> Tensor {
    let ((B, L, D), (rows, M, E)) = (contentQuery_BLD.extents3, keyValue_BME.extents3)
    require(
      positionQuery_BLD.shape == contentQuery_BLD.shape && rows == B && M >= past + L && E == 2 * D,
      "queries of \(contentQuery_BLD.shape) and \(positionQuery_BLD.shape) after \(past) keys cannot attend to keys "
        + "and values of \(keyValue_BME.shape)")
    require(D % heads == 0, "\(heads) heads do not divide a width of \(D)")
    let P = position_PD.shape.rows
    let nearest = first + past
    let farthest = first + max(0, past + L - (window ?? M)) - (L - 1)
    require(
      position_PD.shape == [P, D] && farthest >= 0 && nearest < P,
      "positions of \(position_PD.shape) do not hold rows \(farthest)...\(nearest) of width \(D)")
    let layout = Layout(B: B, L: L, M: M, D: D, P: P, first: first)
    let (a, b, kv) = (contentQuery_BLD.detached, positionQuery_BLD.detached, keyValue_BME.detached)
    let r = position_PD.detached
    let isTraced = [contentQuery_BLD, positionQuery_BLD, keyValue_BME, position_PD].contains(
      where: \.isTraced)
    let probability = isTraced ? Storage(count: B * heads * L * M) : nil
    let useful = 2 * B * seenPairs(L) * D
    UsefulOperations.add(3 * useful)
    let context_BLD = Tensor([B, L, D]) { [kernels] context in
      Processor.current.workers.share(B * heads, cost: layout.cost(heads)) { range in
        for index in range {
          let (row, h) = (index / heads, index % heads)
          let (query, key, feature) = layout.starts(row, h, heads)
          head(layout, row, h) { head in
            kernels.relative_attention(
              context + query, probability.map { $0.pointer + index * L * M }, a.pointer + query,
              b.pointer + query, kv.pointer + key, kv.pointer + key + D, r.pointer + feature, head)
          }
        }
      }
    }
    guard let probability else { return context_BLD }
    return context_BLD.recorded(from: contentQuery_BLD, positionQuery_BLD, keyValue_BME, position_PD) {
      dcontext in
      UsefulOperations.add(6 * useful)
      return pullback(dcontext, probability, a, b, kv, r, layout)
    }
  }

  /// Pairs of a query and a key that it sees, of one sequence.
  private func seenPairs(_ L: Int) -> Int {
    (0..<L).reduce(0) { $0 + min(past + $1 + 1, window ?? .max) }
  }

  private struct Layout {
    let B, L, M, D, P: Int
    let first: Int

    func cost(_ heads: Int) -> Int { 6 * L * M * D / heads }

    /// Where the queries and the keys of a head begin in their tensors, and its features in the position table.
    func starts(_ row: Int, _ h: Int, _ heads: Int) -> (query: Int, key: Int, feature: Int) {
      let feature = h * (D / heads)
      return (row * L * D + feature, row * M * 2 * D + feature, feature)
    }
  }

  private func pullback(
    _ dcontext: Tensor, _ probability: Storage, _ a: Tensor, _ b: Tensor, _ kv: Tensor, _ r: Tensor,
    _ layout: Layout
  ) -> [Tensor?] {
    let (B, L, M, D, P) = (layout.B, layout.L, layout.M, layout.D, layout.P)
    let (da, db, dkv) = (
      Storage(count: a.shape.count), Storage(count: b.shape.count), Storage(count: kv.shape.count)
    )
    let groups = (B + Self.group - 1) / Self.group
    let sums = Tensor([groups, P, D], repeating: 0)
    let kernels = kernels
    Processor.current.workers.share(groups * heads, cost: 2 * Self.group * layout.cost(heads)) { range in
      for index in range {
        let (group, h) = (index / heads, index % heads)
        for row in group * Self.group..<min(B, (group + 1) * Self.group) {
          let (query, key, feature) = layout.starts(row, h, heads)
          head(layout, row, h) { head in
            kernels.relative_attention_pullback(
              da.pointer + query, db.pointer + query, dkv.pointer + key, dkv.pointer + key + D,
              sums.pointer + group * P * D + feature, dcontext.pointer + query,
              probability.pointer + (row * heads + h) * L * M, a.pointer + query, b.pointer + query,
              kv.pointer + key, kv.pointer + key + D, r.pointer + feature, head)
          }
        }
      }
    }
    let dr = sums.pointer
    for group in 1..<max(groups, 1) { kernels.add(dr, dr, sums.pointer + group * P * D, P * D) }
    return [
      Tensor(a.shape, da), Tensor(b.shape, db), Tensor(kv.shape, dkv), Tensor([P, D], sums.storage),
    ]
  }

  /// Calls `body` with what the kernels want to know of one head of one sequence.
  private func head(
    _ layout: Layout, _ row: Int, _ h: Int, _ body: (UnsafePointer<relative_attention_head>) -> Void
  ) {
    let (L, M, D) = (layout.L, layout.M, layout.D)
    let columns = dropout?.columns ?? M
    require(
      dropout.map { $0.origins.count == layout.B && $0.heads == heads && L <= $0.rows && M <= columns }
        ?? true,
      "a dropout mask for \(dropout?.origins.count ?? 0) sequences of \(dropout?.heads ?? 0) heads of "
        + "\(dropout?.rows ?? 0) by \(columns) does not fit \(layout.B) of \(heads) of \(L) by \(M)")
    let address = dropout?.place.address ?? random_place()
    withUnsafePointer(to: address) { place in
      var head = relative_attention_head(
        queries: L, keys: M, width: D / heads, query_row: D, key_row: 2 * D, value_row: 2 * D, context_row: D,
        position_row: D, past: past, window: window ?? M, first: layout.first, scale: scale,
        dropout_row: columns,
        dropout: dropout_mask(
          place: dropout == nil ? nil : place, first_element: dropout?.firstElement(row, head: h) ?? 0,
          threshold: dropout?.threshold ?? 0, scale: dropout?.scale ?? 1))
      body(&head)
    }
  }
}
