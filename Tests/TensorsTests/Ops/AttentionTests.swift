import Expectations
import Tensors
import Testing

/// Attention in each of its three forms, beside the statement of one head of one sequence.
private struct Attending: StatedOperation {
  enum Form { case one, pair, three }
  var form: Form
  var (B, L, M, D, heads) = (1, 1, 1, 1, 1)
  var isCausal = false
  var visible: [Int]?
  var mask: DropoutMask?
  private let scale: Float = 0.7

  init(_ form: Form, B: Int, L: Int, M: Int, D: Int, heads: Int) {
    (self.form, self.B, self.L, self.M, self.D, self.heads) = (form, B, L, M, D, heads)
  }

  var inputs: [Shape] {
    switch form {
    case .one: [[B, L, 3 * D]]
    case .pair: [[B, L, D], [B, M, 2 * D]]
    case .three: [[B, L, D], [B, M, D], [B, M, D]]
    }
  }

  private var attention: Attention {
    Attention(heads: heads, scale: scale, isCausal: isCausal, dropout: mask)
  }

  func computed(_ x: [Tensor]) -> Tensor {
    switch form {
    case .one: attention(queryKeyValue_BLE: x[0])
    case .pair: attention(query_BLD: x[0], keyValue_BME: x[1], visible: visible).context_BLD
    case .three: attention(query_BLD: x[0], key_BMD: x[1], value_BMD: x[2]).context_BLD
    }
  }

  /// Of queries and memories.
  func probabilities(_ x: [Tensor]) -> Tensor {
    attention(query_BLD: x[0], keyValue_BME: x[1], visible: visible).probability_BHLM
  }

  /// The columns of one head in one sequence of [B, rows, width].
  private func part<S>(_ x: [S], _ b: Int, rows: Int, width: Int, from column: Int) -> [S] {
    let K = D / heads
    return (0..<rows).flatMap { row in
      let start = (b * rows + row) * width + column
      return x[start..<start + K]
    }
  }

  private func eachHead<S: Scalar>(_ x: [[S]], _ body: (Int, Int, [S], [S]) -> Void) {
    let K = D / heads
    for b in 0..<B {
      for h in 0..<heads {
        let column = h * K
        let (q, k, v): ([S], [S], [S]) =
          switch form {
          case .one:
            (
              part(x[0], b, rows: L, width: 3 * D, from: column),
              part(x[0], b, rows: L, width: 3 * D, from: D + column),
              part(x[0], b, rows: L, width: 3 * D, from: 2 * D + column)
            )
          case .pair:
            (
              part(x[0], b, rows: L, width: D, from: column),
              part(x[1], b, rows: M, width: 2 * D, from: column),
              part(x[1], b, rows: M, width: 2 * D, from: D + column)
            )
          case .three:
            (
              part(x[0], b, rows: L, width: D, from: column), part(x[1], b, rows: M, width: D, from: column),
              part(x[2], b, rows: M, width: D, from: column)
            )
          }
        let statement = AttentionStatement(
          queries: L, keys: M, width: K, visible: visible?[b] ?? M, causal: isCausal, scale: S(scale),
          factors: factors(b, h))
        let (context, probability) = statement(q, k, v)
        body(b, h, context, probability)
      }
    }
  }

  private func factors<S: Scalar>(_ b: Int, _ h: Int) -> [S]? {
    guard let mask else { return nil }
    return (0..<L * M).map { index in
      let row = (mask.origins[b] * UInt64(heads) + UInt64(h)) * UInt64(mask.rows) + UInt64(index / M)
      let word = Statement.word(
        row * UInt64(mask.columns) + UInt64(index % M), seed: mask.place.seed, purpose: 2,
        site: mask.place.site,
        step: mask.place.step)
      return Double(word) < ((1 - mask.rate) * 0x1p32).rounded(.down) ? S(Float(1 / (1 - mask.rate))) : 0
    }
  }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    var out = [S](repeating: 0, count: B * L * D)
    let K = D / heads
    eachHead(x) { b, h, context, _ in
      for index in context.indices { out[(b * L + index / K) * D + h * K + index % K] = context[index] }
    }
    return out
  }

  func statedProbabilities(_ x: [[Float]]) -> [Float] {
    var all: [Float] = []
    eachHead(x) { _, _, _, probability in all += probability }
    return all
  }

  /// With dropout whose mask is larger than what is attended to.
  func dropping(_ rate: Double, columns: Int? = nil) -> Attending {
    var dropping = self
    dropping.mask = DropoutMask(
      place: Place(seed: 11, purpose: .dropout, site: 13, step: 17), rate: rate,
      origins: (0..<B).map { UInt64(5 + 3 * $0) }, heads: heads, rows: L + 1, columns: columns ?? M)
    return dropping
  }
}

@Suite struct AttentionTests {
  @Test(arguments: [(1, 1), (5, 3), (17, 4)], [false, true])
  func `self-attention is as stated`(sizes: (L: Int, K: Int), isCausal: Bool) {
    var attending = Attending(.one, B: 2, L: sizes.L, M: sizes.L, D: 2 * sizes.K, heads: 2)
    attending.isCausal = isCausal
    expectStated(attending)
    expectStated(attending.dropping(0.4))
  }

