package import Tensors

/// Attention of a segment to memories (§3.3): its own query projection, a joint key and value projection of the
/// memories as they are, without normalisation.
///
/// The same weights serve working memory and reminded engrams; each use has a dropout of its own.
package struct MemoryAttention {
  private let query: Linear
  private let keyValue: Linear
  private let output: Linear
  private let heads: Int

  package init(_ D: Int, heads: Int, deviation: Double, in scope: Scope) {
    query = Linear(D, D, deviation: deviation, in: scope["query"])
    keyValue = Linear(D, 2 * D, deviation: deviation, in: scope["key_value"])
    output = Linear(D, D, deviation: deviation, in: scope["output"])
    self.heads = heads
  }

  /// What the memories add to [B, L, D], and how much each was looked at.
  ///
  /// - branch: What the result is added to; nil for the result itself.
  /// - visible: How many leading memories a sequence sees; all when nil.
  /// - capacity: The most memories there can be, which addresses the dropout.
  package func callAsFunction(
    _ x_BLD: Tensor, memories_BND: Tensor, visible: [Int]? = nil, capacity: Int, dropout: Dropout,
    onto branch: ResidualBranch? = nil, at moment: Moment
  ) -> (sum_BLD: Tensor, probability_BHLM: Tensor, mask: DropoutMask?) {
    let K = x_BLD.shape.columns / heads
    let mask = dropout.mask(at: moment, heads: heads, columns: capacity)
    let attention = Attention(heads: heads, scale: 1 / Float(K).squareRoot(), isCausal: false, dropout: mask)
    let attended = attention(
      query_BLD: query(x_BLD), keyValue_BME: keyValue(memories_BND), visible: visible)
    return (output(attended.context_BLD, onto: branch), attended.probability_BHLM, mask)
  }
}
