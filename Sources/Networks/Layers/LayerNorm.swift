package import Tensors

/// Layer normalisation with gain and bias; biased variance, epsilon 1e-5 as in GPT-2.
package struct LayerNorm {
  private let gain_D: Parameter
  private let bias_D: Parameter

  package init(_ D: Int, gain: Initialization = .ones, in scope: Scope) {
    gain_D = scope.parameter("gain", [D], gain)
    bias_D = scope.parameter("bias", [D], .zeros)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNorm(gain: gain_D.tensor, bias: bias_D.tensor, epsilon: 1e-5)
  }
}
