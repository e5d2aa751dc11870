package import Tensors

/// A map of the last axis, affine or linear: x W + b, or x W.
///
/// The weight is [inputs, outputs].
package struct Linear {
  private let weight_DF: Parameter
  private let bias_F: Parameter?

  /// - bias: How the bias starts; nil for a map without one.
  package init(
    _ D: Int, _ F: Int, weight: Initialization, bias: Initialization? = .zeros, in scope: Scope
  ) {
    weight_DF = scope.parameter("weight", [D, F], weight)
    bias_F = bias.map { scope.parameter("bias", [F], $0) }
  }

  /// A map whose weight starts normal, and its bias at zero.
  package init(_ D: Int, _ F: Int, deviation: Double, in scope: Scope) {
    self.init(D, F, weight: .normal(deviation: deviation), in: scope)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    x.mapped(by: weight_DF.tensor, bias: bias_F?.tensor)
  }

  /// The same, dropped out and added to what a branch began with, if there is one.
  package func callAsFunction(_ x_BLD: Tensor, onto branch: ResidualBranch?) -> Tensor {
    x_BLD.mapped(by: weight_DF.tensor, bias: bias_F?.tensor, onto: branch)
  }

  /// What the map is made of, for operations that join it to others.
  var affine: AffineMap { AffineMap(weight_DF: weight_DF.tensor, bias_F: bias_F?.tensor) }

  /// The width of what it gives.
  var outputs: Int { weight_DF.value.shape.columns }

  /// Some of the outputs alone.
  package func callAsFunction(_ x: Tensor, columns: Range<Int>) -> Tensor {
    x.mapped(by: weight_DF.tensor.columns(columns), bias: bias_F?.tensor.columns(columns))
  }

  /// Of rows that came before, constants, and of a segment's [B, L, D], joined: [B, M + L, F].
  ///
  /// All at once where nothing has a gradient. Else apart: the way back then does nothing for the constants but learn the
  /// map.
  ///
  /// - isFrozen: Whether the map itself is a constant.
  package func callAsFunction(before: [Tensor], _ segment_BLD: Tensor, isFrozen: Bool) -> Tensor {
    func mapped(_ x: Tensor) -> Tensor { isFrozen ? frozen(x) : self(x) }
    let learns = weight_DF.tensor.isTraced && !isFrozen
    return learns || segment_BLD.isTraced
      ? joined([mapped(joined(before)), mapped(segment_BLD)]) : mapped(joined(before + [segment_BLD]))
  }

  /// The same numbers, with the map itself taken as a constant: a gradient reaches `x`, and not what is learned here.
  package func frozen(_ x: Tensor) -> Tensor {
    x.mapped(by: weight_DF.value, bias: bias_F?.value)
  }
}
