import CKernels

/// What stands between two maps.
package enum Activation: Sendable {
  case gelu(GELU)
  case relu

  fileprivate var kernels: (forward: Int32, pullback: Int32) {
    switch self {
    case .gelu(.tanh): (Int32(ACTIVATION_GELU_TANH), Int32(ACTIVATION_GELU_TANH_PULLBACK))
    case .gelu(.exact): (Int32(ACTIVATION_GELU_EXACT), Int32(ACTIVATION_GELU_EXACT_PULLBACK))
    case .relu: (Int32(ACTIVATION_RELU), Int32(ACTIVATION_RELU_PULLBACK))
    }
  }
}

/// A map's weight [D, F], and its bias [F] if it has one.
package struct AffineMap {
  package let weight_DF: Tensor
  package let bias_F: Tensor?

  package init(weight_DF: Tensor, bias_F: Tensor?) { (self.weight_DF, self.bias_F) = (weight_DF, bias_F) }
}

extension Tensor {
  /// Two affine maps with an activation between, in one operation: the activation and the dropouts are computed while the
  /// products are at hand, and what nobody asks for later is not kept.
  ///
  ///      h = x W₁ + b₁,  a = dropout f(h),  y = a W₂ + b₂, or r + dropout(a W₂ + b₂) on a branch
  ///      d = dropout dy,  dr = dy,  dW₂ = aᵀ d,  db₂ = Σ d,  dh = f′(h) ⊙ dropout(d W₂ᵀ),
  ///     dx = dh W₁ᵀ,  dW₁ = xᵀ dh,  db₁ = Σ dh                                    (Σ over rows)
  ///
  /// - dropout: Between activation and second map.
  package func fedForward(
    _ input: AffineMap, _ activation: Activation, dropout innerMask: DropoutMask?, _ output: AffineMap,
    onto branch: ResidualBranch? = nil
  ) -> Tensor {
    let optional = [input.bias_F, output.bias_F, branch?.residual]
    let inputs = [self, input.weight_DF, output.weight_DF] + optional.compactMap { $0 }
    let (W1, W2) = (input.weight_DF.detached, output.weight_DF.detached)
    let inner = shape.withColumns(W1.shape.columns)
    require(
      W1.shape == [shape.columns, inner.columns] && W2.shape.rank == 2 && W2.shape[0] == inner.columns
        && input.bias_F?.shape ?? [inner.columns] == [inner.columns]
        && output.bias_F?.shape ?? [W2.shape.columns] == [W2.shape.columns],
      "\(shape) cannot be fed through weights of \(W1.shape) and \(W2.shape)")
    // h is kept for the way back only.
    let kept = inputs.contains(where: \.isTraced) ? Storage(count: inner.count) : nil
    let h = product(
      self, W1, inner,
      finish: Finish(
        bias: input.bias_F, activation: activation.kernels.forward, activated: kept, mask: innerMask))
    let a = kept.map { Tensor(inner, $0) } ?? h
    let y = product(
      a, W2, shape.withColumns(W2.shape.columns),
      finish: Finish(bias: output.bias_F, mask: branch?.mask, residual: branch?.residual))
    let (x, mask) = (detached, branch?.mask)
    let wants = (x: isTraced, W1: input.weight_DF.isTraced, W2: output.weight_DF.isTraced)
    let wantsBias = (input.bias_F?.isTraced ?? false, output.bias_F?.isTraced ?? false)
    let exists = optional.map { $0 != nil }
    return y.recorded(from: inputs) { dy in
      let d = mask.map { dy.dropped($0) } ?? dy
      let dW2 = wants.W2 ? product(transposed: a, d, W2.shape) : nil
      let dh = product(
        d, transposed: W2, inner,
        finish: Finish(activation: activation.kernels.pullback, activated: h.storage, mask: innerMask))
      let rest = [wantsBias.0 ? columnSums(of: dh) : nil, wantsBias.1 ? columnSums(of: d) : nil, dy]
      return [
        wants.x ? product(dh, transposed: W1, x.shape) : nil,
        wants.W1 ? product(transposed: x, dh, W1.shape) : nil, dW2,
      ] + zip(rest, exists).filter(\.1).map(\.0)
    }
  }
}
