import Tensors

/// Attention of two heads of two sequences in one operation, and as the operations that it is made of.
///
/// Queries [B, L, D], keys and values side by side [B, M, 2 D], head h in the columns h K ..< (h + 1) K.
struct FusedAttention {
  private let B = 2
  private let H = 2
  private let K = 9
  private let L: Int
  private let M: Int
  private let isCausal: Bool
  private let scale: Float = 0.37
  private let query_BLD, keyValue_BME, dcontext_BLD: Tensor
  /// Keys that a sequence has: the second one of a memory has not yet as many engrams.
  private let visible: [Int]
  private let mask: DropoutMask
  private var D: Int { H * K }

  init(queries L: Int, keys M: Int, isCausal: Bool) {
    (self.L, self.M, self.isCausal) = (L, M, isCausal)
    query_BLD = noise([B, L, H * K], "query")
    keyValue_BME = noise([B, M, 2 * H * K], "key and value")
    dcontext_BLD = noise([B, L, H * K], "dcontext")
    visible = isCausal ? [M, M] : [M, M - 7]
    mask = DropoutMask(
      place: Place(seed: 2, purpose: .dropout, site: siteHash("attention"), step: 3), rate: 0.2,
      origins: [5, 11], heads: H, rows: L, columns: M)
  }

  /// The context, and the gradients of queries, keys and values, of a weighted sum of it.
  var fused: [NumberBytes] {
    let attention = Attention(heads: H, scale: scale, isCausal: isCausal, dropout: mask)
    let tape = Tape()
    guard isCausal else {
      let (q, kv) = (tape.watch(query_BLD), tape.watch(keyValue_BME))
      let context = attention(query_BLD: q, keyValue_BME: kv, visible: visible).context_BLD
      let found = tape.gradients(of: (context * dcontext_BLD).sum(), for: [q, kv])
      return named(context.values, found[0]?.values ?? [], found[1]?.values ?? [])
    }
    let (q, kv) = (Matrix(query_BLD, columns: D), Matrix(keyValue_BME, columns: 2 * D))
    let x = tape.watch(Tensor([B, L, 3 * D], (0..<B * L).flatMap { q.row($0) + kv.row($0) }))
    let context = attention(queryKeyValue_BLE: x)
    let found = tape.gradients(of: (context * dcontext_BLD).sum(), for: [x])[0]
    let gradient = Matrix(values: found?.values ?? [], columns: 3 * D)
    return named(
      context.values, (0..<B * L).flatMap { gradient.row($0).prefix(D) },
      (0..<B * L).flatMap { gradient.row($0).dropFirst(D) })
  }

  private func named(_ context: [Float], _ dquery: [Float], _ dkeyValue: [Float]) -> [NumberBytes] {
    [
      NumberBytes("context", context), NumberBytes("gradient of queries", dquery),
      NumberBytes("gradient of keys and values", dkeyValue),
    ]
  }

  /// The same by one operation after the other, head by head.
  var unfused: [NumberBytes] {
    var context = Matrix(values: [Float](repeating: 0, count: B * L * D), columns: D)
    var dquery = context
    var dkeyValue = Matrix(values: [Float](repeating: 0, count: B * M * 2 * D), columns: 2 * D)
    for b in 0..<B {
      for h in 0..<H {
        let q = Matrix(query_BLD, columns: D).block(rows: b * L, L, columns: h * K, K)
        let dc = Matrix(dcontext_BLD, columns: D).block(rows: b * L, L, columns: h * K, K)
        let both = Matrix(keyValue_BME, columns: 2 * D)
        let k = both.block(rows: b * M, M, columns: h * K, K)
        let v = both.block(rows: b * M, M, columns: D + h * K, K)
        let scores = Matrix(q.scored(against: k), columns: M)
        let probability = eachRow(b) { l, n in
          (Tensor([1, n], Array(scores.row(l).prefix(n))) * scale).softmax().values
        }
        let kept = dropped(probability, b, h)
        let arrived = Matrix(dc.scored(against: v), columns: M)
        let arriving = Matrix(
          dropped(eachRow(b) { l, n in Array(arrived.row(l).prefix(n)) }, b, h), columns: M)
        let dscore = eachRow(b) { l, n in
          let tape = Tape()
          let score = tape.watch(Tensor([1, n], Array(scores.row(l).prefix(n))))
          let weights = Tensor([1, n], Array(arriving.row(l).prefix(n)))
          let sum = ((score * scale).softmax() * weights).sum()
          return tape.gradients(of: sum, for: [score])[0]?.values ?? []
        }
        context.put(kept.mapped(by: v), row: b * L, column: h * K)
        dquery.put(dscore.mapped(by: k), row: b * L, column: h * K)
        dkeyValue.put(transposed(dscore).mapped(by: q), row: b * M, column: h * K)
        dkeyValue.put(transposed(kept).mapped(by: dc), row: b * M, column: D + h * K)
      }
    }
    return named(context.values, dquery.values, dkeyValue.values)
  }

  /// [L, M]: what `body` makes of the keys that a query sees, and +0 behind.
  private func eachRow(_ b: Int, _ body: (_ query: Int, _ seen: Int) -> [Float]) -> Tensor {
    let rows = (0..<L).flatMap { l in
      let seen = isCausal ? min(l + 1, visible[b]) : visible[b]
      return body(l, seen) + [Float](repeating: 0, count: M - seen)
    }
    return Tensor([L, M], rows)
  }

  /// What dropout leaves of one head's probabilities.
  private func dropped(_ head: Tensor, _ b: Int, _ h: Int) -> Tensor {
    var all = [Float](repeating: 0, count: B * H * L * M)
    let place = (b * H + h) * L * M
    all.replaceSubrange(place..<place + L * M, with: head.values)
    let kept = Tensor([B, H, L, M], all).droppedProbabilities(mask).values
    return Tensor([L, M], Array(kept[place..<place + L * M]))
  }
}

/// Numbers in rows.
private struct Matrix {
  private(set) var values: [Float]
  let columns: Int

  init(values: [Float], columns: Int) { (self.values, self.columns) = (values, columns) }
  init(_ tensor: Tensor, columns: Int) { self.init(values: tensor.values, columns: columns) }

  func row(_ number: Int) -> [Float] { Array(values[number * columns..<(number + 1) * columns]) }

  func block(rows first: Int, _ rows: Int, columns column: Int, _ width: Int) -> Tensor {
    Tensor([rows, width], (first..<first + rows).flatMap { row($0)[column..<column + width] })
  }

  mutating func put(_ block: Tensor, row first: Int, column: Int) {
    let own = Matrix(block, columns: block.shape.columns)
    for number in 0..<block.shape.rows {
      let start = (first + number) * columns + column
      values.replaceSubrange(start..<start + own.columns, with: own.row(number))
    }
  }
}

private func transposed(_ x: Tensor) -> Tensor {
  let own = Matrix(x, columns: x.shape.columns)
  let (rows, columns) = (x.shape.rows, x.shape.columns)
  return Tensor(
    [columns, rows], (0..<columns).flatMap { c in (0..<rows).map { own.values[$0 * columns + c] } })
}
