import CKernels
import Expectations
import Testing

/// One head among several that share their rows.
private struct Case: CustomStringConvertible {
  var queries, functions, width: Int
  /// Variances of the basis functions go round after this many.
  var widths = 2

  var description: String { "\(queries) x \(functions) x \(width), \(widths) widths" }

  private var statement: ContinuousAttentionStatement<Float> {
    ContinuousAttentionStatement(
      width: width, centres: (0..<functions).map { Float($0 / widths * widths) / Float(functions) },
      variances: (0..<functions).map { [0.0025, 0.01, 0.0004, 0.04, 0.0081][$0 % widths] })
  }

  /// The least multiple of sixteen that the variances go round in: how a caller may say it. Or all of them.
  private var repeats: [Int] {
    let shared = (1...16).map { 16 * $0 }.first { $0 % widths == 0 }
    return [functions, functions + 5] + [shared].compactMap { $0 }
  }

  /// Rows without gaps spread out to rows `row` apart; what lies between is untouched.
  private func spread(_ values: [Float], _ width: Int, _ row: Int) -> [Float] {
    guard !values.isEmpty else { return [] }
    var spread = [Float](repeating: GuardedMemory.untouched, count: (values.count / width - 1) * row + width)
    for (i, value) in values.enumerated() { spread[i / width * row + i % width] = value }
    return spread
  }

  func expectSame(sourceLocation: SourceLocation = #_sourceLocation) {
    let mean = plainNoise(queries, seed: 1).map { 0.5 + 0.6 * $0 }
    let variance = plainNoise(queries, seed: 2).map { 1e-4 + 0.02 * $0.magnitude }
    let v = plainNoise(functions * width, seed: 3), dcontext = plainNoise(queries * width, seed: 4)
    let context = statement(mean, variance, v)
    let (dmean, dvariance, dv) = statement.pullback(dcontext, mean, variance, v)
    let (bellRow, valueRow, contextRow) = (3, width + 5, width + 16)
    for (set, period) in InstructionSet.here.flatMap({ set in repeats.map { (set, $0) } }) {
      let memory = GuardedMemory()
      var head = continuous_head(
        queries: queries, functions: functions, width: width, bell_row: bellRow, value_row: valueRow,
        context_row: contextRow, centres: memory.holding(statement.centres),
        variances: memory.holding(statement.variances), repeat: period)
      func expect(
        _ found: UnsafeMutablePointer<Float>, _ values: [Float], _ width: Int, _ row: Int, _ what: String
      ) {
        let expected = spread(values, width, row)
        expectSameBits(
          memory.contents(found, expected.count), expected, "\(what) \(set.name) \(self), repeat \(period)",
          sourceLocation: sourceLocation)
      }
      func room(_ values: [Float], _ width: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
        memory.room(spread(values, width, row).count)
      }
      let means = memory.holding(spread(mean, 1, bellRow))
      let spreads = memory.holding(spread(variance, 1, bellRow))
      let vs = memory.holding(spread(v, width, valueRow)), contexts = room(context, width, contextRow)
      set.kernels.continuous_attention(contexts, means, spreads, vs, &head)
      expect(contexts, context, width, contextRow, "context")
      let (dmeans, dspreads) = (room(dmean, 1, bellRow), room(dvariance, 1, bellRow))
      let dvs = room(dv, width, valueRow)
      let dcontexts = memory.holding(spread(dcontext, width, contextRow))
      set.kernels.continuous_attention_pullback(dmeans, dspreads, dvs, dcontexts, means, spreads, vs, &head)
      expect(dmeans, dmean, 1, bellRow, "dmean")
      expect(dspreads, dvariance, 1, bellRow, "dvariance")
      expect(dvs, dv, width, valueRow, "dv")
    }
  }
}

@Suite struct ContinuousAttention {
  @Test(arguments: edgeSizes.filter { $0 <= 65 } + [130, 257], [1, 2, 3, 5])
  func `heads have the bits of densities and product`(functions: Int, widths: Int) {
    Case(queries: 5, functions: functions, width: 8, widths: widths).expectSame()
  }

  @Test(arguments: [1, 2, 16, 17, 33], [1, 7, 16, 32, 33])
  func `every tile edge has the bits of densities and product`(queries: Int, width: Int) {
    Case(queries: queries, functions: 34, width: width).expectSame()
  }

  @Test(arguments: [255, 256, 257, 515])
  func `blocks of queries join without a seam`(queries: Int) {
    Case(queries: queries, functions: 20, width: 5).expectSame()
  }

  @Test func `wide heads and many functions are added in chunks`() {
    Case(queries: 3, functions: 4, width: 520).expectSame()
    Case(queries: 260, functions: 300, width: 3).expectSame()
  }

  @Test(arguments: InstructionSet.here)
  func `no queries leave no gradient in the values`(set: InstructionSet) {
    let memory = GuardedMemory()
    let basis = memory.holding([Float](repeating: 0.5, count: 2)), dv = memory.room(6)
    var head = continuous_head(
      queries: 0, functions: 2, width: 3, bell_row: 1, value_row: 3, context_row: 3, centres: basis,
      variances: basis, repeat: 2)
    let none = memory.room(0)
    set.kernels.continuous_attention_pullback(
      none, none, dv, none, none, none, memory.holding(plainNoise(6)), &head)
    expectSameBits(memory.contents(dv, 6), [Float](repeating: 0, count: 6))
  }

  @Test func `what an earlier call left in scratch memory does no harm`() {
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let broken = memory.holding([Float](repeating: .nan, count: 40 * 40))
      let out = (0..<4).map { _ in memory.room(40 * 40) }
      var head = continuous_head(
        queries: 40, functions: 40, width: 40, bell_row: 1, value_row: 40, context_row: 40, centres: broken,
        variances: broken, repeat: 40)
      set.kernels.continuous_attention(out[0], broken, broken, broken, &head)
      set.kernels.continuous_attention_pullback(
        out[1], out[2], out[3], broken, broken, broken, broken, &head)
      #expect(memory.contents(out[0], 1600).allSatisfy { $0.isNaN })
      #expect(memory.contents(out[1], 40).allSatisfy { $0.isNaN })
    }
    Case(queries: 9, functions: 20, width: 24).expectSame()
    Case(queries: 5, functions: 37, width: 4, widths: 3).expectSame()
  }
}
