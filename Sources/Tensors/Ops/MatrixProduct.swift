import CKernels

extension Tensor {
  /// A linear map of the last axis, with or without a bias: the work of nearly every layer.
  ///
  ///      y = x W + b                        x [..., D], W [D, F], b [F]
  ///     dx = dy Wᵀ,  dW = xᵀ dy,  db = Σ over rows of dy
  package func mapped(by weight_DF: Tensor, bias bias_F: Tensor? = nil) -> Tensor {
    require(
      weight_DF.shape.rank == 2 && weight_DF.shape[0] == shape.columns,
      "cannot map \(shape) by a weight of \(weight_DF.shape)")
    let (rows, D, F) = (shape.rows, weight_DF.shape[0], weight_DF.shape[1])
    let y = product(self, (D, 1), weight_DF, (F, 1), rows, F, D, shape.withColumns(F))
    let (x, W, wantsX, wantsW) = (detached, weight_DF.detached, isTraced, weight_DF.isTraced)
    func pullback(_ dy: Tensor) -> [Tensor?] {
      [
        wantsX ? product(dy, (F, 1), W, (1, F), rows, D, F, x.shape) : nil,
        wantsW ? product(x, (1, D), dy, (F, 1), D, F, rows, W.shape) : nil,
      ]
    }
    guard let bias_F else { return y.recorded(from: self, weight_DF, pullback: pullback) }
    require(bias_F.shape == [F], "a bias of \(bias_F.shape) does not fit a weight of \(weight_DF.shape)")
    let wantsBias = bias_F.isTraced
    addRow(bias_F, to: y)
    return y.recorded(from: self, weight_DF, bias_F) { dy in
      pullback(dy) + [wantsBias ? columnSums(of: dy) : nil]
    }
  }

  /// The product with the transpose of a table: scores of every row against every entry.
  ///
  ///      y = x Eᵀ                           x [..., D], E [V, D]
  ///     dx = dy E,  dE = dyᵀ x
  package func scored(against table_VD: Tensor) -> Tensor {
    require(
      table_VD.shape.rank == 2 && table_VD.shape[1] == shape.columns,
      "cannot score \(shape) against a table of \(table_VD.shape)")
    let (rows, V, D) = (shape.rows, table_VD.shape[0], table_VD.shape[1])
    let y = product(self, (D, 1), table_VD, (1, D), rows, V, D, shape.withColumns(V))
    let (x, E, wantsX, wantsE) = (detached, table_VD.detached, isTraced, table_VD.isTraced)
    return y.recorded(from: self, table_VD) { dy in
      [
        wantsX ? product(dy, (V, 1), E, (D, 1), rows, D, V, x.shape) : nil,
        wantsE ? product(dy, (1, V), x, (D, 1), V, D, rows, E.shape) : nil,
      ]
    }
  }
}

/// a [M, K] times b [K, N], either of them read with any (row, column) strides; threads share the rows of the result.
private func product(
  _ a: Tensor, _ aStrides: (Int, Int), _ b: Tensor, _ bStrides: (Int, Int), _ M: Int, _ N: Int, _ K: Int,
  _ shape: Shape
) -> Tensor {
  UsefulOperations.add(product: M, N, K)
  return Tensor(shape) { out in
    Processor.current.workers.share(M, cost: 2 * N * K) { rows in
      kernels.matmul(
        out + rows.lowerBound * N, N, a.pointer + rows.lowerBound * aStrides.0, aStrides.0, aStrides.1,
        b.pointer, bStrides.0, bStrides.1, rows.count, N, K, 0)
    }
  }
}

/// Adds a row to every row of a tensor that nobody has seen yet.
private func addRow(_ row: Tensor, to y: Tensor) {
  let columns = y.shape.columns
  Processor.current.workers.share(y.shape.rows, cost: columns) { rows in
    let start = y.pointer + rows.lowerBound * columns
    kernels.add_to_rows(start, start, row.pointer, rows.count, columns)
  }
}
