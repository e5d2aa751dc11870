import Models
import Networks
import Tensors

extension Specimen {
  static let infinityFormers: [Specimen] = [
    infinityFormer("sticky"), infinityFormer("uniform") { $0.sampling = .uniform },
    infinityFormer("without gate") { $0.gate = .none },
    infinityFormer("with divergence") { $0.divergenceWeight = 0.01 },
    infinityFormer("as first published") {
      ($0.basisWidths, $0.ridgePenalty, $0.contraction) = ([0.05, 0.2], 1, 0.75)
      ($0.varianceFloor, $0.sampling, $0.gate, $0.memoryDropout) = (1e-6, .uniform, .none, 0)
      ($0.divergenceWeight, $0.divergenceForm) = (1e-6, .variance)
    },
  ]

  static func infinityFormer(
    _ words: String, _ change: (inout LongTermConfiguration) -> Void = { _ in }
  ) -> Specimen {
    Specimen(
      InfinityFormer.self, words, infinityConfiguration(change), remembers: true,
      state: { memory, row in
        memory.layers.flatMap { state in
          [
            part(state.input_BLD, row), part(state.recalled?.coefficients_BND, row),
            part(state.recalled?.mean_BLH, row), part(state.recalled?.variance_BLH, row),
          ]
        }
      })
  }

  static func infinityConfiguration(
    _ change: (inout LongTermConfiguration) -> Void = { _ in }
  ) -> InfinityFormer.Configuration {
    var memory = LongTermConfiguration(
      basisFunctions: 8, samples: 4, basisWidths: [0.1, 0.2], ridgePenalty: 0.5, contraction: 0.5,
      varianceFloor: 1e-4, sampling: .sticky, stickyBins: 16, gate: .convolution, memoryDropout: 0.3,
      divergenceWeight: 0, divergenceDeviation: 0.05, divergenceMean: -1, divergenceForm: .meanAndVariance)
    change(&memory)
    return InfinityFormer.Configuration(
      layers: 2, heads: 2, width: 8, innerWidth: 12, positions: 6, dropout: 0.3,
      residualInitialization: .plain, infinityFormer: memory)
  }

  /// A row's part of a tensor [B, ...]; nothing of none.
  private static func part(_ tensor: Tensor?, _ row: Int) -> [Float] {
    guard let tensor else { return [] }
    let extent = tensor.shape.count / tensor.shape[0]
    return Array(tensor.values[row * extent..<(row + 1) * extent])
  }
}
