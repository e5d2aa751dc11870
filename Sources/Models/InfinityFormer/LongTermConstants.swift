import Tensors

/// What all layers of a model share and nobody learns. Made when first asked for: a model that is only counted needs none.
final class LongTermConstants {
  let basis: BasisFunctions
  let heads: Int
  private let configuration: LongTermConfiguration
  private var fits: [Int: MemoryFit] = [:]
  private var densitiesOfEdges: Tensor?

  init(_ configuration: LongTermConfiguration, heads: Int) {
    (self.configuration, self.heads) = (configuration, heads)
    basis = BasisFunctions(count: configuration.basisFunctions, widths: configuration.basisWidths)
  }

  /// The fits of segments of `segmentLength` tokens.
  func fit(segmentLength: Int) -> MemoryFit {
    if let known = fits[segmentLength] { return known }
    let fit = MemoryFit(
      basis, segmentLength: segmentLength, samples: configuration.samples,
      contraction: configuration.contraction, penalty: configuration.ridgePenalty)
    fits[segmentLength] = fit
    return fit
  }

  /// Ψ at sample i of P, i / P: [P, N].
  private(set) lazy var uniformDensities: Tensor = {
    let P = configuration.samples
    return basis.densities(at: (1...P).map { Double($0) / Double(P) })
  }()

  /// Ψ at the left edges of a sampling's bins [bins, N].
  func edgeDensities(of sampling: StickySampling) -> Tensor {
    if let densitiesOfEdges { return densitiesOfEdges }
    let densities = basis.densities(at: sampling.leftEdges)
    densitiesOfEdges = densities
    return densities
  }

  private(set) lazy var attention = ContinuousAttention(
    heads: heads, centres: basis.centres.map { Float($0) },
    variances: basis.deviations.map { Float($0 * $0) })
}
