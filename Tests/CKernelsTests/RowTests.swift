import CKernels
import Expectations
import Testing

/// Kernels that go over rows, at every width of a row.
@Suite struct Rows {
  private static let widths = Array(1...130) + [255, 256, 257, 300, 511, 1000, 8191]
  private static let rows = 3

  private func expectSame(
    _ count: Int, _ expected: [Float], _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (kernel_table, GuardedMemory, UnsafeMutablePointer<Float>) -> Void
  ) {
    for set in InstructionSet.here {
      let found = results(count) { body(set.kernels, $0, $1) }
      expectSameBits(found, expected, "\(what) \(set.name)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: widths)
  func `softmax and its pullback have the bits of the statement`(columns: Int) {
    let x = plainNoise(Self.rows * columns).map { $0 * 20 }, dy = plainNoise(x.count, seed: 2)
    let y = Statement.eachRow(x, columns: columns, Statement.softmax)
    expectSame(x.count, y, "softmax") { $0.softmax($2, $1.holding(x), Self.rows, columns) }
    expectSame(x.count, y, "softmax in place") { kernels, _, out in
      for i in x.indices { out[i] = x[i] }
      kernels.softmax(out, out, Self.rows, columns)
    }
    let dx = (0..<Self.rows).flatMap { r in
      let row = r * columns..<(r + 1) * columns
      return Statement.softmaxPullback(Array(y[row]), Array(dy[row]))
    }
    expectSame(x.count, dx, "pullback") {
      $0.softmax_pullback($2, $1.holding(y), $1.holding(dy), Self.rows, columns)
    }
    let logs = Statement.eachRow(x, columns: columns) { [Statement.logSumExp($0)] }
    expectSame(Self.rows, logs, "log sum exp") { $0.log_sum_exp($2, $1.holding(x), Self.rows, columns) }
  }

  @Test(arguments: widths)
  func `sums of rows and of products have the bits of 64 lanes`(columns: Int) {
    let a = plainNoise(Self.rows * columns), b = plainNoise(a.count, seed: 2)
    let sums = Statement.eachRow(a, columns: columns) { [Statement.sum($0)] }
    expectSame(Self.rows, sums, "row sum") { $0.row_sum($2, $1.holding(a), Self.rows, columns) }
    let dots = (0..<Self.rows).map { r in
      let row = r * columns..<(r + 1) * columns
      return Statement.dot(Array(a[row]), Array(b[row]))
    }
    expectSame(Self.rows, dots, "row dot") {
      $0.row_dot($2, $1.holding(a), $1.holding(b), Self.rows, columns)
    }
    expectSame(2, [Statement.sum(a), Statement.dot(a, a)], "scalars") { kernels, memory, out in
      let values = memory.holding(a)
      out[0] = kernels.sum(values, a.count)
      out[1] = kernels.sum_of_squares(values, a.count)
    }
  }

  /// Products too small for float are −0 in their lane: lanes past the end must not turn that into +0.
  @Test(arguments: [1, 17, 64, 65, 128, 130])
  func `the sign of zero survives the tail`(columns: Int) {
    let a = [Float](repeating: 1e-30, count: columns), b = a.map { -$0 }
    expectSame(1, [Statement.dot(a, b)], "row dot") {
      $0.row_dot($2, $1.holding(a), $1.holding(b), 1, columns)
      var dy = b
      dy[columns - 1] = -0.0
      expectSame(columns, Statement.softmaxPullback(a, dy), "softmax pullback") {
        $0.softmax_pullback($2, $1.holding(a), $1.holding(dy), 1, columns)
      }
    }
  }

  @Test(arguments: widths)
  func `layer norm and its pullbacks have the bits of the statement`(columns: Int) {
    let x = plainNoise(Self.rows * columns).map { $0 * 3 + 1 }, dy = plainNoise(x.count, seed: 2)
    let gain = plainNoise(columns, seed: 3), bias = plainNoise(columns, seed: 4)
    let epsilon: Float = 1e-5
    let y = Statement.eachRow(x, columns: columns) {
      Statement.layerNorm($0, gain: gain, bias: bias, epsilon: epsilon)
    }
    let moments = (0..<Self.rows).map {
      Statement.moments(Array(x[$0 * columns..<($0 + 1) * columns]), epsilon: epsilon)
    }
    let (mean, reciprocal) = (moments.map(\.mean), moments.map(\.reciprocal))
    let dx = (0..<Self.rows).flatMap { r in
      let row = r * columns..<(r + 1) * columns
      return Statement.layerNormPullback(
        Array(dy[row]), Array(x[row]), mean: mean[r], reciprocal: reciprocal[r], gain: gain)
    }
    let dgain = Statement.layerNormGainSum(dy, x, mean: mean, reciprocal: reciprocal, columns: columns)
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let (out, m, s) = (memory.room(x.count), memory.room(Self.rows), memory.room(Self.rows))
      let (xs, dys, gains) = (memory.holding(x), memory.holding(dy), memory.holding(gain))
      set.kernels.layer_norm(out, m, s, xs, gains, memory.holding(bias), epsilon, Self.rows, columns)
      expectSameBits(memory.contents(out, x.count), y, "y \(set.name)")
      expectSameBits(memory.contents(m, Self.rows), mean, "mean \(set.name)")
      expectSameBits(memory.contents(s, Self.rows), reciprocal, "reciprocal \(set.name)")
      set.kernels.layer_norm_pullback(out, dys, xs, m, s, gains, Self.rows, columns)
      expectSameBits(memory.contents(out, x.count), dx, "dx \(set.name)")
      set.kernels.layer_norm_gain_sum(out, dys, xs, m, s, Self.rows, columns)
      expectSameBits(memory.contents(out, columns), dgain, "dgain \(set.name)")
    }
  }

  @Test(arguments: widths)
  func `cross entropy and its pullback have the bits of the statement`(columns: Int) {
    let x = plainNoise(Self.rows * columns).map { $0 * 9 }, dloss = plainNoise(Self.rows, seed: 2)
    let labels: [Int32] = [Int32(columns - 1), -100, Int32(columns / 3)]
    var loss: [Float] = [], dx: [Float] = []
    for r in 0..<Self.rows {
      let row = Array(x[r * columns..<(r + 1) * columns]), label = labels[r] < 0 ? nil : Int(labels[r])
      loss.append(Statement.crossEntropy(row, label: label))
      dx += Statement.crossEntropyPullback(row, label: label, dloss[r])
    }
    expectSame(Self.rows, loss, "loss") {
      $0.cross_entropy($2, $1.holding(x), $1.holding(labels), Self.rows, columns)
    }
    expectSame(x.count, dx, "pullback") {
      $0.cross_entropy_pullback($2, $1.holding(x), $1.holding(labels), $1.holding(dloss), Self.rows, columns)
    }
  }

  @Test(arguments: InstructionSet.here)
  func `softmax does not mind large numbers and shows broken ones`(set: InstructionSet) {
    func softmax(_ x: [Float]) -> [Float] {
      results(x.count) { memory, out in set.kernels.softmax(out, memory.holding(x), 1, x.count) }
    }
    #expect(softmax([1000, 1000]) == [0.5, 0.5])
    #expect(softmax([-3e38, 3e38]) == [0, 1])
    #expect(softmax([-.infinity, 2]) == [0, 1])
    #expect(softmax([-.infinity, -.infinity]).allSatisfy { $0.isNaN })
    #expect(softmax([1, .nan, 3]).allSatisfy { $0.isNaN })
    #expect(softmax([1, .infinity]).allSatisfy { $0.isNaN })
  }

  @Test(arguments: widths)
  func `the first of the largest is found`(columns: Int) {
    var x = plainNoise(Self.rows * columns).map { ($0 * 4).rounded() }
    x[columns / 2] = .nan
    for i in 2 * columns..<3 * columns { x[i] = -.infinity }
    let expected = (0..<Self.rows).map {
      Int32(Statement.positionOfLargest(Array(x[$0 * columns..<($0 + 1) * columns])))
    }
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let out = memory.holding([Int32](repeating: -7, count: Self.rows))
      set.kernels.arg_max(out, memory.holding(x), Self.rows, columns)
      #expect(memory.contents(out, Self.rows) == expected, "\(set.name)")
    }
  }

  @Test(arguments: [1, 2, 11, 12, 13, 255, 256])
  func `columns are added from the first row to the last`(rows: Int) {
    for columns in Self.widths where columns <= 511 {
      let x = plainNoise(rows * columns)
      expectSame(columns, Statement.columnSum(x, columns: columns), "column sum") {
        $0.column_sum($2, $1.holding(x), rows, columns)
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, -.nan])
  func `what is not finite is found wherever it is`(value: Float) {
    for set in InstructionSet.here {
      for count in edgeSizes {
        let memory = GuardedMemory()
        let x = memory.holding(plainNoise(count).map { $0 * .greatestFiniteMagnitude })
        #expect(set.kernels.has_nonfinite(x, count) == 0)
        let place = count * 2 / 3
        x[place] = value
        #expect(set.kernels.has_nonfinite(x, count) == 1, "\(set.name) \(place) of \(count)")
        #expect(memory.contents(x, count)[place].bitPattern == value.bitPattern)
      }
    }
  }
}
