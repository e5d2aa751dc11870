import Models
import Records
import Tasks
import Tensors

/// A matrix product that models compute, with what they compute it for.
package struct ProductShape: Sendable {
  /// How one batch of products is named: `2048x512x1536`, rows × inner × columns; `64 of 256x64x256`.
  let shape: String
  let use: String
  let products: Products

  static let forward = "forward x W"
  static let inputGradient = "input gradient g W'"
  static let weightGradient = "weight gradient x' g"

  /// x [M, K] mapped by W [K, N], and its two gradients.
  static func map(_ M: Int, _ K: Int, _ N: Int) -> [ProductShape] {
    let shape = "\(M)x\(K)x\(N)"
    return [
      ProductShape(shape: shape, use: forward, products: Products(.plain, M: M, K: K, N: N)),
      ProductShape(shape: shape, use: inputGradient, products: Products(.secondTransposed, M: M, K: N, N: K)),
      ProductShape(shape: shape, use: weightGradient, products: Products(.firstTransposed, M: K, K: M, N: N)),
    ]
  }

  /// Heads of attention: L queries q of width E, L keys k and values v.
  static func heads(_ count: Int, _ L: Int, _ E: Int) -> [ProductShape] {
    [
      ProductShape(
        shape: "\(count) of \(L)x\(E)x\(L)", use: "scores q k'",
        products: Products(.secondTransposed, count: count, M: L, K: E, N: L)),
      ProductShape(
        shape: "\(count) of \(L)x\(L)x\(E)", use: "context p v",
        products: Products(.plain, count: count, M: L, K: L, N: E)),
      ProductShape(
        shape: "\(count) of \(L)x\(L)x\(E)", use: "gradient p' o",
        products: Products(.firstTransposed, count: count, M: L, K: L, N: E)),
    ]
  }

  /// Of the models at widths 512, 64 and 128: projections and feed-forwards, then heads of attention.
  package static let all: [ProductShape] =
    [
      (2048, 512, 512), (2048, 512, 1536), (2048, 512, 2048), (2048, 2048, 512), (8192, 512, 512),
      (8192, 512, 2048), (8192, 2048, 512), (1024, 64, 64), (1024, 64, 256), (1024, 256, 64),
      (2048, 128, 128),
      (2048, 128, 512), (2048, 512, 128),
    ].flatMap { map($0, $1, $2) }
    + [(64, 256, 64), (64, 1024, 64), (64, 32, 32), (128, 64, 32)].flatMap { heads($0, $1, $2) }

  /// What a run's steps compute most of: the rate of the best of these is what they are measured by.
  static func steps(of specification: Specification) -> [ProductShape] {
    func size(_ key: String) -> Int {
      guard case .integer(let size)? = specification.settings["model.\(key)"] else { return 1 }
      return size
    }
    let (D, F) = (size("width"), size("inner_width"))
    // As many tokens as are computed together, at most.
    let tokens = min(specification.training.batch * Workload.tokens(of: specification).segmentLength, 4096)
    return map(tokens, D, D) + map(tokens, D, 3 * D) + map(tokens, D, F) + map(tokens, F, D)
  }
}

extension Products {
  /// Of several shapes, the one with the highest rate.
  static func fastest(of shapes: [ProductShape]) -> Products {
    let rates = shapes.map { (products: $0.products, rate: $0.products.rate(tries: 5)) }
    return (rates.max { $0.rate < $1.rate } ?? rates[0]).products
  }

  /// Floating-point operations a second, by the median of several tries.
  func rate(tries: Int) -> Double { operations / timed(tries: tries).median }

  /// What the products take, as the models compute them: by the operations that record gradients, where they are
  /// single ones.
  func timed(tries: Int) -> Timing {
    let (a, b) = operands
    if count > 1 { return timing(tries: tries, prepare: {}) { _ = computed(a, b) } }
    switch form {
    case .plain: return timing(tries: tries, prepare: {}) { _ = a.mapped(by: b) }
    case .secondTransposed: return timing(tries: tries, prepare: {}) { _ = a.scored(against: b) }
    case .firstTransposed:
      // The way back of x W, with nothing but W watched, is one product: xᵀ dy.
      let weight = Tensor([M, N], repeating: 0)
      return timing(
        tries: tries,
        prepare: { () -> (Tape, Tensor, Tensor) in
          let tape = Tape()
          let watched = tape.watch(weight)
          return (tape, a.mapped(by: watched), watched)
        }
      ) { tape, output, watched in
        _ = tape.gradients(of: output, whoseOwnIs: b, for: [watched])
      }
    }
  }
}
