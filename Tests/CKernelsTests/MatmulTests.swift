import CKernels
import Expectations
import Testing

/// A product to be computed: sizes, whether the factors lie across, gaps between rows, and what is in c
/// before.
private struct Case {
  var M, N, K: Int
  var aAcross = false, bAcross = false, accumulate = false
  var gap = 0

  var a: Layout { aAcross ? Layout(row: 1, column: M + gap) : Layout(row: K + gap) }
  var b: Layout { bAcross ? Layout(row: 1, column: K + gap) : Layout(row: N + gap) }
  /// Elements from the first to the last of a matrix: the gap after the last row does not exist.
  func extent(_ layout: Layout, _ rows: Int, _ columns: Int) -> Int {
    rows == 0 || columns == 0 ? 0 : (rows - 1) * layout.row + (columns - 1) * layout.column + 1
  }

  func expectSame(sourceLocation: SourceLocation = #_sourceLocation) {
    let aValues = plainNoise(extent(a, M, K), seed: 1), bValues = plainNoise(extent(b, K, N), seed: 2)
    let row = N + gap
    let before = plainNoise(extent(Layout(row: row), M, N), seed: 3)
    let product = Statement.product(aValues, a, bValues, b, M: M, N: N, K: K)
    var expected = before
    for i in 0..<M {
      for j in 0..<N {
        expected[i * row + j] = accumulate ? before[i * row + j] + product[i * N + j] : product[i * N + j]
      }
    }
    for set in InstructionSet.here {
      let memory = GuardedMemory()
      let c = memory.holding(before)
      set.kernels.matmul(
        c, row, memory.holding(aValues), a.row, a.column, memory.holding(bValues), b.row, b.column, M, N, K,
        accumulate ? 1 : 0)
      expectSameBits(
        memory.contents(c, before.count), expected, "\(set.name) \(self)", sourceLocation: sourceLocation)
    }
  }
}

/// A product with everything that can be done to its outputs, a part of it at a time.
private func expectFinished(
  _ activation: Int32, keepsInput: Bool, N: Int = 70, K: Int = 19,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let (M, cutRow, cutColumn) = (29, 12, 32)
  let place = random_place(key: (5, 6), site: 7, step: 8, purpose: 2)
  let origins: [UInt64] = [1 << 34 - 3, 5_003]
  let (rowsEach, maskRow, threshold, scale) = (17, N, UInt32(0xb333_3333), Float(1.4285715))
  let isPullback = activation >= Int32(ACTIVATION_GELU_TANH_PULLBACK)
  let a = plainNoise(M * K, seed: 1), b = plainNoise(K * N, seed: 2), bias = plainNoise(N, seed: 3)
  let residual = plainNoise(M * N, seed: 4), slopes = plainNoise(M * N, seed: 5)
  func dropped(_ x: [Float]) -> [Float] {
    x.indices.map { index in
      let (row, column) = (index / N, index % N)
      let element = origins[row / rowsEach] + UInt64(row % rowsEach * maskRow + column)
      return Statement.word(element, seed: 6 << 32 | 5, purpose: 2, site: 7, step: 8) < threshold
        ? scale * x[index] : 0
    }
  }
  let mapped = Statement.product(a, b, M: M, N: N, K: K).enumerated().map { $1 + bias[$0 % N] }
  for set in InstructionSet.here {
    let memory = GuardedMemory()
    func computed(_ x: [Float], _ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void)
      -> [Float]
    {
      let (input, out) = (memory.holding(x), memory.room(x.count))
      kernel(out, input)
      return memory.contents(out, x.count)
    }
    let slope = memory.holding(slopes)
    // The activations themselves have statements of their own: here it is only said in which order what is done.
    let (kernels, count) = (set.kernels, M * N)
    let activated: [Float] =
      switch activation {
      case Int32(ACTIVATION_GELU_TANH): computed(mapped) { kernels.gelu_tanh($0, $1, count) }
      case Int32(ACTIVATION_GELU_EXACT): computed(mapped) { kernels.gelu_exact($0, $1, count) }
      case Int32(ACTIVATION_RELU): computed(mapped) { kernels.relu($0, $1, count) }
      case Int32(ACTIVATION_GELU_TANH_PULLBACK):
        computed(dropped(mapped)) { kernels.gelu_tanh_pullback($0, slope, $1, count) }
      case Int32(ACTIVATION_GELU_EXACT_PULLBACK):
        computed(dropped(mapped)) { kernels.gelu_exact_pullback($0, slope, $1, count) }
      case Int32(ACTIVATION_RELU_PULLBACK):
        computed(dropped(mapped)) { kernels.relu_pullback($0, slope, $1, count) }
      default: mapped
      }
    let finished = isPullback ? activated : dropped(activated)
    let c = memory.room(count), beside = keepsInput ? memory.room(count) : nil
    let (left, right) = (memory.holding(a), memory.holding(b))
    let (biases, residuals) = (memory.holding(bias), memory.holding(residual))
    origins.withUnsafeBufferPointer { origins in
      withUnsafePointer(to: place) { place in
        var finish = product_finish(
          bias: biases, activation: activation, activated: isPullback ? slope : beside,
          mask: dropout_mask(place: place, first_element: 0, threshold: threshold, scale: scale),
          first_elements: origins.baseAddress, rows_each: rowsEach, mask_row: maskRow,
          residual: keepsInput ? nil : residuals, beside_row: N)
        for rows in [0..<cutRow, cutRow..<M] {
          for columns in [0..<cutColumn, cutColumn..<N] {
            kernels.matmul_finished(
              c + rows.lowerBound * N + columns.lowerBound, N, left + rows.lowerBound * K, K, 1,
              right + columns.lowerBound, N, 1, rows.count, columns.count, K, rows.lowerBound,
              columns.lowerBound, &finish)
          }
        }
      }
    }
    let what = "activation \(activation) by \(set.name)"
    if let beside {
      expectSameBits(memory.contents(beside, count), finished, what, sourceLocation: sourceLocation)
      expectSameBits(memory.contents(c, count), mapped, "input of " + what, sourceLocation: sourceLocation)
    } else {
      expectSameBits(
        memory.contents(c, count), zip(residual, finished).map { $0 + $1 }, what,
        sourceLocation: sourceLocation)
    }
  }
}

