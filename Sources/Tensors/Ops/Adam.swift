import CKernels

/// The numbers of one Adam step that every parameter shares (Kingma & Ba, 2015).
package struct AdamStep {
  package let rate, beta1, beta2, epsilon: Float
  /// 1 - β₁ᵗ and 1 - β₂ᵗ.
  package let correction1, correction2: Float
  /// What gradients are multiplied by first: clipping.
  package let gradientScale: Float

  package init(
    rate: Float, beta1: Float, beta2: Float, epsilon: Float, correction1: Float, correction2: Float,
    gradientScale: Float
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.correction1 = correction1
    self.correction2 = correction2
    self.gradientScale = gradientScale
  }

  /// Moves a parameter and its two moments in place: the one operation that writes to a tensor that exists.
  ///
  ///     m ← β₁ m + (1 - β₁) g,  v ← β₂ v + (1 - β₂) g²,  p ← p - rate (m / c₁) / (√(v / c₂) + ε)
  package func update(_ parameter: Tensor, first: Tensor, second: Tensor, gradient: Tensor) {
    require(
      parameter.shape == gradient.shape && first.shape == gradient.shape && second.shape == gradient.shape,
      "a gradient of \(gradient.shape) does not fit a parameter of \(parameter.shape)")
    Processor.current.workers.share(parameter.shape.count, cost: 16) { range in
      let start = range.lowerBound
      kernels.adam(
        parameter.pointer + start, first.pointer + start, second.pointer + start, gradient.pointer + start,
        range.count, gradientScale, rate, beta1, beta2, epsilon, correction1, correction2)
    }
  }
}

extension Tensor {
  /// A copy that shares no storage, for what an optimizer will change.
  package var copied: Tensor { Tensor(shape) { $0.update(from: pointer, count: shape.count) } }
}
