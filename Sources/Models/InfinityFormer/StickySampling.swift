package import Networks
package import Tensors

/// Where a memory is read before it is compressed: more often where the last segment's attention was ("sticky
/// memories" of the ∞-former).
///
///     p_n ∝ Σ over heads and queries of the mass of N(μ, v) between the edges n / bins and (n + 1) / bins
///
/// Bins are drawn independently, with replacement; a sample is the left edge of its bin; samples are sorted.
package struct StickySampling {
  package let bins: Int
  package let samples: Int
  private let site: UInt32

  /// A sampling named after its place in the model, which is what its random numbers are looked up by.
  package init(bins: Int, samples: Int, in scope: Scope) {
    (self.bins, self.samples) = (bins, samples)
    site = scope.site()
  }

  /// The outermost edges lie a little outside of 0 and 1.
  private var edges: [Float] {
    (0...bins).map { Float(Double($0) / Double(bins) + ($0 == 0 ? -1e-6 : $0 == bins ? 1e-6 : 0)) }
  }

  /// The left edge of every bin.
  package var leftEdges: [Double] { (0..<bins).map { Double($0) / Double(bins) } }

  /// How often every bin is to be drawn, by sequence: [B][bins]. Attention of shape [B, ...].
  package func probabilities(mean: Tensor, variance: Tensor) -> [[Double]] {
    let mass_Bn = gaussianMasses(mean: mean, variance: variance, edges: edges).values
    return (0..<mean.shape[0]).map { b in
      // Rounding can leave an empty bin a little below nothing.
      let masses = mass_Bn[b * bins..<(b + 1) * bins].map { max(Double($0), 0) }
      let total = masses.reduce(0, +)
      return masses.map { $0 / total }
    }
  }

  /// The bins drawn for every sequence, ascending: [B · samples].
  ///
  /// The i-th number of a sequence is element (example · segments + segment) · samples + i.
  package func drawn(mean: Tensor, variance: Tensor, at moment: Moment) -> [Int32] {
    let place = Place(seed: moment.seed, purpose: .memory, site: site, step: UInt32(moment.step))
    return zip(probabilities(mean: mean, variance: variance), moment.origins).flatMap {
      probabilities, origin in
      let numbers = place.uniforms(first: origin * UInt64(samples), count: samples)
      return StickySampling.quantiles(of: probabilities, at: numbers.sorted())
    }
  }

  /// For every one of the ascending `numbers` below 1 the first bin whose cumulated probability exceeds it.
  package static func quantiles(of probabilities: [Double], at numbers: [Double]) -> [Int32] {
    var (bin, cumulated) = (0, probabilities[0])
    return numbers.map { number in
      // The last bin takes what rounding leaves of 1.
      while !(cumulated > number) && bin < probabilities.count - 1 {
        bin += 1
        cumulated += probabilities[bin]
      }
      return Int32(bin)
    }
  }
}
