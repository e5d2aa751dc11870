import CKernels
import Expectations
import Testing

/// One head among two that share their rows, as they lie in the output of one projection.
private struct Case: CustomStringConvertible {
  var queries, keys, width: Int
  var visible: Int
  var causal = false
  var past = 0
  var dropout = false

  var description: String {
    "\(queries) x \(keys) x \(width), \(visible) visible" + (causal ? ", causal after \(past)" : "")
      + (dropout ? ", dropout" : "")
  }

  private static let place = random_place(key: (5, 6), site: 7, step: 8, purpose: 2)
  private static let firstElement: UInt64 = 1 << 34 - 21
  private static let threshold: UInt32 = 0xb333_3333
  private static let dropoutScale: Float = 1.4285715

  private var dropoutRow: Int { keys + keys % 3 }

  private var statement: AttentionStatement<Float> {
    var factors: [Float] = []
    for query in 0..<queries {
      for key in 0..<keys {
        let element = Self.firstElement + UInt64(query * dropoutRow + key)
        let word = Statement.word(element, seed: 6 << 32 | 5, purpose: 2, site: 7, step: 8)
        factors.append(word < Self.threshold ? Self.dropoutScale : 0)
      }
    }
    return AttentionStatement(
      queries: queries, keys: keys, width: width, visible: visible, causal: causal, past: past, scale: 0.3,
      factors: dropout ? factors : nil)
  }

  /// Rows without gaps spread out to rows `row` apart; what lies between is untouched.
  private func spread(_ values: [Float], _ row: Int) -> [Float] {
    guard !values.isEmpty else { return [] }
    var spread = [Float](repeating: GuardedMemory.untouched, count: (values.count / width - 1) * row + width)
    for (i, value) in values.enumerated() { spread[i / width * row + i % width] = value }
    return spread
  }

  func expectSame(sourceLocation: SourceLocation = #_sourceLocation) {
    let q = plainNoise(queries * width, seed: 1).map { $0 * 2 }, k = plainNoise(keys * width, seed: 2)
    let v = plainNoise(keys * width, seed: 3), dcontext = plainNoise(queries * width, seed: 4)
    let (context, probability) = statement(q, k, v)
    let (dq, dk, dv) = statement.pullback(dcontext, probability: probability, q, k, v)
    let (queryRow, keyRow, valueRow, contextRow) = (width + 3, 2 * width, width, width + 16)
    for set in InstructionSet.here {
      withUnsafePointer(to: Self.place) { place in
        var head = attention_head(
          queries: queries, keys: keys, width: width, query_row: queryRow, key_row: keyRow,
          value_row: valueRow,
          context_row: contextRow, visible: visible, causal: causal ? 1 : 0, past: past, scale: 0.3,
          dropout_row: dropoutRow,
          dropout: dropout_mask(
            place: dropout ? place : nil, first_element: Self.firstElement, threshold: Self.threshold,
            scale: Self.dropoutScale))
        let memory = GuardedMemory()
        func expect(_ found: UnsafeMutablePointer<Float>, _ values: [Float], _ row: Int, _ what: String) {
          let expected = spread(values, row)
          expectSameBits(
            memory.contents(found, expected.count), expected, "\(what) \(set.name) \(self)",
            sourceLocation: sourceLocation)
        }
        func room(_ values: [Float], _ row: Int) -> UnsafeMutablePointer<Float> {
          memory.room(spread(values, row).count)
        }
        let qs = memory.holding(spread(q, queryRow)), ks = memory.holding(spread(k, keyRow))
        let vs = memory.holding(spread(v, valueRow))
        let contexts = room(context, contextRow), probabilities = memory.room(probability.count)
        set.kernels.attention(contexts, probabilities, qs, ks, vs, &head)
        expect(contexts, context, contextRow, "context")
        expectSameBits(
          memory.contents(probabilities, probability.count), probability, "probability \(set.name) \(self)",
          sourceLocation: sourceLocation)
        let unkept = room(context, contextRow)
        set.kernels.attention(unkept, nil, qs, ks, vs, &head)
        expect(unkept, context, contextRow, "context without probabilities")
        let (dqs, dks, dvs) = (room(dq, queryRow), room(dk, keyRow), room(dv, valueRow))
        let dcontexts = memory.holding(spread(dcontext, contextRow))
        set.kernels.attention_pullback(dqs, dks, dvs, dcontexts, probabilities, qs, ks, vs, &head)
        expect(dqs, dq, queryRow, "dq")
        expect(dks, dk, keyRow, "dk")
        expect(dvs, dv, valueRow, "dv")
      }
    }
  }
}