@Suite struct Matmul {
  @Test(arguments: Int32(0)...6)
  func `a finished product has the bits of its parts`(activation: Int32) {
    expectFinished(activation, keepsInput: false)
    if (1...3).contains(activation) { expectFinished(activation, keepsInput: true) }
  }

  @Test func `a product of several blocks is finished once`() {
    expectFinished(1, keepsInput: false, N: 530, K: 1030)
    expectFinished(5, keepsInput: false, N: 530, K: 1030)
  }

  @Test(arguments: [false, true]) func `blocks of terms are chunks in their order`(accumulate: Bool) {
    for layout in 0..<4 {
      Case(
        M: 5, N: 33, K: 1030, aAcross: layout % 2 == 1, bAcross: layout / 2 == 1, accumulate: accumulate
      ).expectSame()
    }
    Case(M: 67, N: 530, K: 1290, accumulate: accumulate).expectSame()
  }

  private static let depths = edgeSizes + [0, 511, 512, 513, 600]

  @Test(arguments: edgeSizes)
  func `every tile edge has the bits of the chain`(M: Int) {
    for (n, N) in edgeSizes.enumerated() {
      // Depth, layout, gap and accumulation go round at paces without a common period.
      let turn = M + 5 * n
      Case(
        M: M, N: N, K: Self.depths[turn % Self.depths.count], aAcross: turn % 2 == 1,
        bAcross: turn / 2 % 2 == 1,
        accumulate: turn % 3 == 1, gap: turn % 5 == 2 ? 3 : 0
      ).expectSame()
    }
  }

  /// Rows around tiles of 4, 6, 12 and 16 and blocks of 64, 240 and 256; columns around vectors, panels of two and
  /// blocks of 512; every depth around the chunks with each.
  @Test(arguments: [4, 6, 9, 10, 11, 14, 18, 23, 24, 25, 239, 240, 241])
  func `every edge of tiles, blocks and chunks has the bits of the chain`(M: Int) {
    let depths = [1, 255, 256, 257, 511, 512, 513]
    for (n, N) in [1, 15, 16, 17, 31, 32, 33, 49, 63, 64, 65, 80, 81, 95, 96, 97, 127, 128, 129, 130]
      .enumerated()
    {
      let turn = M + 3 * n
      Case(
        M: M, N: N, K: depths[turn % 7], aAcross: turn / 2 % 2 == 1, bAcross: turn % 2 == 1,
        accumulate: turn % 3 == 1, gap: turn % 5 == 2 ? 7 : 0
      ).expectSame()
    }
  }

  @Test(arguments: [511, 512, 513], [false, true])
  func `rows that lie far apart have the bits of the chain`(N: Int, aAcross: Bool) {
    for M in [5, 241] {
      Case(M: M, N: N, K: 258, aAcross: aAcross, accumulate: true, gap: 600).expectSame()
    }
  }

