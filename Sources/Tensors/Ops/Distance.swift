import CKernels

/// Squared Euclidean distances of all pairs of rows, recording nothing.
///
///     out_mn = Σ_k (a_mk - b_nk)²
package func squaredDistances(_ a_MK: Tensor, _ b_NK: Tensor) -> Tensor {
  require(
    a_MK.shape.rank == 2 && b_NK.shape.rank == 2 && a_MK.shape[1] == b_NK.shape[1],
    "distances between rows of \(a_MK.shape) and \(b_NK.shape) do not exist")
  let (M, N, K) = (a_MK.shape[0], b_NK.shape[0], a_MK.shape[1])
  return Tensor([M, N]) { out in
    Processor.current.workers.share(M, cost: 3 * N * K) { rows in
      kernels.squared_distance(
        out + rows.lowerBound * N, a_MK.pointer + rows.lowerBound * K, b_NK.pointer, rows.count, N, K)
    }
  }
}

extension Tensor {
  /// -x, recording nothing.
  package func negated() -> Tensor { times(-1) }
}
