import Expectations
import Networks
import Tensors
import Testing

private let (D, heads, L) = (6, 2, 4)
private let z = plainNoise(2 * L * D, seed: 21)
private let recent = plainNoise(2 * 3 * D, seed: 22)
private let compressed = plainNoise(2 * 1 * D, seed: 23)

private func sizes(
  _ keyValue: KeyValueLearning = .trainable, memoryLength: Int = 3, compressedLength: Int = 2,
  segmentLength: Int = L
) -> CompressiveConfiguration {
  CompressiveConfiguration(
    segmentLength: segmentLength, memoryLength: memoryLength, compressedLength: compressedLength,
    compressionRate: 2, keyValue: keyValue, auxiliaryWeight: 1, auxiliaryTarget: .aligned)
}

/// Three recent rows and a compressed one.
private func someMemory() -> CompressiveMemory {
  CompressiveMemory(
    recent_BMD: Tensor([2, 3, D], recent), compressed_BMD: Tensor([2, 1, D], compressed))
}

/// The rows of one sequence of [2, M, D].
private func rows<S: Scalar>(_ x: [Float], of b: Int) -> [S] {
  x[b * x.count / 2..<(b + 1) * x.count / 2].map { S($0) }
}

extension Plain {
  fileprivate func mapped(_ x: [S], _ path: String) -> [S] {
    let weight = list("\(path).weight")
    return Statement.product(x, weight, M: x.count / D, N: weight.count / D, K: D)
  }

  /// Columns `start` ..< `start + D / heads` of rows of `width`.
  fileprivate func columns(_ x: [S], width: Int, from start: Int) -> [S] {
    (0..<x.count / width).flatMap { x[$0 * width + start..<$0 * width + start + D / heads] }
  }
}