  @Test(arguments: [0, 1, 255, 256, 257, 512, 513], [false, true])
  func `every layout has the bits of the chain`(K: Int, accumulate: Bool) {
    for layout in 0..<4 {
      for (M, N) in [(1, 1), (13, 33), (16, 32), (70, 48)] {
        Case(
          M: M, N: N, K: K, aAcross: layout & 1 == 1, bAcross: layout & 2 == 2, accumulate: accumulate, gap: 5
        ).expectSame()
      }
    }
  }

  @Test func `blocks of columns and of rows join without a seam`() {
    Case(M: 300, N: 7, K: 257, aAcross: true, accumulate: true).expectSame()
    Case(M: 3, N: 1100, K: 300, bAcross: true, accumulate: true).expectSame()
    Case(M: 65, N: 1025, K: 40).expectSame()
    Case(M: 520, N: 34, K: 300, accumulate: true).expectSame()
  }

  @Test func `no rows or no columns are nothing to do`() {
    Case(M: 0, N: 5, K: 3).expectSame()
    Case(M: 5, N: 0, K: 3, accumulate: true).expectSame()
  }

  @Test(arguments: InstructionSet.here)
  func `products of whole numbers are exact`(set: InstructionSet) {
    let (M, N, K) = (37, 53, 600)
    let a = plainNoise(M * K, seed: 5).map { ($0 * 8).rounded() }
    let b = plainNoise(K * N, seed: 6).map { ($0 * 8).rounded() }
    let found = results(M * N) { memory, c in
      set.kernels.matmul(c, N, memory.holding(a), K, 1, memory.holding(b), N, 1, M, N, K, 0)
    }
    var expected = [Float]()
    for i in 0..<M {
      for j in 0..<N {
        expected.append(Float((0..<K).reduce(0) { $0 + Int(a[i * K + $1]) * Int(b[$1 * N + j]) }))
      }
    }
    #expect(found == expected)
  }

  /// Products and sums of every size, and sums that cancel.
  @Test(arguments: InstructionSet.here)
  func `one multiplication and addition rounds once`(set: InstructionSet) {
    let count = 40_000
    let bits = plainNoise(3 * count, seed: 9).map(\.bitPattern)
    func wild(_ i: Int) -> Float {
      // Sign and fraction from the noise, exponent from all that float has.
      Float(bitPattern: bits[i] & 0x807f_ffff | (bits[i] &* 0x9E37_79B9) >> 24 % 255 << 23)
    }
    for first in stride(from: 0, to: count, by: 16) {
      // The row [1, x] times the columns [z; y]: the chain is fma(x, y, z).
      let z = (first..<first + 16).map { wild(3 * $0) }
      let cancels = first % 64 == 0
      let y = (first..<first + 16).map { i in cancels ? z[i - first] : wild(3 * i + 1) }
      let x = cancels ? Float(-1).nextUp : wild(3 * first + 2)
      let found = results(16) { memory, c in
        set.kernels.matmul(c, 16, memory.holding([1, x]), 2, 1, memory.holding(z + y), 16, 1, 1, 16, 2, 0)
      }
      expectSameBits(
        found, zip(y, z).map { (Float(0) + $1).addingProduct(x, $0) }, "\(set.name) from \(first)")
    }
  }

  /// Sums that lie so near the middle between two floats that double takes them for the middle itself.
  @Test(arguments: InstructionSet.here)
  func `a sum near the middle of two floats is not rounded in double first`(set: InstructionSet) {
    let above = (x: Float(0x1.002p-12), y: Float(0x1.ffc008p-13), z: Float(1), sum: Float(0x1.000002p0))
    let below = (
      x: Float(0x1.000002p-12), y: Float(0x1.fffffcp-13), z: Float(0x1.000002p0), sum: Float(0x1.000002p0)
    )
    for (x, y, z, sum) in [
      above, below, (-above.x, above.y, -above.z, -above.sum), (below.x, -below.y, -below.z, -below.sum),
    ] {
      #expect(Float(Double(x) * Double(y) + Double(z)) != sum, "the case shows nothing")
      let found = results(1) { memory, c in
        set.kernels.matmul(c, 1, memory.holding([1, x]), 2, 1, memory.holding([z, y]), 1, 1, 1, 1, 2, 0)
      }
      #expect(found == [sum])
    }
  }

  @Test func `threads do not disturb each other`() async {
    let (M, N, K) = (60, 70, 300)
    let a = plainNoise(M * K, seed: 7), b = plainNoise(N * K, seed: 8)
    let expected = Statement.product(
      a, Layout(row: K), b, Layout(row: 1, column: K), M: M, N: N, K: K)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for set in InstructionSet.here where set != .portable {
            let found = results(M * N) { memory, c in
              set.kernels.matmul(c, N, memory.holding(a), K, 1, memory.holding(b), 1, K, M, N, K, 0)
            }
            expectSameBits(found, expected, set.name)
          }
        }
      }
    }
  }
}