@Suite struct Attention {
  @Test(arguments: [1, 5, 16, 17, 33, 64], [1, 8, 16, 32, 33])
  func `causal heads have the bits of the composition`(length: Int, width: Int) {
    Case(queries: length, keys: length, width: width, visible: length, causal: true).expectSame()
    Case(queries: length, keys: length, width: width, visible: length, causal: true, dropout: true)
      .expectSame()
  }

  @Test(arguments: [0, 1, 15, 30, 45], [false, true])
  func `the last queries of a causal head keep their places`(past: Int, dropout: Bool) {
    Case(
      queries: 47 - past, keys: 50, width: 24, visible: 48, causal: true, past: past, dropout: dropout
    ).expectSame()
  }

  @Test(arguments: [1, 5, 16, 48, 70, 130, 300], [false, true])
  func `heads over a memory have the bits of the composition`(keys: Int, dropout: Bool) {
    Case(queries: 16, keys: keys, width: 32, visible: keys, dropout: dropout).expectSame()
    Case(queries: 7, keys: keys, width: 20, visible: keys, dropout: dropout).expectSame()
  }

  @Test(arguments: [0, 1, 15, 16, 17, 20], [false, true])
  func `masked keys take no part`(visible: Int, dropout: Bool) {
    Case(queries: 9, keys: 20, width: 24, visible: visible, dropout: dropout).expectSame()
    Case(queries: 20, keys: 20, width: 24, visible: visible, causal: true, dropout: dropout).expectSame()
  }

  @Test func `more queries than a chunk are added in chunks`() {
    Case(queries: 260, keys: 260, width: 4, visible: 260, causal: true).expectSame()
    Case(queries: 300, keys: 300, width: 20, visible: 300, causal: true, dropout: true).expectSame()
    Case(queries: 290, keys: 70, width: 12, visible: 66, dropout: true).expectSame()
    Case(queries: 3, keys: 3, width: 258, visible: 3).expectSame()
  }

  @Test(arguments: [513, 528, 600], [false, true])
  func `rows of many keys, finished one by one, are as several together`(keys: Int, dropout: Bool) {
    Case(queries: 3, keys: keys, width: 8, visible: keys, dropout: dropout).expectSame()
    Case(queries: 18, keys: keys, width: 20, visible: keys - 9, dropout: dropout).expectSame()
    Case(
      queries: 101, keys: keys, width: 4, visible: keys, causal: true, past: keys - 101, dropout: dropout
    ).expectSame()
  }

  @Test func `what an earlier call left in scratch memory does no harm`() {
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let broken = memory.holding([Float](repeating: .nan, count: 40 * 40))
      let out = (0..<5).map { _ in memory.room(40 * 40) }
      var head = attention_head(
        queries: 40, keys: 40, width: 40, query_row: 40, key_row: 40, value_row: 40, context_row: 40,
        visible: 40, causal: 0, past: 0, scale: 1, dropout_row: 40, dropout: dropout_mask())
      set.kernels.attention(out[0], out[1], broken, broken, broken, &head)
      set.kernels.attention_pullback(out[2], out[3], out[4], broken, out[1], broken, broken, broken, &head)
      #expect(memory.contents(out[2], 1600).allSatisfy { $0.isNaN })
    }
    Case(queries: 9, keys: 20, width: 24, visible: 13).expectSame()
    Case(queries: 20, keys: 20, width: 24, visible: 18, causal: true, dropout: true).expectSame()
    Case(queries: 5, keys: 100, width: 24, visible: 70).expectSame()
  }
}
