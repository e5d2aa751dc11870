import Expectations
import Networks
import Tensors
import Testing

private let x_BLD = plainNoise(2 * 4 * 6, seed: 11)

private struct StatedLinear: StatedLayer {
  func declared(in scope: Scope) -> Linear { Linear(6, 5, deviation: 1, in: scope["map"]) }
  func computed(_ layer: Linear) -> Tensor { layer(Tensor([2, 4, 6], x_BLD)) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    Plain(parameters: parameters).linear(x_BLD.map { S($0) }, "map")
  }
}

private struct StatedMapWithoutBias: StatedLayer {
  func declared(in scope: Scope) -> Linear {
    Linear(6, 5, weight: .normal(deviation: 1), bias: nil, in: scope["map"])
  }
  func computed(_ layer: Linear) -> Tensor { layer(Tensor([2, 4, 6], x_BLD)) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let weight = Plain(parameters: parameters).list("map.weight")
    return Statement.product(x_BLD.map { S($0) }, weight, M: 8, N: 5, K: 6)
  }
}

private struct StatedNorm: StatedLayer {
  func declared(in scope: Scope) -> LayerNorm { LayerNorm(6, in: scope) }
  func computed(_ layer: LayerNorm) -> Tensor { layer(Tensor([2, 4, 6], x_BLD)) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    return Statement.eachRow(x_BLD.map { S($0) }, columns: 6) {
      Statement.layerNorm($0, gain: plain.list("gain"), bias: plain.list("bias"), epsilon: S(Float(1e-5)))
    }
  }
}

private struct StatedFeedForward: StatedLayer {
  let form: GELU
  func declared(in scope: Scope) -> FeedForward {
    FeedForward(6, 9, form, deviation: 1, outputDeviation: 1, in: scope["mlp"])
  }
  func computed(_ layer: FeedForward) -> Tensor { layer(Tensor([2, 4, 6], x_BLD)) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let inner = plain.linear(x_BLD.map { S($0) }, "mlp.input")
    return plain.linear(
      inner.map { form == .tanh ? Statement.geluTanh($0) : Statement.geluExact($0) }, "mlp.output")
  }
}

private struct StatedSelfAttention: StatedLayer {
  func declared(in scope: Scope) -> SelfAttention {
    SelfAttention(6, heads: 2, dropout: 0.5, deviation: 1, outputDeviation: 1, in: scope)
  }
  func computed(_ layer: SelfAttention) -> Tensor {
    layer(Tensor([2, 4, 6], x_BLD), asking: 0..<4, at: moment(examples: [0, 1]))
  }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let joined = plain.linear(x_BLD.map { S($0) }, "input")
    var context: [S] = []
    for b in 0..<2 {
      func part(_ third: Int) -> [S] {
        (b * 4..<b * 4 + 4).flatMap { joined[$0 * 18 + third * 6..<$0 * 18 + (third + 1) * 6] }
      }
      context += plain.attention(
        part(0), part(1), part(2), D: 6, heads: 2, scale: S(1 / Float(3).squareRoot()), isCausal: true)
    }
    return plain.linear(context, "output")
  }
}

private struct StatedMemoryAttention: StatedLayer {
  let visible: [Int]
  private let memories = plainNoise(2 * 5 * 6, seed: 12)
  init(visible: [Int]) { self.visible = visible }
  func declared(in scope: Scope) -> (MemoryAttention, Dropout) {
    (MemoryAttention(6, heads: 2, deviation: 1, in: scope), Dropout(0.5, in: scope["dropout"]))
  }
  func computed(_ layer: (MemoryAttention, Dropout)) -> Tensor {
    layer.0(
      Tensor([2, 4, 6], x_BLD), memories_BND: Tensor([2, 5, 6], memories), visible: visible, capacity: 8,
      dropout: layer.1, at: moment(examples: [0, 1])
    ).sum_BLD
  }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let (query, joined) = (
      plain.linear(x_BLD.map { S($0) }, "query"), plain.linear(memories.map { S($0) }, "key_value")
    )
    var context: [S] = []
    for b in 0..<2 {
      func part(_ half: Int) -> [S] {
        (b * 5..<b * 5 + 5).flatMap { joined[$0 * 12 + half * 6..<$0 * 12 + (half + 1) * 6] }
      }
      context += plain.attention(
        Array(query[b * 24..<(b + 1) * 24]), part(0), part(1), D: 6, heads: 2,
        scale: S(1 / Float(3).squareRoot()), visible: visible[b])
    }
    return plain.linear(context, "output")
  }
}

