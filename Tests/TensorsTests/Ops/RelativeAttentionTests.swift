import Expectations
import Tensors
import Testing

/// Attention by content and distance, beside the statement of one head of one sequence.
private struct Attending: StatedOperation {
  var (B, L, past, D, heads) = (1, 1, 0, 1, 1)
  var window: Int?
  var first: Int
  var P: Int
  var mask: DropoutMask?
  private let scale: Float = 0.7

  init(B: Int, L: Int, past: Int, D: Int, heads: Int, window: Int? = nil) {
    (self.B, self.L, self.past, self.D, self.heads, self.window) = (B, L, past, D, heads, window)
    (first, P) = (L - 1, past + L)
  }

  var inputs: [Shape] { [[B, L, D], [B, L, D], [B, past + L, 2 * D], [P, D]] }

  func computed(_ x: [Tensor]) -> Tensor {
    let attention = RelativeAttention(
      heads: heads, scale: scale, past: past, window: window, dropout: mask)
    return attention(
      contentQuery_BLD: x[0], positionQuery_BLD: x[1], keyValue_BME: x[2], position_PD: x[3], first: first)
  }

  /// The columns of one head in `rows` rows of a tensor.
  private func part<S>(_ x: [S], rows: Range<Int>, width: Int, from column: Int) -> [S] {
    rows.flatMap { row in x[row * width + column..<row * width + column + D / heads] }
  }

  /// What one head of one sequence is given: both queries, keys, values, positions.
  private func inputs<S>(_ x: [[S]], _ b: Int, _ h: Int) -> (a: [S], b: [S], k: [S], v: [S], r: [S]) {
    let (K, M) = (D / heads, past + L)
    let (queries, keys) = (b * L..<(b + 1) * L, b * M..<(b + 1) * M)
    return (
      part(x[0], rows: queries, width: D, from: h * K), part(x[1], rows: queries, width: D, from: h * K),
      part(x[2], rows: keys, width: 2 * D, from: h * K),
      part(x[2], rows: keys, width: 2 * D, from: D + h * K),
      part(x[3], rows: 0..<P, width: D, from: h * K)
    )
  }

  private func statement<S: Scalar>(_ b: Int, _ h: Int) -> RelativeAttentionStatement<S> {
    let M = past + L
    let factors = mask.map { mask in
      (0..<L * M).map { index -> S in
        let row = (mask.origins[b] * UInt64(heads) + UInt64(h)) * UInt64(mask.rows) + UInt64(index / M)
        let word = Statement.word(
          row * UInt64(mask.columns) + UInt64(index % M), seed: mask.place.seed, purpose: 2,
          site: mask.place.site, step: mask.place.step)
        return Double(word) < ((1 - mask.rate) * 0x1p32).rounded(.down) ? S(Float(1 / (1 - mask.rate))) : 0
      }
    }
    return RelativeAttentionStatement(
      queries: L, past: past, width: D / heads, positions: P, first: first, window: window, scale: S(scale),
      factors: factors)
  }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    var out = [S](repeating: 0, count: B * L * D)
    let K = D / heads
    for b in 0..<B {
      for h in 0..<heads {
        let given = inputs(x, b, h)
        let (context, _) = statement(b, h)(given.a, given.b, given.k, given.v, given.r)
        for index in context.indices { out[(b * L + index / K) * D + h * K + index % K] = context[index] }
      }
    }
    return out
  }

  /// The gradient of the position table when that of the context is `dcontext`: sequences in groups of four.
  func statedPositionGradient(_ x: [[Float]], _ dcontext: [Float]) -> [Float] {
    let K = D / heads
    var all = [Float](repeating: 0, count: P * D)
    for group in stride(from: 0, to: B, by: 4) {
      var sum = [Float](repeating: 0, count: P * D)
      for b in group..<min(B, group + 4) {
        for h in 0..<heads {
          let given = inputs(x, b, h)
          let statement: RelativeAttentionStatement<Float> = statement(b, h)
          let (_, probability) = statement(given.a, given.b, given.k, given.v, given.r)
          let dr = statement.pullback(
            part(dcontext, rows: b * L..<(b + 1) * L, width: D, from: h * K), probability: probability,
            given.a, given.b, given.k, given.v, given.r
          ).dr
          for index in dr.indices { sum[index / K * D + h * K + index % K] += dr[index] }
        }
      }
      for index in all.indices { all[index] = group == 0 ? sum[index] : all[index] + sum[index] }
    }
    return all
  }

  /// With dropout whose mask is larger than what is attended to.
  func dropping(_ rate: Double) -> Attending {
    var dropping = self
    dropping.mask = DropoutMask(
      place: Place(seed: 11, purpose: .dropout, site: 13, step: 17), rate: rate,
      origins: (0..<B).map { UInt64(5 + 3 * $0) }, heads: heads, rows: L + 1, columns: past + L + 2)
    return dropping
  }
}

@Suite struct RelativeAttentionTests {
  @Test(arguments: [(1, 0), (1, 4), (5, 3), (17, 9)], [nil, 1, 4])
  func `attention by content and distance is as stated`(sizes: (L: Int, past: Int), window: Int?) {
    let attending = Attending(B: 2, L: sizes.L, past: sizes.past, D: 6, heads: 2, window: window)
    expectStated(attending)
    expectStated(attending.dropping(0.4))
  }

  @Test func `a table may be longer than what is met`() {
    // As the Compressive Transformer's: made for a full segment and full memories.
    var attending = Attending(B: 2, L: 3, past: 2, D: 4, heads: 2)
    (attending.first, attending.P) = (5, 11)
    expectStated(attending)
  }

