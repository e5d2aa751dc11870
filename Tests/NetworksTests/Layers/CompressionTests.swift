import Expectations
import Networks
import Tensors
import Testing

private let D = 6

/// y_w = Σ_t x_(r w + t - padding) W_t + b, with zeros before the first row.
private struct StatedCompression: StatedLayer {
  let M: Int
  let rate: Int
  private var rows: [Float] { plainNoise(2 * M * D, seed: 31) }

  func declared(in scope: Scope) -> Compression { Compression(D, rate: rate, in: scope["compression"]) }
  func computed(_ layer: Compression) -> Tensor { layer(Tensor([2, M, D], rows), learns: true) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let padding = M % rate
    var windows: [S] = []
    for b in 0..<2 {
      for w in 0..<(M + padding) / rate {
        for t in 0..<rate {
          let row = rate * w + t - padding
          windows += (0..<D).map { row < 0 ? 0 : S(rows[(b * M + row) * D + $0]) }
        }
      }
    }
    return Plain(parameters: parameters).linear(windows, "compression")
  }
}

@Suite struct CompressionTests {
  /// Where the rate does not divide, as many rows of zeros come first as are left over, and the last rows may be lost.
  @Test(arguments: [(8, 4), (8, 3), (5, 4), (7, 2), (3, 4), (4, 1)])
  func `rows are compressed as stated`(M: Int, rate: Int) {
    expectStated(StatedCompression(M: M, rate: rate))
  }

  @Test func `rows that do not fill a window at the end are lost`() {
    let parameters = Parameters(seed: 1)
    let compression = Compression(D, rate: 3, in: parameters.root)
    // Two zeros and eight rows: the last row is left over.
    var rows = plainNoise(8 * D, seed: 5)
    let before = compression(Tensor([1, 8, D], rows), learns: false)
    #expect(before.shape == [1, 3, D])
    for column in 7 * D..<8 * D { rows[column] += 1 }
    expectSameBits(compression(Tensor([1, 8, D], rows), learns: false).values, before.values)
    rows[6 * D] += 1
    #expect(compression(Tensor([1, 8, D], rows), learns: false).values != before.values)
    // One zero and one row make no window of three, nor does nothing.
    #expect(compression(Tensor([2, 1, D], repeating: 1), learns: false).shape == [2, 0, D])
    #expect(compression(Tensor([2, 0, D], repeating: 1), learns: false).shape == [2, 0, D])
  }

  @Test func `it learns only when it shall, and never hands a gradient back`() {
    let parameters = Parameters(seed: 1)
    let input = parameters.root.parameter("input", [1, 8, D], .ones)
    let compression = Compression(D, rate: 4, in: parameters.root["compression"])
    let paths = ["input", "compression.weight", "compression.bias"]
    #expect(parameters.all.map(\.path) == paths)
    let (_, learning) = parameters.gradients { compression(input.tensor, learns: true).sum() }
    #expect(learning.map { $0 != nil } == [false, true, true])
    let (_, still) = parameters.gradients { compression(input.tensor, learns: false).sum() }
    #expect(still.map { $0 != nil } == [false, false, false])
  }
}

@Suite struct CompressiveMemoryTests {
  /// Rows of one number, by sequence: 100 b + n.
  private func rows(_ numbers: Range<Int>) -> Tensor {
    Tensor([2, numbers.count, 1], (0..<2).flatMap { b in numbers.map { Float(100 * b + $0) } })
  }

  private func expect(
    _ tensor: Tensor, _ numbers: Range<Int>, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(tensor.shape == [2, numbers.count, 1], sourceLocation: sourceLocation)
    #expect(tensor.values == rows(numbers).values, sourceLocation: sourceLocation)
  }

  @Test func `the oldest rows leave when there is no room`() {
    var memory = CompressiveMemory.empty(sequences: 2, width: 1)
    expect(joined(memory.parts), 0..<0)
    // Longer than what comes: it fills first, and then as many leave as come.
    for (coming, staying, leaving) in [(0..<3, 0..<3, 0..<0), (3..<6, 1..<6, 0..<1), (6..<9, 4..<9, 1..<4)] {
      let pushed = memory.pushed(rows(coming), capacity: 5)
      expect(pushed.recent_BMD, staying)
      expect(pushed.evicted_BMD, leaving)
      memory = CompressiveMemory(recent_BMD: pushed.recent_BMD, compressed_BMD: memory.compressed_BMD)
    }
    // Shorter than what comes: rows leave that were never remembered.
    let pushed = memory.pushed(rows(9..<17), capacity: 2)
    expect(pushed.recent_BMD, 15..<17)
    expect(pushed.evicted_BMD, 4..<15)
  }

  @Test func `compressed rows stand before recent ones, and the oldest are forgotten`() {
    let memory = CompressiveMemory(recent_BMD: rows(5..<8), compressed_BMD: rows(2..<5))
    expect(joined(memory.parts), 2..<8)
    expect(memory.compressed(and: rows(5..<6), capacity: 4), 2..<6)
    expect(memory.compressed(and: rows(5..<7), capacity: 4), 3..<7)
    expect(memory.compressed(and: rows(5..<12), capacity: 4), 8..<12)
    expect(memory.compressed(and: rows(5..<5), capacity: 4), 2..<5)
  }

  @Test func `what is remembered is constant`() {
    let tape = Tape()
    let watched = tape.watch(rows(0..<4))
    let memory = CompressiveMemory(recent_BMD: watched, compressed_BMD: watched)
    let pushed = memory.pushed(watched, capacity: 2)
    for tensor in [
      memory.recent_BMD, memory.compressed_BMD, pushed.recent_BMD, pushed.evicted_BMD,
      memory.compressed(and: watched, capacity: 3), memory.compressed(and: watched, capacity: 8),
    ] { #expect(!tensor.isTraced) }
  }
}
