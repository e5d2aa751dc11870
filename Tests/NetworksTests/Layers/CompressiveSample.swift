import Expectations
import Networks
import Tensors

/// Two sequences of four rows of width six for two heads, and what was remembered before: three recent rows and a
/// compressed one.
enum CompressiveSample {
  static let (D, heads, L) = (6, 2, 4)
  static let z = plainNoise(2 * L * D, seed: 21)
  static let recent = plainNoise(2 * 3 * D, seed: 22)
  static let compressed = plainNoise(2 * 1 * D, seed: 23)

  static var memory: CompressiveMemory {
    CompressiveMemory(
      recent_BMD: Tensor([2, 3, D], recent), compressed_BMD: Tensor([2, 1, D], compressed))
  }

  static func sizes(
    _ keyValue: KeyValueLearning = .trainable, memoryLength: Int = 3, compressedLength: Int = 2,
    segmentLength: Int = 4
  ) -> CompressiveConfiguration {
    CompressiveConfiguration(
      segmentLength: segmentLength, memoryLength: memoryLength, compressedLength: compressedLength,
      compressionRate: 2, keyValue: keyValue, auxiliaryWeight: 1, auxiliaryTarget: .aligned)
  }

  /// The rows of one sequence of [2, M, D].
  static func rows<S: Scalar>(_ x: [Float], of b: Int) -> [S] {
    x[b * x.count / 2..<(b + 1) * x.count / 2].map { S($0) }
  }
}

extension Plain {
  /// A map of rows of `width` without a bias.
  func mapped(_ x: [S], width: Int, _ path: String) -> [S] {
    let weight = list("\(path).weight")
    return Statement.product(x, weight, M: x.count / width, N: weight.count / width, K: width)
  }
}
