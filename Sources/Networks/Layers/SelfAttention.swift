package import Tensors

/// Causal self-attention with one fused projection for queries, keys and values (GPT-2).
package struct SelfAttention {
  private let input: Linear
  private let output: Linear
  private let heads: Int
  private let dropout: Dropout

  package init(
    _ D: Int, heads: Int, dropout rate: Double, deviation: Double, outputDeviation: Double, in scope: Scope
  ) {
    input = Linear(D, 3 * D, deviation: deviation, in: scope["input"])
    output = Linear(D, D, deviation: outputDeviation, in: scope["output"])
    dropout = Dropout(rate, in: scope["dropout"])
    self.heads = heads
  }

  /// What the positions `asking` make of a segment: [B, asking.count, D].
  ///
  /// - branch: What the result is added to; nil for the result itself.
  /// - beside: What is added to it, of the queries, keys and values [B, L, 3 D]; nil for nothing.
  package func callAsFunction(
    _ x_BLD: Tensor, asking: Range<Int>, onto branch: ResidualBranch? = nil, at moment: Moment,
    beside: (_ queryKeyValue_BLE: Tensor) -> Tensor? = { _ in nil }
  ) -> Tensor {
    let K = x_BLD.shape.columns / heads
    let attention = Attention(
      heads: heads, scale: 1 / Float(K).squareRoot(), isCausal: true,
      dropout: dropout.mask(at: moment, heads: heads, columns: moment.segmentLength))
    let queryKeyValue_BLE = input(x_BLD)
    let context_BRD = attention(queryKeyValue_BLE: queryKeyValue_BLE, queries: asking)
    guard let beside_BRD = beside(queryKeyValue_BLE) else { return output(context_BRD, onto: branch) }
    let attended_BRD = output(context_BRD) + beside_BRD
    return branch?.sum(with: attended_BRD) ?? attended_BRD
  }

  /// The queries [B, L, D] alone, of a segment whose keys and values nobody needs.
  package func queries(of x_BLD: Tensor) -> Tensor { input(x_BLD, columns: 0..<x_BLD.shape.columns) }
}
