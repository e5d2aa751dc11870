import CKernels

/// How much of all Gaussians of a sequence lies between neighbouring edges: shape [B, edges - 1]. Records nothing.
///
///     mass_bn = Σ over i of Φ((e_(n+1) - μ_bi) / σ_bi) - Φ((e_n - μ_bi) / σ_bi),   Φ(z) = (1 + erf(z / √2)) / 2
///
/// - mean, variance: [B, ...], of one shape. Variances must be above 0.
/// - edges: Ascending.
package func gaussianMasses(mean: Tensor, variance: Tensor, edges: [Float]) -> Tensor {
  require(
    mean.shape == variance.shape && mean.shape.rank > 0,
    "means of \(mean.shape) and variances of \(variance.shape) make no Gaussians")
  require(edges.count > 1, "\(edges.count) edges enclose nothing")
  let (B, bins) = (mean.shape[0], edges.count - 1)
  let count = mean.shape.count / max(B, 1)
  return Tensor([B, bins]) { [kernels] out in
    Processor.current.workers.share(B, cost: 16 * edges.count * count) { sequences in
      let (factor, shift) = (Storage(count: count), Storage(count: count))
      for b in sequences {
        // 1 / (σ √2) = exp(-log(2 v) / 2), and μ times it.
        kernels.scale(factor.pointer, variance.pointer + b * count, 2, count)
        kernels.logarithm(factor.pointer, factor.pointer, count)
        kernels.scale(factor.pointer, factor.pointer, -0.5, count)
        kernels.exponential(factor.pointer, factor.pointer, count)
        kernels.multiply(shift.pointer, mean.pointer + b * count, factor.pointer, count)
        kernels.gaussian_masses(out + b * bins, factor.pointer, shift.pointer, edges, bins, count)
      }
    }
  }
}