  @Test func `heads are shared out among threads`() {
    expectStated(Attending(B: 3, L: 40, past: 40, D: 32, heads: 2, window: 40).dropping(0.1))
  }

  @Test(arguments: [1, 4, 5, 9])
  func `gradients of the positions are added in groups of four sequences`(B: Int) {
    let attending = Attending(B: B, L: 9, past: 9, D: 8, heads: 2, window: 9).dropping(0.2)
    let x = attending.inputs.enumerated().map { plainNoise($1.count, seed: UInt64($0) + 1) }
    let dcontext = plainNoise(B * 9 * 8, seed: 50)
    let expected = attending.statedPositionGradient(x, dcontext)
    for (name, found) in onEveryProcessor({
      let tape = Tape()
      var given = zip(attending.inputs, x).map { Tensor($0, $1) }
      given[3] = tape.watch(given[3])
      let loss = attending.computed(given).sum(weightedBy: Tensor([B, 9, 8], dcontext))
      return tape.gradients(of: loss, for: [given[3]])[0]?.values ?? []
    }) {
      expectSameBits(found, expected, "\(B) sequences by \(name)")
    }
  }

  @Test(arguments: [nil, 7], [0..<19, 0..<4, 12..<17, 18..<19])
  func `some queries have the numbers they have among all`(window: Int?, queries: Range<Int>) {
    let (B, L, past, D) = (2, 19, 6, 8)
    let all = Attending(B: B, L: L, past: past, D: D, heads: 2, window: window).dropping(0.3)
    let x = all.inputs.enumerated().map { plainNoise($1.count, seed: UInt64($0) + 1) }
    func chosen(_ values: [Float], _ width: Int) -> [Float] {
      values.indices.filter { queries.contains($0 / width % L) }.map { values[$0] }
    }
    // What the others add to the loss is multiplied by zero.
    let weights = (0..<B * L * D).map {
      queries.contains($0 / D % L) ? plainNoise(1, seed: UInt64($0))[0] : 0
    }
    func learned(_ attention: RelativeAttention, _ x: [Tensor], first: Int, _ weights: [Float]) -> [[Float]] {
      let tape = Tape()
      let traced = x.map { tape.watch($0) }
      let context = attention(
        contentQuery_BLD: traced[0], positionQuery_BLD: traced[1], keyValue_BME: traced[2],
        position_PD: traced[3], first: first)
      let loss = context.sum(weightedBy: Tensor(context.shape, weights))
      return [context.values] + tape.gradients(of: loss, for: traced).map { $0?.values ?? [] }
    }
    let given = zip(all.inputs, x).map { Tensor($0, $1) }
    let whole = learned(
      RelativeAttention(heads: 2, scale: 0.7, past: past, window: window, dropout: all.mask), given,
      first: all.first, weights)
    let some = learned(
      RelativeAttention(
        heads: 2, scale: 0.7, past: past + queries.lowerBound, window: window,
        dropout: all.mask?.from(row: queries.lowerBound)),
      [given[0].positions(queries), given[1].positions(queries), given[2], given[3]],
      first: all.first - queries.lowerBound, chosen(weights, D))
    expectSameBits(some[0], chosen(whole[0], D))
    // Within one chunk of queries the others only add zeros.
    for (found, expected) in [
      (some[1], chosen(whole[1], D)), (some[2], chosen(whole[2], D)), (some[3], whole[3]),
      (some[4], whole[4]),
    ] { expectSameBits(found.map { $0 + 0 }, expected.map { $0 + 0 }, "\(queries)") }
  }

  @Test func `gradients are wanted or not, the context is the same`() {
    let attending = Attending(B: 2, L: 20, past: 30, D: 8, heads: 2, window: 30).dropping(0.3)
    let x = zip(attending.inputs, attending.inputs.indices).map {
      Tensor($0, plainNoise($0.count, seed: UInt64($1)))
    }
    let tape = Tape()
    let (traced, plain) = (attending.computed(x.map { tape.watch($0) }), attending.computed(x))
    #expect(traced.isTraced && !plain.isTraced)
    expectSameBits(plain.values, traced.values)
  }

  @Test func `rows of a batch do not know of each other`() {
    let batch = Attending(B: 3, L: 3, past: 4, D: 4, heads: 2, window: 4).dropping(0.3)
    let x = batch.inputs.enumerated().map { plainNoise($1.count, seed: UInt64($0) + 1) }
    let together = batch.computed(zip(batch.inputs, x).map { Tensor($0, $1) }).values
    for row in 0..<3 {
      var alone = Attending(B: 1, L: 3, past: 4, D: 4, heads: 2, window: 4)
      alone.mask = batch.mask.map {
        DropoutMask(
          place: $0.place, rate: $0.rate, origins: [$0.origins[row]], heads: 2, rows: $0.rows,
          columns: $0.columns)
      }
      let given = zip(alone.inputs, x).enumerated().map { index, input in
        let (shape, values) = input
        return Tensor(shape, index == 3 ? values : Array(values[row * shape.count..<(row + 1) * shape.count]))
      }
      expectSameBits(
        alone.computed(given).values, Array(together[row * 12..<(row + 1) * 12]), "row \(row)")
    }
  }

  @Test func `a table that lacks a row that is met is refused`() async {
    await #expect(processExitsWith: .failure) {
      var attending = Attending(B: 1, L: 3, past: 2, D: 4, heads: 1)
      attending.first = 1
      _ = attending.computed(attending.inputs.map { Tensor($0, repeating: 0) })
    }
  }
}
