import Models
import Networks
import Tensors

extension Specimen {
  /// Memories shorter and longer than a segment, lengths that the rate divides and not, what is frozen and what is not.
  static let compressiveTransformers: [Specimen] = [
    compressiveTransformer(""),
    compressiveTransformer("frozen", keyValue: .frozen),
    compressiveTransformer("with auxiliary loss", auxiliaryWeight: 0.5),
    compressiveTransformer(
      "with auxiliary loss as released", keyValue: .frozen, auxiliaryWeight: 1, .reference),
    compressiveTransformer("of long memory", memoryLength: 8, compressedLength: 5, compressionRate: 4),
    compressiveTransformer("of uneven lengths", memoryLength: 6, compressedLength: 2, compressionRate: 4),
    compressiveTransformer("of three layers", layers: 3, segmentLength: 9),
  ]

  static func compressiveTransformer(
    _ words: String, layers: Int = 2, segmentLength: Int = 6, memoryLength: Int = 4,
    compressedLength: Int = 3,
    compressionRate: Int = 2, keyValue: KeyValueLearning = .trainable, auxiliaryWeight: Double = 0,
    _ target: ReconstructionTarget = .aligned
  ) -> Specimen {
    Specimen(
      CompressiveTransformer.self, words,
      CompressiveTransformer.Configuration(
        layers: layers, heads: 2, width: 8, innerWidth: 12, dropout: 0.3,
        compressiveTransformer: CompressiveConfiguration(
          segmentLength: segmentLength, memoryLength: memoryLength, compressedLength: compressedLength,
          compressionRate: compressionRate, keyValue: keyValue, auxiliaryWeight: auxiliaryWeight,
          auxiliaryTarget: target)),
      untrained: (keyValue == .frozen ? ["key_value.weight"] : [])
        + (auxiliaryWeight == 0 ? ["compression.weight", "compression.bias"] : []),
      remembers: true, amplification: 2,
      state: { memory, row in
        memory.layers.flatMap { [$0.recent_BMD, $0.compressed_BMD] }.map { tensor in
          let extent = tensor.shape.count / tensor.shape[0]
          return Array(tensor.values[row * extent..<(row + 1) * extent])
        }
      })
  }
}
