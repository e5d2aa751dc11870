import CKernels

extension Tensor {
  /// A linear map of the axis of positions: every position of the result is a weighted sum of positions of its sequence.
  ///
  ///      y_b = W x_b                        x [B, M, D], W [N, M]: y [B, N, D]
  ///     dx_b = Wᵀ dy_b,  dW = Σ_b dy_b x_bᵀ, sequences ascending from +0
  ///
  /// Or W [B, N, M], one for each sequence; then it must be a constant.
  package func mixed(by weight: Tensor) -> Tensor {
    let (B, M, D) = extents3
    let isOwn = weight.shape.rank == 3
    require(
      (isOwn ? weight.shape[0] == B : weight.shape.rank == 2) && weight.shape.columns == M,
      "the positions of \(shape) cannot be mixed by weights of \(weight.shape)")
    require(!isOwn || !weight.isTraced, "weights of \(weight.shape), one for each sequence, have no gradient")
    let N = weight.shape[isOwn ? 1 : 0]
    let (x, W, wantsX, wantsW) = (detached, weight.detached, isTraced, weight.isTraced)
    return mixture(W, (isOwn ? N * M : 0, M, 1), x, rows: N).recorded(from: self, weight) { dy in
      [
        wantsX ? mixture(W, (isOwn ? N * M : 0, 1, M), dy, rows: M) : nil,
        wantsW ? weightGradient(dy, x, N: N, M: M, D: D) : nil,
      ]
    }
  }
}

/// W_b x_b [B, rows, D]; `strides` of W: from one sequence, row and column to the next. Threads share the rows.
private func mixture(_ W: Tensor, _ strides: (Int, Int, Int), _ x: Tensor, rows: Int) -> Tensor {
  let (B, M, D) = x.extents3
  UsefulOperations.add(product: B * rows, D, M)
  return Tensor([B, rows, D]) { [kernels] out in
    Processor.current.workers.share(B * rows, cost: 2 * M * D) { range in
      var row = range.lowerBound
      while row < range.upperBound {
        let (b, first) = (row / rows, row % rows)
        let count = min(rows - first, range.upperBound - row)
        kernels.matmul(
          out + row * D, D, W.pointer + b * strides.0 + first * strides.1, strides.1, strides.2,
          x.pointer + b * M * D, D, 1, count, D, M, 0)
        row += count
      }
    }
  }
}

/// Σ_b dy_b x_bᵀ [N, M]. Threads share the columns: each adds up all sequences, in their order.
private func weightGradient(_ dy: Tensor, _ x: Tensor, N: Int, M: Int, D: Int) -> Tensor {
  let B = x.shape[0]
  let dW = Tensor([N, M], repeating: 0)
  UsefulOperations.add(product: N, M, B * D)
  Processor.current.workers.share(M, cost: 2 * B * N * D) { columns in
    for b in 0..<B {
      kernels.matmul(
        dW.pointer + columns.lowerBound, M, dy.pointer + b * N * D, D, 1,
        x.pointer + (b * M + columns.lowerBound) * D, 1, D, N, columns.count, D, 1)
    }
  }
  return dW
}
