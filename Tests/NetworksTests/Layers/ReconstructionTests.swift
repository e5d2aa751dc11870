import Expectations
import Networks
import Tensors
import Testing

private typealias Sample = CompressiveSample

private let (D, heads, L) = (Sample.D, Sample.heads, Sample.L)

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
      D, heads: heads, Sample.sizes(segmentLength: segmentLength), dropout: 0.5,
      in: parameters.root)
    let P = Sample.sizes(segmentLength: segmentLength).positions
    let (loss, gradients) = parameters.gradients {
      layer(
        Tensor([2, L, D], Sample.z), asking: 0..<L, memory: memory,
        position_PD: Tensor([P, D], repeating: 3),
        target: target, remembers: false,
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
      let (segment, old): ([Double], [Double]) = (
        Sample.rows(Sample.z, of: b),
        Sample.rows(joined(memory.parts).values, of: b)
      )
      let recent: [Double] = Sample.rows(memory.recent_BMD.values, of: b)
      let query = plain.mapped(segment, width: D, "query")
      func attention(to keys: [Double]) -> [Double] {
        guard !keys.isEmpty else { return query.map { _ in 0 } }
        let keyValue = plain.mapped(keys, width: D, "key_value")
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
    StatedReconstruction(.aligned, segmentLength: 4, memory: Sample.memory).expectAgreement(
      originals: 1..<4)
    StatedReconstruction(.aligned, segmentLength: 6, memory: Sample.memory).expectAgreement(
      originals: 1..<4)
  }

  @Test func `the released code finds older rows in a shorter segment`() {
    StatedReconstruction(.reference, segmentLength: 4, memory: Sample.memory).expectAgreement(
      originals: 1..<4)
    StatedReconstruction(.reference, segmentLength: 5, memory: Sample.memory).expectAgreement(
      originals: 0..<3)
    StatedReconstruction(.reference, segmentLength: 6, memory: Sample.memory).expectAgreement(
      originals: 0..<2)
    StatedReconstruction(.reference, segmentLength: 9, memory: Sample.memory).expectAgreement(
      originals: 0..<0)
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
    let layer = CompressiveAttention(
      D, heads: heads, Sample.sizes(memoryLength: 4), dropout: 0, in: parameters.root)
    let attended = layer(
      Tensor([2, L, D], Sample.z), asking: 0..<L, memory: empty, position_PD: Tensor([10, D], repeating: 0),
      target: .aligned, remembers: true,
      at: moment())
    #expect(attended.reconstructionLoss == nil && attended.memory?.compressed_BMD.shape == [2, 0, D])
    #expect(attended.memory?.recent_BMD.shape == [2, 4, D])
  }
}
