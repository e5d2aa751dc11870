extension Tensor {
  /// Every position with its neighbour before and after, side by side: [B, M, D] becomes [B, M, 3 D]. What would lie
  /// outside of a sequence is zero. A map of it is a convolution over time with a kernel of three. Of constants only.
  ///
  ///     y_bm = (x_b(m-1), x_bm, x_b(m+1))
  package func withNeighbours() -> Tensor {
    let (B, M, D) = extents3
    require(!isTraced, "the neighbours of \(shape) have no gradient, but one is asked for")
    return Tensor([B, M, 3 * D]) { out in
      Processor.current.workers.share(B * M, cost: 3 * D) { rows in
        for row in rows {
          for (part, position) in [row % M - 1, row % M, row % M + 1].enumerated() {
            let place = out + (3 * row + part) * D
            if position >= 0 && position < M {
              place.update(from: pointer + (row - 1 + part) * D, count: D)
            } else {
              place.initialize(repeating: 0, count: D)
            }
          }
        }
      }
    }
  }
}
