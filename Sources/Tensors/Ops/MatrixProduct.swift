import CKernels

extension Tensor {
  /// A linear map of the last axis, with or without a bias: the work of nearly every layer.
  ///
  ///      y = x W + b                        x [..., D], W [D, F], b [F]
  ///     dx = dy Wᵀ,  dW = xᵀ dy,  db = Σ over rows of dy
  package func mapped(by weight_DF: Tensor, bias bias_F: Tensor? = nil) -> Tensor {
    mapped(by: weight_DF, bias: bias_F, branch: nil)
  }

  /// A linear map that ends a residual branch: dropout and sum are made while the map's numbers are at hand.
  ///
  ///      y = r + dropout(x W + b)
  ///     dr = dy,  then as `mapped` with dropout(dy)
  package func mapped(by weight_DF: Tensor, bias bias_F: Tensor?, onto branch: ResidualBranch) -> Tensor {
    mapped(by: weight_DF, bias: bias_F, branch: branch)
  }

  private func mapped(by weight_DF: Tensor, bias bias_F: Tensor?, branch: ResidualBranch?) -> Tensor {
    require(
      weight_DF.shape.rank == 2 && weight_DF.shape[0] == shape.columns,
      "cannot map \(shape) by a weight of \(weight_DF.shape)")
    let F = weight_DF.shape[1]
    require(
      bias_F.map { $0.shape == [F] } ?? true,
      "a bias of \(bias_F?.shape ?? []) does not fit a weight of \(weight_DF.shape)")
    let y = product(
      self, weight_DF, shape.withColumns(F),
      finish: Finish(bias: bias_F, mask: branch?.mask, residual: branch?.residual))
    let (x, W) = (detached, weight_DF.detached)
    let wants = (x: isTraced, weight: weight_DF.isTraced, bias: bias_F?.isTraced ?? false)
    let (mask, hasBias, hasBranch) = (branch?.mask, bias_F != nil, branch != nil)
    let inputs = [self, weight_DF] + [bias_F, branch?.residual].compactMap { $0 }
    return y.recorded(from: inputs) { dy in
      let d = mask.map { dy.dropped($0) } ?? dy
      return [
        wants.x ? product(d, transposed: W, x.shape) : nil,
        wants.weight ? product(transposed: x, d, W.shape) : nil,
      ] + (hasBias ? [wants.bias ? columnSums(of: d) : nil] : []) + (hasBranch ? [dy] : [])
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
    let y = product(self, transposed: table_VD, shape.withColumns(table_VD.shape[0]))
    let (x, E, wantsX, wantsE) = (detached, table_VD.detached, isTraced, table_VD.isTraced)
    return y.recorded(from: self, table_VD) { dy in
      [
        wantsX ? product(dy, E, x.shape) : nil,
        wantsE ? product(transposed: dy, x, E.shape) : nil,
      ]
    }
  }
}

/// What a map is added to, and the dropout before that.
package struct ResidualBranch {
  package let residual: Tensor
  package let mask: DropoutMask?

  package init(residual: Tensor, mask: DropoutMask?) { (self.residual, self.mask) = (residual, mask) }
}