private struct StatedAttention: StatedLayer {
  func declared(in scope: Scope) -> (CompressiveAttention, Parameter) {
    (
      CompressiveAttention(D, heads: heads, sizes(), dropout: 0.5, in: scope),
      scope.parameter("position", [sizes().positions, D], .zeros)
    )
  }
  func computed(_ layer: (CompressiveAttention, Parameter)) -> Tensor {
    layer.0(
      Tensor([2, L, D], z), memory: someMemory(), position_PD: layer.1.tensor, target: nil,
      at: moment(examples: [0, 1])
    ).sum_BLD
  }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let K = D / heads
    var context = [S](repeating: 0, count: 2 * L * D)
    for b in 0..<2 {
      let segment: [S] = rows(z, of: b)
      let query = plain.mapped(segment, "query")
      let keyValue = plain.mapped(rows(compressed, of: b) + rows(recent, of: b) + segment, "key_value")
      for h in 0..<heads {
        let statement = RelativeAttentionStatement<S>(
          queries: L, past: 4, width: K, positions: sizes().positions, first: L - 1, window: nil,
          scale: S(1 / Float(K).squareRoot()))
        let q = plain.columns(query, width: D, from: h * K)
        let part = statement(
          q, q, plain.columns(keyValue, width: 2 * D, from: h * K),
          plain.columns(keyValue, width: 2 * D, from: D + h * K),
          plain.columns(plain.list("position"), width: D, from: h * K)
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
      E, heads: 1, sizes(compressedLength: P - 7), dropout: 0, in: parameters.root)
    let y = layer(
      z_BLD, memory: memory, position_PD: Tensor([P, E], position), target: nil, at: moment()
    ).sum_BLD.values
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

  /// Distance 0 is at row S - 1 + |C| + |M|.
  @Test(arguments: [(0, 0), (0, 3), (1, 3), (2, 3)])
  func `rows of positions move with the fill of the memory`(compressed: Int, recent: Int) {
    let (E, P) = (4, 9)
    var position = [Float](repeating: 0, count: P * E)
    for column in 0..<E { position[(3 + compressed + recent) * E + column] = 1000 }
    let z = (0..<16).map { Float($0 + 1) }
    let found = readByPosition(
      CompressiveMemory(
        recent_BMD: Tensor([1, recent, E], repeating: -1),
        compressed_BMD: Tensor([1, compressed, E], repeating: -2)),
      Tensor([1, 4, E], z), position: position, P: P)
    #expect(found.flatMap { $0 } == z)
  }

  @Test func `a frozen projection gives the same numbers and gets no gradient`() {
    func read(_ keyValue: KeyValueLearning) -> (loss: Float, gradients: [String: [Float]]) {
      let parameters = Parameters(seed: 3)
      let layer = CompressiveAttention(D, heads: heads, sizes(keyValue), dropout: 0, in: parameters.root)
      let position = parameters.root.parameter("position", [sizes().positions, D], .normal(deviation: 1))
      let (loss, gradients) = parameters.gradients {
        layer(
          Tensor([2, L, D], z), memory: someMemory(), position_PD: position.tensor, target: nil, at: moment()
        ).sum_BLD.sum()
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

/// mean (a(q, M) - a(q, compression of what left))², with everything but the compression as a constant.
private struct StatedReconstruction {
  let target: ReconstructionTarget
  let segmentLength: Int
  let memory: CompressiveMemory
  let stored: [String: [Float]]

  init(_ target: ReconstructionTarget, segmentLength: Int, memory: CompressiveMemory) {
    (self.target, self.segmentLength, self.memory) = (target, segmentLength, memory)
    var stored: [String: [Float]] = [:]
    for (path, count) in [
      ("query.weight", D * D), ("key_value.weight", 2 * D * D), ("output.weight", D * D), ("output.bias", D),
      ("compression.weight", 2 * D * D), ("compression.bias", D),
    ] { stored[path] = plainNoise(count, seed: UInt64(path.count)) }
    self.stored = stored
  }

  /// The loss, and the gradients by path.
  func computed() -> (loss: Float, gradients: [String: [Float]]) {
    let parameters = Parameters(seed: 1, stored: stored)
    let layer = CompressiveAttention(
      D, heads: heads, sizes(segmentLength: segmentLength), dropout: 0.5, in: parameters.root)
    let P = sizes(segmentLength: segmentLength).positions
    let (loss, gradients) = parameters.gradients {
      layer(
        Tensor([2, L, D], z), memory: memory, position_PD: Tensor([P, D], repeating: 3), target: target,
        at: moment(examples: [0, 1], segmentLength: segmentLength, isTraining: true)
      ).reconstructionLoss ?? Tensor([], [-1])
    }
    var found: [String: [Float]] = [:]
    for (parameter, gradient) in zip(parameters.all, gradients) { found[parameter.path] = gradient?.values }
    return (loss.scalar, found)
  }

  /// - originals: Rows of [C; M; z] that the compressed ones stand for.
  func stated(_ weight: [Double], _ bias: [Double], originals: Range<Int>) -> Double {
    var parameters = stored.mapValues { $0.map { Double($0) } }
    (parameters["compression.weight"], parameters["compression.bias"]) = (weight, bias)
    let plain = Plain(parameters: parameters)
    let scale = 1 / Double(D / heads).squareRoot()
    var sum = 0.0
    for b in 0..<2 {
      let (segment, old): ([Double], [Double]) = (rows(z, of: b), rows(memory.all_BMD.values, of: b))
      let recent: [Double] = rows(memory.recent_BMD.values, of: b)
      let query = plain.mapped(segment, "query")
      func attention(to keys: [Double]) -> [Double] {
        guard !keys.isEmpty else { return query.map { _ in 0 } }
        let keyValue = plain.mapped(keys, "key_value")
        func half(_ start: Int) -> [Double] {
          (0..<keys.count / D).flatMap { keyValue[$0 * 2 * D + start..<$0 * 2 * D + start + D] }
        }
        return plain.attention(query, half(0), half(D), D: D, heads: heads, scale: scale)
      }
      // Three rows of the queue stay; a number that leaves divides by the rate of two.
      let queue = recent + segment
      let leaving = Array(queue.prefix(queue.count - 3 * D))
      let made = plain.linear(leaving, "compression")
      let original = (old + segment)[originals.lowerBound * D..<originals.upperBound * D]
      for (one, other) in zip(attention(to: made), attention(to: Array(original))) {
        sum += (one - other) * (one - other)
      }
    }
    return sum / Double(2 * L * D)
  }

  func expectAgreement(originals: Range<Int>, sourceLocation: SourceLocation = #_sourceLocation) {
    let (loss, gradients) = computed()
    let paths = ["compression.weight", "compression.bias"]
    #expect(Set(gradients.keys) == Set(paths), "nothing else learns", sourceLocation: sourceLocation)
    let values = paths.map { stored[$0] ?? [] }
    let point = values.map { $0.map { Double($0) } }
    let expected = stated(point[0], point[1], originals: originals)
    #expect(expected > 0.01 && abs(Double(loss) - expected) < 1e-5 * expected, sourceLocation: sourceLocation)
    expect(
      paths.map { gradients[$0] ?? [] }, areSlopesOf: { [stated($0[0], $0[1], originals: originals)] },
      at: values, weights: [1], "\(target)", sourceLocation: sourceLocation)
  }
}

@Suite struct ReconstructionTests {
  @Test func `only the compression learns from reconstructing the recent memory`() {
    StatedReconstruction(.aligned, segmentLength: 4, memory: someMemory()).expectAgreement(originals: 1..<4)
    StatedReconstruction(.aligned, segmentLength: 6, memory: someMemory()).expectAgreement(originals: 1..<4)
  }

  @Test func `the released code finds older rows in a shorter segment`() {
    StatedReconstruction(.reference, segmentLength: 4, memory: someMemory()).expectAgreement(originals: 1..<4)
    StatedReconstruction(.reference, segmentLength: 5, memory: someMemory()).expectAgreement(originals: 0..<3)
    StatedReconstruction(.reference, segmentLength: 6, memory: someMemory()).expectAgreement(originals: 0..<2)
    StatedReconstruction(.reference, segmentLength: 9, memory: someMemory()).expectAgreement(originals: 0..<0)
  }

  @Test func `nothing is to be reconstructed where nothing left`() {
    let nothing = Tensor([2, 0, D], repeating: 0)
    let one = CompressiveMemory(
      recent_BMD: Tensor([2, 1, D], plainNoise(2 * D, seed: 4)), compressed_BMD: nothing)
    // Two rows of five leave.
    StatedReconstruction(.aligned, segmentLength: 4, memory: one).expectAgreement(originals: 0..<1)
    // Of four rows one leaves, which with one of zeros in front is a window.
    let empty = CompressiveMemory.empty(sequences: 2, width: D)
    #expect(StatedReconstruction(.aligned, segmentLength: 4, memory: empty).computed().loss > 0)
    // All rows stay.
    let parameters = Parameters(seed: 1)
    let layer = CompressiveAttention(D, heads: heads, sizes(memoryLength: 4), dropout: 0, in: parameters.root)
    let attended = layer(
      Tensor([2, L, D], z), memory: empty, position_PD: Tensor([10, D], repeating: 0), target: .aligned,
      at: moment())
    #expect(attended.reconstructionLoss == nil && attended.memory.compressed_BMD.shape == [2, 0, D])
    #expect(attended.memory.recent_BMD.shape == [2, 4, D])
  }
}
