package import Tensors

/// Self-attention of a segment that also sees what came before it (Transformer-XL, Dai et al., 2019, section 3).
///
///     q = x W_q,  k, v = [memory, x] W_kv,  r = R W_r                      none of them with a bias
///     score_ij = ((q_i + u) · k_j + (q_i + v) · r_{i-j}) / √K
///     softmax over the latest `window` keys, i's own among them;  output = context W_o
///
/// E is the width of all heads together, H K, which need not be D. Nothing is dropped here.
package struct RecurrentAttention {
  private let query: Linear
  private let keyValue: Linear
  private let position: Linear
  private let output: Linear
  /// The u and v above.
  private let contentBias_E, positionBias_E: Parameter
  private let heads, headWidth: Int

  /// - initial: How every parameter starts.
  package init(_ D: Int, heads: Int, headWidth: Int, initial: Initialization, in scope: Scope) {
    let E = heads * headWidth
    (self.heads, self.headWidth) = (heads, headWidth)
    query = Linear(D, E, weight: initial, bias: nil, in: scope["query"])
    keyValue = Linear(D, 2 * E, weight: initial, bias: nil, in: scope["key_value"])
    position = Linear(D, E, weight: initial, bias: nil, in: scope["position"])
    contentBias_E = scope.parameter("content_bias", [E], initial)
    positionBias_E = scope.parameter("position_bias", [E], initial)
    output = Linear(E, D, weight: initial, bias: nil, in: scope["output"])
  }

  /// What the positions `asking` make of a segment: [B, asking.count, D].
  ///
  /// - branch: What the result is added to; nil for the result itself.
  /// - memory_BMD: What came before, a constant: its keys and values are projected apart, so the way back does nothing
  ///   for it but learn the projection.
  /// - position_PD: The R above, a row for each distance in the window; the nearest comes last.
  package func callAsFunction(
    _ x_BLD: Tensor, asking: Range<Int>, memory_BMD: Tensor, position_PD: Tensor,
    onto branch: ResidualBranch? = nil
  ) -> Tensor {
    let (past, window) = (memory_BMD.shape[1] + asking.lowerBound, position_PD.shape[0])
    let attention = RelativeAttention(
      heads: heads, scale: 1 / Float(headWidth).squareRoot(), past: past, window: window, dropout: nil)
    let query_BLE = query(x_BLD.positions(asking))
    let context_BLE = attention(
      contentQuery_BLD: query_BLE.adding(row: contentBias_E.tensor),
      positionQuery_BLD: query_BLE.adding(row: positionBias_E.tensor),
      keyValue_BME: keyValue(before: [memory_BMD], x_BLD, isFrozen: false),
      position_PD: position(position_PD), first: window - 1 - past)
    return output(context_BLE, onto: branch)
  }
}