/// A = softmax(Q (X W_k + b_k)ᵀ), engrams = W₂ activation(W₁ (A (X W_v + b_v)) + b₁) + b₂.
private struct StatedAbstractor: StatedLayer {
  let activation: AbstractorActivation
  func declared(in scope: Scope) -> Abstractor {
    Abstractor(6, engrams: 3, innerWidth: 7, activation: activation, deviation: 1, in: scope)
  }
  func computed(_ layer: Abstractor) -> Tensor { layer(Tensor([2, 4, 6], x_BLD)) }
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S] {
    let plain = Plain(parameters: parameters)
    let x = x_BLD.map { S($0) }
    let (key, value) = (plain.linear(x, "key"), plain.linear(x, "value"))
    var summary: [S] = []
    for b in 0..<2 {
      let part = b * 24..<(b + 1) * 24
      let scores = Statement.product(
        plain.list("queries"), Layout(row: 6), Array(key[part]), Layout(row: 1, column: 6), M: 3, N: 4, K: 6)
      let weight = Statement.eachRow(scores, columns: 4) { Statement.softmax($0) }
      summary += Statement.product(weight, Array(value[part]), M: 3, N: 6, K: 4)
    }
    let inner = plain.linear(summary, "input")
    return plain.linear(activation == .gelu ? inner.map { Statement.geluTanh($0) } : inner, "output")
  }
}

@Suite struct LayerTests {
  @Test func `a linear map is as stated`() { expectStated(StatedLinear()) }

  @Test func `a linear map may lack a bias`() { expectStated(StatedMapWithoutBias()) }

  @Test func `a frozen map passes gradients on and takes none`() {
    let parameters = Parameters(seed: 3)
    let before = Linear(6, 4, weight: .normal(deviation: 1), bias: nil, in: parameters.root["before"])
    let map = Linear(4, 5, weight: .normal(deviation: 1), bias: .ones, in: parameters.root["map"])
    let x = Tensor([2, 4, 6], x_BLD)
    expectSameBits(map.frozen(before(x)).values, map(before(x)).values)
    let (_, gradients) = parameters.gradients { map(before(x)).sum() }
    let (_, frozen) = parameters.gradients { map.frozen(before(x)).sum() }
    expectSameBits(frozen[0]?.values ?? [], gradients[0]?.values ?? [0])
    #expect(gradients[1] != nil && gradients[2] != nil)
    #expect(frozen[1] == nil && frozen[2] == nil)
    // A map that is read both ways learns from the one that is not frozen alone.
    let (_, both) = parameters.gradients { (map(x.columns(0..<4)) + map.frozen(x.columns(1..<5))).sum() }
    let (_, alone) = parameters.gradients { map(x.columns(0..<4)).sum() }
    expectSameBits(both[1]?.values ?? [], alone[1]?.values ?? [0])
  }