  @Test(arguments: [false, true])
  func `some queries have the numbers they have among all, and the others no gradient`(isCausal: Bool) {
    let (B, L, D) = (2, 19, 8)
    var all = Attending(.one, B: B, L: L, M: L, D: D, heads: 2)
    all.isCausal = isCausal
    let mask = all.dropping(0.3).mask
    let attention = Attention(heads: 2, scale: 0.7, isCausal: isCausal, dropout: mask)
    let x = plainNoise(B * L * 3 * D, seed: 3)
    for queries in [0..<19, 0..<4, 12..<17, 18..<19] {
      // What the others add to the loss is multiplied by zero.
      let weights = (0..<B * L * D).map {
        queries.contains($0 / D % L) ? plainNoise(1, seed: UInt64($0))[0] : 0
      }
      func learned(_ queries: Range<Int>?, _ weights: [Float]) -> (context: [Float], gradient: [Float]) {
        let tape = Tape()
        let traced = tape.watch(Tensor([B, L, 3 * D], x))
        let context = attention(queryKeyValue_BLE: traced, queries: queries)
        let loss = context.sum(weightedBy: Tensor(context.shape, weights))
        return (context.values, tape.gradients(of: loss, for: [traced])[0]?.values ?? [])
      }
      func chosen(_ values: [Float]) -> [Float] {
        values.indices.filter { queries.contains($0 / D % L) }.map { values[$0] }
      }
      let whole = learned(nil, weights), some = learned(queries, chosen(weights))
      expectSameBits(some.context, chosen(whole.context))
      // Within one chunk of queries the others only add zeros.
      expectSameBits(some.gradient.map { $0 + 0 }, whole.gradient.map { $0 + 0 }, "\(queries)")
    }
  }

  @Test(arguments: [1, 4, 7])
  func `attention to memories is as stated`(M: Int) {
    let attending = Attending(.pair, B: 2, L: 3, M: M, D: 6, heads: 3)
    expectStated(attending)
    expectStated(attending.dropping(0.4, columns: 9))
  }

  @Test(arguments: [[0, 5], [3, 0], [5, 1], [0, 0]])
  func `memories that are not visible take no part`(visible: [Int]) {
    var attending = Attending(.pair, B: 2, L: 3, M: 5, D: 4, heads: 2)
    attending.visible = visible
    expectStated(attending)
    expectStated(attending.dropping(0.3, columns: 8))
  }

  @Test func `keys and values of their own are as stated`() {
    expectStated(Attending(.three, B: 2, L: 3, M: 8, D: 5, heads: 1))
    expectStated(Attending(.three, B: 1, L: 16, M: 33, D: 8, heads: 2))
  }

  @Test func `heads are shared out among threads`() {
    var attending = Attending(.one, B: 3, L: 48, M: 48, D: 32, heads: 2)
    attending.isCausal = true
    expectStated(attending.dropping(0.1))
  }

  @Test func `probabilities are told as they are before dropout`() {
    var attending = Attending(.pair, B: 2, L: 3, M: 5, D: 4, heads: 2).dropping(0.5)
    attending.visible = [4, 5]
    let x = attending.inputs.enumerated().map { plainNoise($1.count, seed: UInt64($0) + 3) }
    let expected = attending.statedProbabilities(x)
    for (name, found) in onEveryProcessor({
      attending.probabilities(zip(attending.inputs, x).map { Tensor($0, $1) })
    }) {
      #expect(found.shape == [2, 2, 3, 5] && !found.isTraced)
      expectSameBits(found.values, expected, name)
    }
  }

  @Test func `who sees nothing gets a context of zeros, and gives no gradient`() {
    let attention = Attention(heads: 1, scale: 1, isCausal: false, dropout: nil)
    let tape = Tape()
    let q = tape.watch(Tensor([1, 2, 4], plainNoise(8)))
    let kv = tape.watch(Tensor([1, 3, 8], plainNoise(24)))
    let context = attention(query_BLD: q, keyValue_BME: kv, visible: [0]).context_BLD
    expectSameBits(context.values, [Float](repeating: 0, count: 8))
    let gradients = tape.gradients(of: context.sum(), for: [q, kv])
    expectSameBits(gradients[0]?.values ?? [], [Float](repeating: 0, count: 8))
    expectSameBits(gradients[1]?.values ?? [], [Float](repeating: 0, count: 24))
  }

  @Test func `attention to no memories at all is zero`() {
    let attention = Attention(heads: 2, scale: 1, isCausal: false, dropout: nil)
    let q = Tensor([2, 3, 4], plainNoise(24))
    let attended = attention(query_BLD: q, keyValue_BME: Tensor([2, 0, 8], []))
    expectSameBits(attended.context_BLD.values, [Float](repeating: 0, count: 24))
    #expect(attended.probability_BHLM.shape == [2, 2, 3, 0])
  }

  @Test func `rows of a batch do not know of each other`() {
    var batch = Attending(.pair, B: 3, L: 3, M: 6, D: 4, heads: 2).dropping(0.3)
    batch.visible = [6, 2, 0]
    let q = plainNoise(3 * 12, seed: 1)
    let kv = plainNoise(3 * 48, seed: 2)
    let together = batch.computed([Tensor([3, 3, 4], q), Tensor([3, 6, 8], kv)]).values
    for row in 0..<3 {
      // Alone, a row is padded no wider than it needs.
      let M = max(batch.visible?[row] ?? 0, 1)
      var alone = Attending(.pair, B: 1, L: 3, M: M, D: 4, heads: 2)
      alone.visible = [batch.visible?[row] ?? 0]
      alone.mask = batch.mask.map {
        DropoutMask(
          place: $0.place, rate: $0.rate, origins: [$0.origins[row]], heads: 2, rows: $0.rows,
          columns: $0.columns)
      }
      let found = alone.computed([
        Tensor([1, 3, 4], Array(q[row * 12..<(row + 1) * 12])),
        Tensor([1, M, 8], Array(kv[row * 48..<row * 48 + M * 8])),
      ]).values
      expectSameBits(found, Array(together[row * 12..<(row + 1) * 12]), "row \(row)")
    }
  }
}
