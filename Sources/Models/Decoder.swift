import Networks
import Tensors

/// How the projections that end a residual branch start.
package enum ResidualInitialization: String, Codable, Sendable, CaseIterable {
  /// Normal, 0.02 / √(2 layers): GPT-2 as published.
  case scaled
  /// Normal, 0.02, like every other map: the models derived from an older copy of it.
  case plain
}

/// The sizes of the GPT-2 layout.
struct DecoderSizes {
  let layers, heads, width, innerWidth, positions, vocabulary: Int
  let dropout: Double
  let residualInitialization: ResidualInitialization

  /// More than this is a slip of the pen: with Adam's moments, a hundred gigabytes of single-precision numbers.
  static let most = 8_000_000_000

  /// Why these sizes are impossible for segments of `segmentLength` tokens.
  func complaints(segmentLength: Int) -> [Complaint] {
    var complaints = complaintsAboutRanges([
      ("layers", layers, 1_000), ("heads", heads, 10_000), ("width", width, 100_000),
      ("inner_width", innerWidth, 1_000_000), ("positions", positions, 10_000_000),
    ])
    guard complaints.isEmpty else { return complaints }
    // Within the bounds above no product overflows.
    let numbers = width * (vocabulary + positions) + layers * width * (4 * width + 2 * innerWidth)
    complaints += complaintsAboutCount(numbers, width: width, layers: layers)
    if width % heads != 0 {
      complaints.append(Complaint("heads", "is \(heads), which does not divide the width of \(width)"))
    }
    if positions < segmentLength {
      complaints.append(
        Complaint("positions", "is \(positions), fewer than the \(segmentLength) tokens of a segment"))
    }
    return complaints + complaintsAboutDropout(dropout)
  }
}

/// The decoder that Transformer, Memoria and ∞-former share: GPT-2's layout (Radford et al., 2019).
///
///     x = dropout(E[token] + P[position]),  positions restart at 0 in every segment
///     each block:  x += dropout(attention(LN x) + (beside));  (addition);  x += dropout(MLP(LN x))
///     hidden = LN x,  logits = hidden Eᵀ
struct Decoder {
  private let token_VD: Parameter
  private let position_PD: Parameter
  private let dropout: Dropout
  private let blocks: [Block]
  private let norm: LayerNorm

  /// The standard deviation that every weight starts with.
  static let deviation = 0.02

  /// One layer: attention and feed-forward, each normalised before and dropped out after.
  private struct Block {
    let attentionNorm: LayerNorm
    let attention: SelfAttention
    let attentionDropout: Dropout
    let feedForwardNorm: LayerNorm
    let feedForward: FeedForward
    let feedForwardDropout: Dropout
  }

  init(_ sizes: DecoderSizes, in scope: Scope) {
    let (D, deviation) = (sizes.width, Decoder.deviation)
    let branchDeviation =
      switch sizes.residualInitialization {
      case .scaled: deviation / Double(2 * sizes.layers).squareRoot()
      case .plain: deviation
      }
    token_VD = scope["embedding"].parameter("token", [sizes.vocabulary, D], .normal(deviation: deviation))
    position_PD = scope["embedding"].parameter(
      "position", [sizes.positions, D], .normal(deviation: deviation))
    dropout = Dropout(sizes.dropout, in: scope["embedding"]["dropout"])
    blocks = (0..<sizes.layers).map { layer in
      let scope = scope["layers"][layer]
      return Block(
        attentionNorm: LayerNorm(D, in: scope["attention_norm"]),
        attention: SelfAttention(
          D, heads: sizes.heads, dropout: sizes.dropout, deviation: deviation,
          outputDeviation: branchDeviation,
          in: scope["attention"]),
        attentionDropout: Dropout(sizes.dropout, in: scope["attention_dropout"]),
        feedForwardNorm: LayerNorm(D, in: scope["feed_forward_norm"]),
        feedForward: FeedForward(
          D, sizes.innerWidth, .tanh, deviation: deviation, outputDeviation: branchDeviation,
          in: scope["feed_forward"]),
        feedForwardDropout: Dropout(sizes.dropout, in: scope["feed_forward_dropout"]))
    }
    norm = LayerNorm(D, in: scope["final_norm"])
  }

  /// Hidden states [B, L, D] of a segment.
  ///
  /// - addition: What a model does between attention and feed-forward.
  /// - beside: What a model adds to the attention of a block, of the block's input and the attention's queries, keys and
  ///   values [B, L, 3 D]; nil for nothing.
  func callAsFunction(
    _ tokens_BL: [Int32], at moment: Moment,
    addition: (_ layer: Int, _ x_BLD: Tensor) -> Tensor = { _, x in x },
    beside: (_ layer: Int, _ input_BLD: Tensor, _ queryKeyValue_BLE: Tensor) -> Tensor? = { _, _, _ in nil }
  ) -> Tensor {
    let B = moment.examples.count
    let L = tokens_BL.count / B
    let positions = (0..<B).flatMap { _ in 0..<Int32(L) }
    let embedded_BLD =
      token_VD.tensor.lookup(tokens_BL, leading: [B, L])
      + position_PD.tensor.lookup(positions, leading: [B, L])
    var x_BLD = dropout(embedded_BLD, at: moment)
    for (layer, block) in blocks.enumerated() {
      let attended_BLD = block.attention(block.attentionNorm(x_BLD), at: moment) {
        beside(layer, x_BLD, $0)
      }
      x_BLD = x_BLD + block.attentionDropout(attended_BLD, at: moment)
      x_BLD = addition(layer, x_BLD)
      let mapped_BLD = block.feedForward(block.feedForwardNorm(x_BLD))
      x_BLD = x_BLD + block.feedForwardDropout(mapped_BLD, at: moment)
    }
    return norm(x_BLD)
  }

  /// Scores of the next token: the output head is the token embedding.
  func logits(of hidden: Tensor) -> Tensor { hidden.scored(against: token_VD.tensor) }
}
