package import Tensors

/// What stands between the abstractor's two linear maps. As released there is nothing, though the paper says
/// "feed-forward network".
package enum AbstractorActivation: String, Codable, Sendable, CaseIterable {
  case none
  case gelu
}

/// The memory encoder f_e (§3.2, App. B): a fixed number of learned queries summarise a segment as engrams.
///
///     A = softmax_L(Q (X W_k + b_k)ᵀ),   engrams = W₂ activation(W₁ (A (X W_v + b_v)) + b₁) + b₂
///
/// One head, no scale, no mask, no residual, no normalisation, no dropout.
package struct Abstractor {
  private let queries_ND: Parameter
  private let key: Linear
  private let value: Linear
  private let input: Linear
  private let output: Linear
  private let activation: AbstractorActivation

  package init(
    _ D: Int, engrams N: Int, innerWidth F: Int, activation: AbstractorActivation, deviation: Double,
    in scope: Scope
  ) {
    queries_ND = scope.parameter("queries", [N, D], .normal(deviation: deviation))
    key = Linear(D, D, deviation: deviation, in: scope["key"])
    value = Linear(D, D, deviation: deviation, in: scope["value"])
    input = Linear(D, F, deviation: deviation, in: scope["input"])
    output = Linear(F, D, deviation: deviation, in: scope["output"])
    self.activation = activation
  }

  /// Engrams [B, N, D] of hidden states [B, L, D].
  package func callAsFunction(_ hidden_BLD: Tensor) -> Tensor {
    let attention = Attention(heads: 1, scale: 1, isCausal: false, dropout: nil)
    let summary_BND = attention(
      query_BLD: queries_ND.tensor.repeated(hidden_BLD.shape[0]),
      key_BMD: key(hidden_BLD), value_BMD: value(hidden_BLD)
    ).context_BLD
    let inner_BNF = input(summary_BND)
    return output(activation == .gelu ? inner_BNF.gelu(.tanh) : inner_BNF)
  }
}