  @Test(arguments: [false, true])
  func `rows that came before are mapped as the segment is, with a gradient and without`(isFrozen: Bool) {
    let parameters = Parameters(seed: 3)
    let map = Linear(6, 5, weight: .normal(deviation: 1), bias: .ones, in: parameters.root["map"])
    let (old, recent) = (Tensor([2, 3, 6], plainNoise(36)), Tensor([2, 2, 6], plainNoise(24, seed: 2)))
    let segment = Tensor([2, 4, 6], x_BLD)
    let expected = joined([map(old), map(recent), map(segment)])
    let constant = map(before: [old, recent], segment, isFrozen: isFrozen)
    expectSameBits(constant.values, expected.values)
    #expect(!constant.isTraced)
    let watched = map(before: [old, recent], Tape().watch(segment), isFrozen: isFrozen)
    expectSameBits(watched.values, expected.values)
    #expect(watched.isTraced)
    // What came before teaches the map too, unless that is frozen.
    let (_, found) = parameters.gradients { map(before: [old, recent], segment, isFrozen: isFrozen).sum() }
    #expect(found.map { $0 != nil } == [!isFrozen, !isFrozen])
    let (_, whole) = parameters.gradients { joined([map(joined([old, recent])), map(segment)]).sum() }
    if !isFrozen { expectSameBits(found[0]?.values ?? [], whole[0]?.values ?? [0]) }
  }

  @Test func `layer norm is as stated`() { expectStated(StatedNorm()) }

  @Test(arguments: [GELU.tanh, .exact])
  func `a feed-forward network is as stated`(form: GELU) { expectStated(StatedFeedForward(form: form)) }

  @Test func `self-attention is as stated`() { expectStated(StatedSelfAttention()) }

  @Test(arguments: [[5, 5], [2, 5], [0, 3]])
  func `attention to memories is as stated`(visible: [Int]) {
    expectStated(StatedMemoryAttention(visible: visible))
  }

  @Test(arguments: AbstractorActivation.allCases)
  func `the abstractor is as stated`(activation: AbstractorActivation) {
    expectStated(StatedAbstractor(activation: activation))
  }

  @Test func `weights start with the deviation they are given, norms as the identity`() {
    func deviation(_ values: [Float]) -> Double {
      (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
    }
    let parameters = Parameters(seed: 4)
    _ = FeedForward(40, 60, .tanh, deviation: 0.02, outputDeviation: 0.005, in: parameters.root["mlp"])
    _ = LayerNorm(40, in: parameters.root["norm"])
    // 2400 numbers tell a deviation to 1.5 %: five of those.
    #expect(abs(deviation(parameters["mlp.input.weight"]?.value.values ?? []) / 0.02 - 1) < 0.075)
    #expect(abs(deviation(parameters["mlp.output.weight"]?.value.values ?? []) / 0.005 - 1) < 0.075)
    #expect(parameters["mlp.input.bias"]?.value.values.allSatisfy { $0 == 0 } == true)
    #expect(parameters["norm.gain"]?.value.values.allSatisfy { $0 == 1 } == true)
    #expect(parameters["norm.bias"]?.value.values.allSatisfy { $0 == 0 } == true)
  }
}

@Suite struct DropoutLayerTests {
  private let x = Tensor([2, 3, 5], plainNoise(30))

  @Test func `nothing is dropped when not training`() {
    let dropout = Dropout(0.5, in: Parameters(seed: 1).root["d"])
    expectSameBits(dropout(x, at: moment(examples: [3, 8])).values, x.values)
    #expect(dropout.mask(at: moment(), columns: 5) == nil)
  }

  @Test func `a rate of zero drops nothing`() {
    let dropout = Dropout(0, in: Parameters(seed: 1).root["d"])
    expectSameBits(dropout(x, at: moment(examples: [3, 8], isTraining: true)).values, x.values)
  }

  @Test func `elements are addressed by example, segment, row and column`() {
    let dropout = Dropout(0.5, in: Parameters(seed: 1).root["a"]["d"])
    let found = dropout(Tensor([2, 3, 5], repeating: 1), at: moment(examples: [3, 8], isTraining: true))
      .values
    for index in found.indices {
      let (b, row, column) = (index / 15, index / 5 % 3, index % 5)
      // Segment 1 of 3; segments have 4 places, of which this one has 3.
      let origin = UInt64([3, 8][b] * 3 + 1)
      let word = Statement.word(
        (origin * 4 + UInt64(row)) * 5 + UInt64(column), seed: 6, purpose: Purpose.dropout.rawValue,
        site: siteHash("a.d"), step: 2)
      #expect(found[index] == (word < 1 << 31 ? 2 : 0))
    }
  }
}
