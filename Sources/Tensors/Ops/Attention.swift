import CKernels

/// What attention gives: the context, and how much every query looked at every key.
package struct Attended {
  /// [B, L, D], heads side by side.
  package let context_BLD: Tensor
  /// [B, H, L, M] before dropout; a constant.
  package let probability_BHLM: Tensor
}

/// Scaled dot-product attention (Vaswani et al., 2017) of every head of every sequence, in one operation.
///
///     s_ij = scale q_i · k_j,  p_i = softmax of s_i over the keys that i sees,  c_i = Σ_j dropout(p_ij) v_j
///     dv_j = Σ_i dropout(p_ij) dc_i,  dp_ij = dropout of (dc_i · v_j),  ds = p ⊙ (dp - Σ_j p dp),
///     dq_i = scale Σ_j ds_ij k_j,  dk_j = scale Σ_i ds_ij q_i
///
/// Head h uses features h D/H ..< (h+1) D/H. A masked key takes no part in any sum.
package struct Attention {
  package let heads: Int
  package let scale: Float
  /// Query i sees keys 0...i only.
  package let isCausal: Bool
  package let dropout: DropoutMask?

  package init(heads: Int, scale: Float, isCausal: Bool, dropout: DropoutMask?) {
    self.heads = heads
    self.scale = scale
    self.isCausal = isCausal
    self.dropout = dropout
  }

  /// Self-attention: queries, keys and values lie side by side in the last axis of one tensor [B, M, 3 D].
  ///
  /// - queries: The positions whose context is wanted, [B, queries.count, D]; all when nil. Causal queries keep their
  ///   places; those left out get no gradient.
  package func callAsFunction(queryKeyValue_BLE: Tensor, queries: Range<Int>? = nil) -> Tensor {
    let (B, M, E) = queryKeyValue_BLE.extents3
    let queries = queries ?? 0..<M
    require(E % 3 == 0, "queries, keys and values cannot lie side by side in \(queryKeyValue_BLE.shape)")
    require(
      queries.lowerBound >= 0 && queries.upperBound <= M, "of \(M) positions, \(queries) cannot be queries")
    let layout = Layout(
      B: B, L: queries.count, M: M, D: E / 3, queryRow: E, keyRow: E, queryRows: M, first: queries.lowerBound,
      key: E / 3, value: 2 * E / 3, visible: nil)
    let x = queryKeyValue_BLE.detached
    // Nobody looks at the probabilities but the way back.
    let probability = queryKeyValue_BLE.isTraced ? probabilities(layout) : nil
    let context_BLD = forward(x, x, x, layout, keeping: probability)
    return context_BLD.recorded(from: queryKeyValue_BLE) { dcontext in
      guard let probability else { return [nil] }
      let dx = Tensor(x.shape) { dx in
        clearQueries(outside: queries, of: dx, layout)
        pullback(dx, dx, dx, dcontext, probability, x, x, x, layout)
      }
      return [dx]
    }
  }

  /// The gradient of queries that were left out.
  private func clearQueries(outside queries: Range<Int>, of dx: UnsafeMutablePointer<Float>, _ layout: Layout)
  {
    guard queries.count < layout.M else { return }
    for b in 0..<layout.B {
      for row in 0..<layout.M where !queries.contains(row) {
        (dx + (b * layout.M + row) * layout.queryRow).initialize(repeating: 0, count: layout.D)
      }
    }
  }

  /// Attention of queries [B, L, D] to keys and values side by side in [B, M, 2 D]. Sequence b sees keys
  /// 0 ..< visible[b] (all when nil); one that sees none gets a context of zeros.
  package func callAsFunction(query_BLD: Tensor, keyValue_BME: Tensor, visible: [Int]? = nil) -> Attended {
    let ((B, L, D), (rows, M, E)) = (query_BLD.extents3, keyValue_BME.extents3)
    require(
      rows == B && E == 2 * D && (visible == nil || visible!.count == B),
      "queries of \(query_BLD.shape) cannot attend to keys and values of \(keyValue_BME.shape)")
    require(
      visible?.allSatisfy { $0 >= 0 && $0 <= M } ?? true, "\(visible ?? []) of \(M) keys cannot be visible")
    let layout = Layout(
      B: B, L: L, M: M, D: D, queryRow: D, keyRow: E, queryRows: L, first: 0, key: 0, value: D,
      visible: visible)
    let (q, kv) = (query_BLD.detached, keyValue_BME.detached)
    let probability_BHLM = probabilities(layout)
    let context_BLD = forward(q, kv, kv, layout, keeping: probability_BHLM)
    let traced = context_BLD.recorded(from: query_BLD, keyValue_BME) { dcontext in
      let dkv = Storage(count: kv.shape.count)
      let dq = Tensor(q.shape) { dq in
        pullback(dq, dkv.pointer, dkv.pointer, dcontext, probability_BHLM, q, kv, kv, layout)
      }
      return [dq, Tensor(kv.shape, dkv)]
    }
    return Attended(context_BLD: traced, probability_BHLM: probability_BHLM)
  }

  /// Attention of queries [B, L, D] to keys and values [B, M, D] of their own.
  package func callAsFunction(query_BLD: Tensor, key_BMD: Tensor, value_BMD: Tensor) -> Attended {
    let ((B, L, D), (rows, M, width)) = (query_BLD.extents3, key_BMD.extents3)
    require(
      rows == B && width == D && value_BMD.shape == key_BMD.shape,
      "queries of \(query_BLD.shape) cannot attend to keys of \(key_BMD.shape) and values of \(value_BMD.shape)"
    )
    let layout = Layout(
      B: B, L: L, M: M, D: D, queryRow: D, keyRow: D, queryRows: L, first: 0, key: 0, value: 0,
      visible: nil)
    let (q, k, v) = (query_BLD.detached, key_BMD.detached, value_BMD.detached)
    let probability_BHLM = probabilities(layout)
    let context_BLD = forward(q, k, v, layout, keeping: probability_BHLM)
    let traced = context_BLD.recorded(from: query_BLD, key_BMD, value_BMD) { dcontext in
      let (dk, dv) = (Storage(count: k.shape.count), Storage(count: v.shape.count))
      let dq = Tensor(q.shape) { dq in
        pullback(dq, dk.pointer, dv.pointer, dcontext, probability_BHLM, q, k, v, layout)
      }
      return [dq, Tensor(k.shape, dk), Tensor(v.shape, dv)]
    }
    return Attended(context_BLD: traced, probability_BHLM: probability_BHLM)
  }

  /// Where queries, keys and values lie in the tensors that hold them.
  private struct Layout {
    let B, L, M, D: Int
    let queryRow, keyRow: Int
    /// Rows of a sequence in the tensor of queries, and the first of those that are used.
    let queryRows, first: Int
    let key, value: Int
    let visible: [Int]?

    /// Where the queries of a sequence begin.
    func query(_ b: Int) -> Int { (b * queryRows + first) * queryRow }
  }

  /// Room for the probabilities of all heads.
  private func probabilities(_ layout: Layout) -> Tensor {
    Tensor(unwritten: [layout.B, heads, layout.L, layout.M])
  }

  /// - probability: Where probabilities before dropout go; nil for nowhere.
  private func forward(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ layout: Layout, keeping probability: Tensor?)
    -> Tensor
  {
    let (B, L, M, D) = (layout.B, layout.L, layout.M, layout.D)
    require(D % heads == 0, "\(heads) heads do not divide a width of \(D)")
    require(
      !isCausal || layout.queryRows == M, "causal attention needs as many keys as queries, not \(M) for \(L)")
    UsefulOperations.add(2 * product(layout))
    return Tensor([B, L, D]) { [kernels] context in
      each(layout) { b, h, head in
        let feature = h * (D / heads)
        let key = b * M * layout.keyRow + feature
        kernels.attention(
          context + b * L * D + feature, probability.map { $0.pointer + (b * heads + h) * L * M },
          q.pointer + layout.query(b) + feature, k.pointer + key + layout.key,
          v.pointer + key + layout.value, head)
      }
    }
  }

  /// `dq`, `dk` and `dv` may be one tensor's gradient: then they write different columns of it.
  private func pullback(
    _ dq: UnsafeMutablePointer<Float>, _ dk: UnsafeMutablePointer<Float>, _ dv: UnsafeMutablePointer<Float>,
    _ dcontext: Tensor, _ probability: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ layout: Layout
  ) {
    let (L, M, D) = (layout.L, layout.M, layout.D)
    UsefulOperations.add(4 * product(layout))
    let kernels = kernels
    each(layout) { b, h, head in
      let feature = h * (D / heads)
      let (query, key) = (layout.query(b) + feature, b * M * layout.keyRow + feature)
      kernels.attention_pullback(
        dq + query, dk + key + layout.key, dv + key + layout.value,
        dcontext.pointer + b * L * D + feature, probability.pointer + (b * heads + h) * L * M,
        q.pointer + query, k.pointer + key + layout.key, v.pointer + key + layout.value, head)
    }
  }

  /// Useful operations of one product with the scores of all heads: over the pairs of which the query sees the key.
  private func product(_ layout: Layout) -> Int {
    let (B, L) = (layout.B, layout.L)
    let pairs =
      isCausal ? B * (L * (L + 1) / 2 + L * layout.first) : L * (layout.visible?.reduce(0, +) ?? B * layout.M)
    return 2 * pairs * layout.D
  }

  /// Calls `body` for every head of every sequence, shared out among the threads.
  private func each(_ layout: Layout, _ body: (Int, Int, UnsafePointer<attention_head>) -> Void) {
    let (L, M, D) = (layout.L, layout.M, layout.D)
    let columns = dropout?.columns ?? M
    require(
      dropout.map {
        $0.origins.count == layout.B && $0.heads == heads && layout.first + L <= $0.rows && M <= columns
      }
        ?? true,
      "a dropout mask for \(dropout?.origins.count ?? 0) sequences of \(dropout?.heads ?? 0) heads of "
        + "\(dropout?.rows ?? 0) by \(columns) does not fit \(layout.B) of \(heads) of \(L) by \(M)")
    var address = dropout?.place.address ?? random_place()
    withUnsafePointer(to: &address) { place in
      Processor.current.workers.share(layout.B * heads, cost: 4 * L * M * D / heads) { range in
        for index in range {
          let (b, h) = (index / heads, index % heads)
          var head = attention_head(
            queries: L, keys: M, width: D / heads,
            query_row: layout.queryRow, key_row: layout.keyRow, value_row: layout.keyRow, context_row: D,
            visible: layout.visible?[b] ?? M, causal: isCausal ? 1 : 0, past: layout.first, scale: scale,
            dropout_row: columns,
            dropout: dropout_mask(
              place: dropout == nil ? nil : place,
              first_element: dropout?.firstElement(b, head: h, row: layout.first) ?? 0,
              threshold: dropout?.threshold ?? 0, scale: dropout?.scale ?? 1))
          body(b, h, &head)
        }
      }
    }
  }
}
