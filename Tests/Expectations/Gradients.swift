package import Tensors
package import Testing

/// An operation of the engine beside its plain statement.
///
/// The statement is written once, for any scalar: at `Float` it says the bits, at `Double` finite differences of it say
/// the gradient.
package protocol StatedOperation {
  /// The shapes of what the operation takes and has gradients for.
  var inputs: [Shape] { get }
  func computed(_ inputs: [Tensor]) -> Tensor
  func stated<S: Scalar>(_ inputs: [[S]]) -> [S]
}

extension StatedOperation {
  fileprivate var noise: [[Float]] {
    inputs.enumerated().map { plainNoise($1.count, seed: UInt64($0) + 1) }
  }

  fileprivate func tensors(_ values: [[Float]]) -> [Tensor] { zip(inputs, values).map { Tensor($0, $1) } }

  /// The gradients of Σ w ⊙ y.
  fileprivate func gradients(_ values: [[Float]], weights: [Float]) -> [[Float]] {
    let tape = Tape()
    let watched = tensors(values).map { tape.watch($0) }
    let y = computed(watched)
    let loss = y.sum(weightedBy: Tensor(y.shape, weights))
    return zip(inputs, tape.gradients(of: loss, for: watched)).map { shape, gradient in
      gradient?.values ?? [Float](repeating: 0, count: shape.count)
    }
  }
}

/// Expects an operation to have the bits of its statement, and its gradients to agree with it; both with the same bits
/// on every instruction set of this machine and any number of threads.
///
/// - values: Where; noise from −1 to 1 if nothing is said.
package func expectStated(
  _ operation: some StatedOperation, at values: [[Float]]? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let values = values ?? operation.noise
  let expected = operation.stated(values)
  for (name, found) in onEveryProcessor({ operation.computed(operation.tensors(values)).values }) {
    expectSameBits(found, expected, "\(operation) by \(name)", sourceLocation: sourceLocation)
  }
  expectGradientsAgree(operation, at: values, sourceLocation: sourceLocation)
}

/// Expects the gradients of Σ w ⊙ f(x), w being noise, to agree with central differences of the statement in Double.
///
/// Steps of 1e-5 leave an error near 1e-10 in the differences, from the third derivative and from rounding alike. The
/// engine's own gradients are sums of some hundreds of products in single precision, about √n 2⁻²⁴ of the largest off:
/// a hundred times less than the 2e-5 of the largest gradient that are allowed. A wrong formula is off by its size.
/// The 1e-6 of the largest of all is for gradients that are zero in exact arithmetic, such as those of key biases.
///
/// Small inputs are tried element by element; large ones at some elements and along three directions, in which every
/// element has a part.
package func expectGradientsAgree(
  _ operation: some StatedOperation, at values: [[Float]]? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let values = values ?? operation.noise
  let weights = plainNoise(operation.computed(operation.tensors(values)).shape.count, seed: 77)
  let everywhere = onEveryProcessor { operation.gradients(values, weights: weights) }
  let gradients = everywhere[0].outcome
  for (name, found) in everywhere.dropFirst() {
    for (input, gradient) in gradients.enumerated() {
      expectSameBits(
        found[input], gradient, "gradient of input \(input) of \(operation) by \(name)",
        sourceLocation: sourceLocation)
    }
  }
  expect(
    gradients, areSlopesOf: { operation.stated($0) }, at: values, weights: weights, "\(operation)",
    sourceLocation: sourceLocation)
}

/// Expects `gradients`, one for every list of `values`, to be the slopes of Σ w ⊙ `statement`.
package func expect(
  _ gradients: [[Float]], areSlopesOf statement: ([[Double]]) -> [Double], at values: [[Float]],
  weights: [Float],
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let point = values.map { $0.map { Double($0) } }
  func slope(of input: Int, along direction: [Double]) -> Double {
    let step = 1e-5
    func value(_ sign: Double) -> Double {
      var x = point
      for index in direction.indices { x[input][index] += sign * step * direction[index] }
      return zip(statement(x), weights).reduce(0.0) { $0 + $1.0 * Double($1.1) }
    }
    return (value(1) - value(-1)) / (2 * step)
  }
  let largestOfAll = gradients.joined().reduce(0.0) { max($0, abs(Double($1))) }
  for (input, gradient) in gradients.enumerated() {
    let largest = gradient.reduce(0.0) { max($0, abs(Double($1))) }
    func expect(_ found: Double, _ expected: Double, _ allowance: Double, _ place: String) {
      let difference = abs(found - expected)
      guard !(difference <= allowance * (2e-5 * largest + 1e-6 * largestOfAll + 1e-8)) else { return }
      Issue.record(
        "\(what): the gradient of input \(input) \(place) is \(found), expected \(expected)",
        sourceLocation: sourceLocation)
    }
    let count = gradient.count
    for index in stride(from: 0, to: count, by: count <= 40 ? 1 : count / 16 + 1) {
      var direction = [Double](repeating: 0, count: count)
      direction[index] = 1
      expect(Double(gradient[index]), slope(of: input, along: direction), 1, "at element \(index)")
    }
    for seed in 0..<(count <= 40 ? 0 : 3) {
      let direction = plainNoise(count, seed: UInt64(100 + seed)).map { Double($0) }
      let along = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * $1.1 }
      expect(along, slope(of: input, along: direction), Double(count).squareRoot(), "along direction \(seed)")
    }
  }
}
