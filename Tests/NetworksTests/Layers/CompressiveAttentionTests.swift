import Expectations
import Networks
import Tensors
import Testing

private typealias Sample = CompressiveSample

private let (D, heads, L) = (Sample.D, Sample.heads, Sample.L)

/// Columns `start` ..< `start + D / heads` of rows of `width`.
private func columns<S>(_ x: [S], width: Int, from start: Int) -> [S] {
  (0..<x.count / width).flatMap { x[$0 * width + start..<$0 * width + start + D / heads] }
}

private struct StatedAttention: StatedLayer {
  func declared(in scope: Scope) -> (CompressiveAttention, Parameter) {
    (
      CompressiveAttention(D, heads: heads, Sample.sizes(), dropout: 0.5, in: scope),
      scope.parameter("position", [Sample.sizes().positions, D], .zeros)
    )
  }
  func computed(_ layer: (CompressiveAttention, Parameter)) -> Tensor {
    layer.0(
      Tensor([2, L, D], Sample.z), asking: 0..<L, memory: Sample.memory, position_PD: layer.1.tensor,
      target: nil, remembers: true,
      at: moment(examples: [0, 1])
    ).sum_BRD
  }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let K = D / heads
    var context = [S](repeating: 0, count: 2 * L * D)
    for b in 0..<2 {
      let segment: [S] = Sample.rows(Sample.z, of: b)
      let query = plain.mapped(segment, width: D, "query")
      let keyValue = plain.mapped(
        Sample.rows(Sample.compressed, of: b)
          + Sample.rows(Sample.recent, of: b) + segment, width: D, "key_value")
      for h in 0..<heads {
        let statement = RelativeAttentionStatement<S>(
          queries: L, past: 4, width: K, positions: Sample.sizes().positions, first: L - 1,
          window: nil,
          scale: S(1 / Float(K).squareRoot()))
        let q = columns(query, width: D, from: h * K)
        let part = statement(
          q, q, columns(keyValue, width: 2 * D, from: h * K),
          columns(keyValue, width: 2 * D, from: D + h * K),
          columns(plain.list("position"), width: D, from: h * K)
        ).context
        for index in part.indices { context[(b * L + index / K) * D + h * K + index % K] = part[index] }
      }
    }
    return plain.linear(context, "output")
  }
}

@Suite struct CompressiveAttentionTests {
  @Test func `attention to a segment and its memory is as stated`() { expectStated(StatedAttention()) }

  /// Queries are the rows of a segment, values all rows, and keys nothing, so that positions alone decide.
  private func readByPosition(_ memory: CompressiveMemory, _ z_BLD: Tensor, position: [Float], P: Int)
    -> [[Float]]
  {
    let E = z_BLD.shape.columns
    let identity = (0..<E * E).map { Float($0 / E == $0 % E ? 1 : 0) }
    let nothing = [Float](repeating: 0, count: E)
    let stored = [
      "query.weight": identity,
      "key_value.weight": (0..<E).flatMap { nothing + identity[$0 * E..<($0 + 1) * E] },
      "output.weight": identity, "output.bias": nothing,
      "compression.weight": [Float](repeating: 0, count: 2 * E * E),
      "compression.bias": nothing,
    ]
    let parameters = Parameters(seed: 1, stored: stored)
    let layer = CompressiveAttention(
      E, heads: 1, Sample.sizes(compressedLength: P - 7), dropout: 0, in: parameters.root)
    let y = layer(
      z_BLD, asking: 0..<z_BLD.shape[1], memory: memory, position_PD: Tensor([P, E], position), target: nil,
      remembers: true, at: moment()
    ).sum_BRD.values
    return stride(from: 0, to: y.count, by: E).map { Array(y[$0..<$0 + E]) }
  }

  /// Segments of four, a memory of three: query 0 finds keys 0...3 at rows 3...6, query 3 keys 0...6 at rows 0...6.
  @Test func `the row of a position is as computed by hand`() {
    let golden = [[3, 4, 5, 6], [2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]]
    let (E, P) = (4, 8)
    // Every row a direction of its own for queries, and another number for values.
    let queries = (0..<4).map { row in (0..<E).map { Float($0 == row ? row + 1 : 0) } }
    let memory = (0..<3).map { row in [Float](repeating: Float(row + 10), count: E) }
    let all = memory + queries
    for (query, places) in golden.enumerated() {
      for (key, place) in places.enumerated() {
        var position = [Float](repeating: 0, count: P * E)
        for column in 0..<E { position[place * E + column] = 1000 * queries[query][column] }
        let found = readByPosition(
          CompressiveMemory(
            recent_BMD: Tensor([1, 3, E], memory.flatMap { $0 }),
            compressed_BMD: Tensor([1, 0, E], repeating: 0)),
          Tensor([1, 4, E], queries.flatMap { $0 }), position: position, P: P)
        #expect(found[query] == all[key], "query \(query), key \(key)")
      }
    }
  }

  /// Distance 0 is at row S - 1 + |C| + |M|, in a shorter segment too: S is 4, and three rows are read.
  @Test(arguments: [(0, 0), (0, 3), (1, 3), (2, 3)])
  func `rows of positions move with the fill of the memory`(compressed: Int, recent: Int) {
    let (E, P) = (4, 9)
    var position = [Float](repeating: 0, count: P * E)
    for column in 0..<E { position[(3 + compressed + recent) * E + column] = 1000 }
    let z = (0..<12).map { Float($0 + 1) }
    let found = readByPosition(
      CompressiveMemory(
        recent_BMD: Tensor([1, recent, E], repeating: -1),
        compressed_BMD: Tensor([1, compressed, E], repeating: -2)),
      Tensor([1, 3, E], z), position: position, P: P)
    #expect(found.flatMap { $0 } == z)
  }

  @Test func `a frozen projection gives the same numbers and gets no gradient`() {
    func read(_ keyValue: KeyValueLearning) -> (loss: Float, gradients: [String: [Float]]) {
      let parameters = Parameters(seed: 3)
      let layer = CompressiveAttention(
        D, heads: heads, Sample.sizes(keyValue), dropout: 0, in: parameters.root)
      let position = parameters.root.parameter(
        "position", [Sample.sizes().positions, D], .normal(deviation: 1))
      let (loss, gradients) = parameters.gradients {
        layer(
          Tensor([2, L, D], Sample.z), asking: 0..<L, memory: Sample.memory,
          position_PD: position.tensor, target: nil, remembers: true, at: moment()
        ).sum_BRD.sum()
      }
      return (
        loss.scalar,
        Dictionary(
          uniqueKeysWithValues: zip(parameters.all, gradients).compactMap { parameter, gradient in
            gradient.map { (parameter.path, $0.values) }
          })
      )
    }
    let (trainable, frozen) = (read(.trainable), read(.frozen))
    #expect(trainable.loss.bitPattern == frozen.loss.bitPattern)
    let paths = ["output.bias", "output.weight", "position", "query.weight"]
    #expect(frozen.gradients.keys.sorted() == paths)
    #expect(trainable.gradients.keys.sorted() == (paths + ["key_value.weight"]).sorted())
    for path in paths {
      expectSameBits(frozen.gradients[path] ?? [], trainable.gradients[path] ?? [0], path)
    }
  }
}
