package import Tensors

/// Adam with bias correction and without weight decay (Kingma & Ba, 2015).
///
/// The factors 1 - βᵗ come from products kept in Double as state and rounded once a step: no power function, whose
/// bits differ between systems. A parameter that got no gradient in a step is left alone, moments and all.
package struct Adam {
  package let beta1, beta2, epsilon: Double
  /// First and second moments, in the order of the parameters.
  package private(set) var first: [Tensor]
  package private(set) var second: [Tensor]
  /// β₁ᵗ and β₂ᵗ after t steps.
  package private(set) var power1 = 1.0
  package private(set) var power2 = 1.0

  package init(beta1: Double, beta2: Double, epsilon: Double, for parameters: Parameters) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    first = parameters.all.map { Tensor($0.value.shape, repeating: 0) }
    second = parameters.all.map { Tensor($0.value.shape, repeating: 0) }
  }

  /// Takes up the state of an optimizer that stopped.
  package mutating func restore(first: [Tensor], second: [Tensor], power1: Double, power2: Double) {
    require(
      first.map(\.shape) == self.first.map(\.shape) && second.map(\.shape) == self.second.map(\.shape),
      "the stored moments do not have the shapes of the parameters")
    self.first = first.map(\.copied)
    self.second = second.map(\.copied)
    self.power1 = power1
    self.power2 = power2
  }

  /// One step along `gradients`, which are multiplied by `gradientScale` first.
  package mutating func step(
    _ parameters: Parameters, _ gradients: [Tensor?], rate: Double, gradientScale: Float
  ) {
    power1 *= beta1
    power2 *= beta2
    let step = AdamStep(
      rate: Float(rate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      correction1: Float(1 - power1), correction2: Float(1 - power2), gradientScale: gradientScale)
    for (index, parameter) in parameters.all.enumerated() {
      guard let gradient = gradients[index] else { continue }
      step.update(parameter.value, first: first[index], second: second[index], gradient: gradient)
    }
  }
}
