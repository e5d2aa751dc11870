import Models
import Tensors

extension Specimen {
  static let transformerXLs = [
    transformerXL(memory: 6, clamp: 100), transformerXL(memory: 9, clamp: 5),
    transformerXL(memory: 4, clamp: 2),
  ]

  /// Memories as long as a segment, longer and shorter; heads that do not divide the width.
  private static func transformerXL(memory: Int, clamp: Int) -> Specimen {
    Specimen(
      TransformerXL.self, "with a memory of \(memory)",
      TransformerXL.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, dropout: 0.3,
        transformerXl: .init(
          memoryLength: memory, clampLength: clamp, headWidth: memory == 9 ? 3 : 4, initialDeviation: 0.02,
          projectionDeviation: 0.01)),
      remembers: true,
      state: { memory, row in
        memory.inputs_BMD.map { input in
          let extent = input.shape.count / input.shape[0]
          return Array(input.values[row * extent..<(row + 1) * extent])
        }
      })
  }
}
