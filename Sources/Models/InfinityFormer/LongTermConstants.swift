import Tensors

/// What all layers of a model share and nobody learns. Made when first asked for: a model that is only counted needs none.
final class LongTermConstants {
  let basis: BasisFunctions
  let heads: Int
  private let configuration: LongTermConfiguration
  let attention: ContinuousAttention
  private let fits = MadeOnce<Int, MemoryFit>()
  private let uniform = MadeOnce<Int, Tensor>()
  private let edges = MadeOnce<Int, Tensor>()

  init(_ configuration: LongTermConfiguration, heads: Int) {
    (self.configuration, self.heads) = (configuration, heads)
    basis = BasisFunctions(count: configuration.basisFunctions, widths: configuration.basisWidths)
    attention = ContinuousAttention(
      heads: heads, centres: basis.centres.map { Float($0) },
      variances: basis.deviations.map { Float($0 * $0) })
  }

  /// The fits of segments of `segmentLength` tokens.
  func fit(segmentLength: Int) -> MemoryFit {
    fits.value(for: segmentLength) {
      MemoryFit(
        basis, segmentLength: segmentLength, samples: configuration.samples,
        contraction: configuration.contraction, penalty: configuration.ridgePenalty)
    }
  }

  /// Ψ at sample i of P, i / P: [P, N].
  var uniformDensities: Tensor {
    let P = configuration.samples
    return uniform.value(for: P) { basis.densities(at: (1...P).map { Double($0) / Double(P) }) }
  }

  /// Ψ at the left edges of a sampling's bins [bins, N].
  func edgeDensities(of sampling: StickySampling) -> Tensor {
    edges.value(for: sampling.bins) { basis.densities(at: sampling.leftEdges) }
  }
}
