import CKernels
import Expectations
import Testing

/// One head among two that share their rows, keys and values side by side.
private struct Case: CustomStringConvertible {
  var queries, past, width: Int
  var window: Int?
  /// Rows of the position table before the first and after the last that is met.
  var spare = (before: 0, after: 0)
  var dropout = false

  var description: String {
    "\(queries) after \(past), width \(width)" + (window.map { ", window of \($0)" } ?? "")
      + (dropout ? ", dropout" : "")
  }

  private static let place = random_place(key: (5, 6), site: 7, step: 8, purpose: 2)
  private static let firstElement: UInt64 = 1 << 34 - 21
  private static let threshold: UInt32 = 0xb333_3333
  private static let dropoutScale: Float = 1.4285715

  private var keys: Int { past + queries }
  private var dropoutRow: Int { keys + keys % 3 }
  private var first: Int { spare.before + queries - 1 - max(0, keys - (window ?? keys)) }
  private var positions: Int { first + past + 1 + spare.after }

  private var statement: RelativeAttentionStatement<Float> {
    let factors: [Float] = (0..<queries * keys).map { index in
      let element = Self.firstElement + UInt64(index / keys * dropoutRow + index % keys)
      let word = Statement.word(element, seed: 6 << 32 | 5, purpose: 2, site: 7, step: 8)
      return word < Self.threshold ? Self.dropoutScale : 0
    }
    return RelativeAttentionStatement(
      queries: queries, past: past, width: width, positions: positions, first: first, window: window,
      scale: 0.3, factors: dropout ? factors : nil)
  }

  /// Rows without gaps spread out to rows `row` apart; what lies between is untouched.
  private func spread(_ values: [Float], _ row: Int) -> [Float] {
    var spread = [Float](repeating: GuardedMemory.untouched, count: (values.count / width - 1) * row + width)
    for (i, value) in values.enumerated() { spread[i / width * row + i % width] = value }
    return spread
  }

  func expectSame(sourceLocation: SourceLocation = #_sourceLocation) {
    let a = plainNoise(queries * width, seed: 1), b = plainNoise(queries * width, seed: 5)
    let k = plainNoise(keys * width, seed: 2), v = plainNoise(keys * width, seed: 3)
    let r = plainNoise(positions * width, seed: 6), dcontext = plainNoise(queries * width, seed: 4)
    let (context, probability) = statement(a, b, k, v, r)
    let expected = statement.pullback(dcontext, probability: probability, a, b, k, v, r)
    // What other sequences have left in the gradient of the table; zero where several chunks come to it.
    let earlier =
      queries <= 256 ? plainNoise(r.count, seed: 9) : [Float](repeating: 0, count: r.count)
    let dr = zip(earlier, expected.dr).map { $0 + $1 }
    let (queryRow, keyRow, contextRow, positionRow) = (width + 3, 2 * width, width + 16, 3 * width)
    for set in InstructionSet.here {
      withUnsafePointer(to: Self.place) { place in
        var head = relative_attention_head(
          queries: queries, keys: keys, width: width, query_row: queryRow, key_row: keyRow, value_row: keyRow,
          context_row: contextRow, position_row: positionRow, past: past, window: window ?? keys,
          first: first,
          scale: 0.3, dropout_row: dropoutRow,
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
        let (qa, qb) = (memory.holding(spread(a, queryRow)), memory.holding(spread(b, queryRow)))
        let (ks, vs) = (memory.holding(spread(k, keyRow)), memory.holding(spread(v, keyRow)))
        let rs = memory.holding(spread(r, positionRow))
        let (contexts, unkept) = (room(context, contextRow), room(context, contextRow))
        let probabilities = memory.room(probability.count)
        set.kernels.relative_attention(contexts, probabilities, qa, qb, ks, vs, rs, &head)
        expect(contexts, context, contextRow, "context")
        expectSameBits(
          memory.contents(probabilities, probability.count), probability, "probability \(set.name) \(self)",
          sourceLocation: sourceLocation)
        set.kernels.relative_attention(unkept, nil, qa, qb, ks, vs, rs, &head)
        expect(unkept, context, contextRow, "context without probabilities")

        let (da, db) = (room(expected.dcontent, queryRow), room(expected.dpositional, queryRow))
        let (dk, dv) = (room(expected.dk, keyRow), room(expected.dv, keyRow))
        let drs = memory.holding(spread(earlier, positionRow))
        let dcontexts = memory.holding(spread(dcontext, contextRow))
        set.kernels.relative_attention_pullback(
          da, db, dk, dv, drs, dcontexts, probabilities, qa, qb, ks, vs, rs, &head)
        expect(da, expected.dcontent, queryRow, "content gradient")
        expect(db, expected.dpositional, queryRow, "position gradient")
        expect(dk, expected.dk, keyRow, "dk")
        expect(dv, expected.dv, keyRow, "dv")
        expect(drs, dr, positionRow, "dr")
      }
    }
  }
}

@Suite struct RelativeAttention {
  @Test(arguments: [1, 5, 16, 17, 33, 64, 65], [0, 1, 16, 40])
  func `heads that see all before have the bits of the composition`(queries: Int, past: Int) {
    Case(queries: queries, past: past, width: 8).expectSame()
    Case(queries: queries, past: past, width: 33, spare: (3, 2), dropout: true).expectSame()
  }

