package import Tensors

/// An affine map of the last axis: x W + b.
///
/// The weight is [inputs, outputs]; it starts normal, the bias at zero.
package struct Linear {
  private let weight_DF: Parameter
  private let bias_F: Parameter

  package init(_ D: Int, _ F: Int, deviation: Double, in scope: Scope) {
    weight_DF = scope.parameter("weight", [D, F], .normal(deviation: deviation))
    bias_F = scope.parameter("bias", [F], .zeros)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { x.mapped(by: weight_DF.tensor, bias: bias_F.tensor) }
}
