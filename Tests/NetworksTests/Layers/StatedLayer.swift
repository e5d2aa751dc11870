import Expectations
import Networks
import Tensors
import Testing

/// A layer beside its plain statement, by the names of its parameters.
protocol StatedLayer {
  associatedtype Layer
  func declared(in scope: Scope) -> Layer
  func computed(_ layer: Layer) -> Tensor
  func stated<S: Scalar>(_ parameters: [String: [S]]) -> [S]
}

/// Expects a layer with noise for parameters to have the bits of its statement, and the gradient of every parameter to
/// agree with it.
func expectStated(_ stated: some StatedLayer, sourceLocation: SourceLocation = #_sourceLocation) {
  let sizes = Parameters(seed: 1)
  _ = stated.declared(in: sizes.root)
  var noise: [String: [Float]] = [:]
  for (index, parameter) in sizes.all.enumerated() {
    noise[parameter.path] = plainNoise(parameter.value.shape.count, seed: UInt64(index) + 40)
  }
  let parameters = Parameters(seed: 1, stored: noise)
  let layer = stated.declared(in: parameters.root)
  let y = stated.computed(layer)
  expectSameBits(y.values, stated.stated(noise), "\(stated)", sourceLocation: sourceLocation)

  let weights = plainNoise(y.shape.count, seed: 77)
  let (_, gradients) = parameters.gradients {
    stated.computed(layer).sum(weightedBy: Tensor(y.shape, weights))
  }
  let paths = parameters.all.map(\.path)
  expect(
    zip(parameters.all, gradients).map { $1?.values ?? [Float](repeating: 0, count: $0.value.shape.count) },
    areSlopesOf: { stated.stated(Dictionary(uniqueKeysWithValues: zip(paths, $0))) },
    at: parameters.all.map(\.value.values), weights: weights, "\(stated)", sourceLocation: sourceLocation)
}

/// Statements that the layers are made of, by the path of a linear map or a norm.
struct Plain<S: Scalar> {
  let parameters: [String: [S]]

  func list(_ path: String) -> [S] { parameters[path] ?? [] }

  func linear(_ x: [S], _ path: String) -> [S] {
    let (weight, bias) = (list("\(path).weight"), list("\(path).bias"))
    let (F, D) = (bias.count, weight.count / bias.count)
    let product = Statement.product(x, weight, M: x.count / D, N: F, K: D)
    return product.indices.map { product[$0] + bias[$0 % F] }
  }

  /// Attention of every head of one sequence, [L, D] to [M, D].
  func attention(
    _ q: [S], _ k: [S], _ v: [S], D: Int, heads: Int, scale: S, isCausal: Bool = false, visible: Int? = nil
  ) -> [S] {
    let (K, L, M) = (D / heads, q.count / D, k.count / D)
    var context = [S](repeating: 0, count: q.count)
    for h in 0..<heads {
      func columns(_ x: [S]) -> [S] { x.indices.filter { $0 % D / K == h }.map { x[$0] } }
      let statement = AttentionStatement(
        queries: L, keys: M, width: K, visible: visible ?? M, causal: isCausal, scale: scale)
      let part = statement(columns(q), columns(k), columns(v)).context
      for index in part.indices { context[index / K * D + h * K + index % K] = part[index] }
    }
    return context
  }
}

/// A moment without dropout unless it says so.
func moment(examples: [Int] = [0], segmentLength: Int = 4, isTraining: Bool = false) -> Moment {
  Moment(
    seed: 6, step: 2, segment: 1, segments: 3, segmentLength: segmentLength, examples: examples,
    isTraining: isTraining)
}