  @Test(arguments: [1, 2, 8, 17, 64, 80], [0, 8, 64, 130])
  func `heads that see a window have the bits of the composition`(window: Int, past: Int) {
    Case(queries: 20, past: past, width: 16, window: window).expectSame()
    Case(queries: 7, past: past, width: 20, window: window, spare: (1, 0), dropout: true).expectSame()
  }

  @Test(arguments: [127, 128, 129, 257], [false, true])
  func `queries in blocks are as queries together`(queries: Int, dropout: Bool) {
    Case(queries: queries, past: 90, width: 4, window: 90, dropout: dropout).expectSame()
    Case(queries: queries, past: 70, width: 5, dropout: dropout).expectSame()
  }

  @Test(arguments: [513, 528, 560], [false, true])
  func `rows of many keys, finished one by one, are as several together`(keys: Int, dropout: Bool) {
    Case(queries: 18, past: keys - 18, width: 8, dropout: dropout).expectSame()
    Case(queries: 130, past: keys - 130, width: 4, window: 140, dropout: dropout).expectSame()
    Case(queries: 5, past: keys - 5, width: 20, window: 520, spare: (1, 2), dropout: dropout).expectSame()
  }

  @Test func `many keys are added in chunks of their own numbers`() {
    Case(queries: 140, past: 420, width: 4, window: 270, dropout: true).expectSame()
    Case(queries: 300, past: 300, width: 4, window: 300).expectSame()
    Case(queries: 3, past: 600, width: 258, window: 5).expectSame()
    Case(queries: 3, past: 600, width: 3).expectSame()
  }

  @Test func `what an earlier call left in scratch memory does no harm`() {
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let broken = memory.holding([Float](repeating: .nan, count: 80 * 40))
      let out = (0..<6).map { _ in memory.room(80 * 40) }
      var head = relative_attention_head(
        queries: 40, keys: 80, width: 40, query_row: 40, key_row: 40, value_row: 40, context_row: 40,
        position_row: 40, past: 40, window: 40, first: 0, scale: 1, dropout_row: 80, dropout: dropout_mask())
      set.kernels.relative_attention(out[0], out[1], broken, broken, broken, broken, broken, &head)
      set.kernels.relative_attention_pullback(
        out[2], out[3], out[4], out[5], out[0], broken, out[1], broken, broken, broken, broken, broken, &head)
      #expect(memory.contents(out[2], 1600).allSatisfy { $0.isNaN })
    }
    Case(queries: 20, past: 30, width: 24, window: 13).expectSame()
    Case(queries: 20, past: 10, width: 24, dropout: true).expectSame()
  }
}
