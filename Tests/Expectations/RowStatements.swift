/// What is done to one row: softmax, layer norm, cross entropy, and their pullbacks.
extension Statement {
  @specialized(where S == Float)
  @specialized(where S == Double)
  private static func exponentials<S: Scalar>(_ x: [S]) -> (values: [S], sum: S, shift: S) {
    var shift = -S.infinity
    for value in x where value > shift { shift = value }
    let values = x.map { S.exponential($0 - shift) }
    return (values, sum(values), shift)
  }

  /// exp(x − max) / Σ exp(x − max)
  package static func softmax<S: Scalar>(_ x: [S]) -> [S] {
    let (values, sum, _) = exponentials(x)
    return values.map { $0 / sum }
  }

  /// y (dy − Σ y dy), y being the softmax.
  package static func softmaxPullback<S: Scalar>(_ y: [S], _ dy: [S]) -> [S] {
    let along = dot(y, dy)
    return zip(y, dy).map { $0 * ($1 - along) }
  }

  /// max + log Σ exp(x − max)
  package static func logSumExp<S: Scalar>(_ x: [S]) -> S {
    let (_, sum, shift) = exponentials(x)
    return shift + S.logarithm(sum)
  }

  /// log Σ exp(x) − x[label]; 0 where there is no label.
  package static func crossEntropy<S: Scalar>(_ x: [S], label: Int?) -> S {
    guard let label else { return 0 }
    return logSumExp(x) - x[label]
  }

  /// (softmax(x) − onehot(label)) dloss; 0 where there is no label.
  package static func crossEntropyPullback<S: Scalar>(_ x: [S], label: Int?, _ dloss: S) -> [S] {
    guard let label else { return x.map { _ in 0 } }
    return softmax(x).enumerated().map { ($1 - ($0 == label ? 1 : 0)) * dloss }
  }

  /// Mean of a row, and 1 / √(variance + ε).
  package static func moments<S: Scalar>(_ x: [S], epsilon: S) -> (mean: S, reciprocal: S) {
    let mean = sum(x) / S(x.count)
    let deviations = x.map { $0 - mean }
    return (mean, 1 / (dot(deviations, deviations) / S(x.count) + epsilon).squareRoot())
  }

  /// (x − mean) reciprocal gain + bias
  package static func layerNorm<S: Scalar>(_ x: [S], gain: [S], bias: [S], epsilon: S) -> [S] {
    let (mean, reciprocal) = moments(x, epsilon: epsilon)
    return x.indices.map { bias[$0].addingProduct((x[$0] - mean) * reciprocal, gain[$0]) }
  }

  /// reciprocal ((g − mean g) − t mean(g t)), where g = dy gain and t = (x − mean) reciprocal.
  package static func layerNormPullback<S: Scalar>(
    _ dy: [S], _ x: [S], mean: S, reciprocal: S, gain: [S]
  ) -> [S] {
    let g = zip(dy, gain).map { $0 * $1 }
    let t = x.map { ($0 - mean) * reciprocal }
    let meanOfG = sum(g) / S(x.count)
    let meanAlong = dot(g, t) / S(x.count)
    return zip(g, t).map { ($0 - meanOfG).addingProduct(-$1, meanAlong) * reciprocal }
  }

  /// Σ over rows of dy (x − mean) reciprocal, for one chunk.
  package static func layerNormGainSum<S: Scalar>(
    _ dy: [S], _ x: [S], mean: [S], reciprocal: [S], columns: Int
  ) -> [S] {
    var sum = [S](repeating: 0, count: columns)
    for i in x.indices {
      let row = i / columns
      sum[i % columns] = sum[i % columns].addingProduct(dy[i], (x[i] - mean[row]) * reciprocal[row])
    }
    return sum
  }

  /// Of each bin between two edges: Σ over i of the half difference of erf(edge factor_i − shift_i) at both.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func gaussianMasses<S: Scalar>(factor: [S], shift: [S], edges: [S]) -> [S] {
    let below = edges.map { edge in
      factor.indices.map { S.errorFunction(edge * factor[$0] - shift[$0]) }
    }
    return zip(below, below.dropFirst()).map { below, above in
      S(0.5) * sum(zip(below, above).map { $1 - $0 })
    }
  }
}
