import Expectations
import Tensors
import Testing

private struct Softmax: StatedOperation {
  let inputs: [Shape]
  func computed(_ x: [Tensor]) -> Tensor { x[0].softmax() }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    Statement.eachRow(x[0], columns: inputs[0].columns) { Statement.softmax($0) }
  }
}

private struct LayerNorm: StatedOperation {
  let rows, D: Int
  var inputs: [Shape] { [[rows, D], [D], [D]] }
  func computed(_ x: [Tensor]) -> Tensor { x[0].layerNorm(gain: x[1], bias: x[2], epsilon: 1e-5) }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    Statement.eachRow(x[0], columns: D) {
      Statement.layerNorm($0, gain: x[1], bias: x[2], epsilon: S(Float(1e-5)))
    }
  }
}

private struct Activation: StatedOperation {
  let form: GELU
  let inputs: [Shape]
  func computed(_ x: [Tensor]) -> Tensor { x[0].gelu(form) }
  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    x[0].map { form == .tanh ? Statement.geluTanh($0) : Statement.geluExact($0) }
  }
}

private struct CrossEntropy: StatedOperation {
  let labels: [Int32]
  let classes: Int
  var inputs: [Shape] { [[labels.count, classes]] }
  private var weights: [Float] { plainNoise(labels.count, seed: 9) }

  func computed(_ x: [Tensor]) -> Tensor { x[0].crossEntropy(labels: labels, weights: weights) }

  func stated<S: Scalar>(_ x: [[S]]) -> [S] {
    let terms = labels.indices.map { row in
      let logits = Array(x[0][row * classes..<(row + 1) * classes])
      return Statement.crossEntropy(logits, label: labels[row] < 0 ? nil : Int(labels[row])) * S(weights[row])
    }
    return [inChunks(terms)]
  }
}

/// Sums of 4096 numbers each, added in Double.
func inChunks<S: Scalar>(_ terms: [S]) -> S {
  S(
    stride(from: 0, to: terms.count, by: 4096).reduce(0.0) {
      $0 + Double(Statement.sum(Array(terms[$1..<min($1 + 4096, terms.count)])))
    })
}

@Suite struct RowTests {
  @Test(arguments: [Shape(arrayLiteral: 1), [1, 1], [3, 5], [2, 3, 40], [4, 65], [2, 300]])
  func `softmax is as stated`(shape: Shape) { expectStated(Softmax(inputs: [shape])) }

  @Test func `softmax does not mind large numbers`() {
    #expect(Tensor([1, 2], [1000, 1000]).softmax().values == [0.5, 0.5])
  }

  @Test func `rows are shared out among threads`() {
    expectStated(Softmax(inputs: [[301, 83]]))
    expectStated(LayerNorm(rows: 301, D: 83))
  }

  @Test(arguments: [(1, 2), (3, 5), (4, 64), (2, 65), (5, 130), (260, 3)])
  func `layer norm is as stated`(sizes: (rows: Int, D: Int)) {
    expectStated(LayerNorm(rows: sizes.rows, D: sizes.D))
  }

  @Test(arguments: [GELU.tanh, .exact])
  func `gelu is as stated`(form: GELU) {
    expectStated(Activation(form: form, inputs: [[3, 13]]))
    let wide = plainNoise(200, seed: 5).map { $0 * 12 }
    expectStated(Activation(form: form, inputs: [[200]]), at: [wide])
  }

  @Test func `gelu has the published values`() {
    // Golden numbers of both forms, computed in double precision elsewhere.
    let x = Tensor([6], [-3, -1, -0.5, 0.5, 1, 3])
    let exact: [Float] = [-0.0040497, -0.1586553, -0.1542688, 0.3457312, 0.8413447, 2.9959503]
    let tanh: [Float] = [-0.0036374, -0.158808, -0.154286, 0.345714, 0.841192, 2.9963626]
    for (found, expected) in zip(x.gelu(.exact).values, exact) { #expect(abs(found - expected) < 5e-7) }
    for (found, expected) in zip(x.gelu(.tanh).values, tanh) { #expect(abs(found - expected) < 1e-6) }
  }

  @Test(arguments: [[0], [2, -100, 0], [-1, -100], [4, 4, 1, 0, -100, 3, 2]])
  func `cross-entropy is as stated, and leaves out what has no label`(labels: [Int32]) {
    expectStated(CrossEntropy(labels: labels, classes: 5))
    expectStated(CrossEntropy(labels: labels, classes: 67))
  }

  @Test func `cross-entropy of every row is that of one row alone`() {
    let logits = Tensor([3, 9], plainNoise(27))
    let all = logits.crossEntropies(labels: [8, -100, 0])
    let alone = logits.crossEntropy(labels: [8, -100, 0], weights: [1, 0, 0]).scalar
    expectSameBits(all, [alone, 0, logits.crossEntropy(labels: [8, -100, 0], weights: [0, 0, 1]).scalar])
  }

  @Test func `a row without a label has no gradient, whatever its weight`() {
    let tape = Tape()
    let logits = tape.watch(Tensor([2, 3], plainNoise(6)))
    let loss = logits.crossEntropy(labels: [-100, 1], weights: [1e9, 1])
    let gradient = tape.gradients(of: loss, for: [logits])[0]?.values ?? []
    expectSameBits(Array(gradient.prefix(3)), [0, 0, 0])
    #expect(gradient.count == 6 && gradient[4] < 0)
  }
}
