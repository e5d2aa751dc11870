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

  /// What a model does between attention and feed-forward: of the layer, x, and the moment of x's rows.
  typealias Addition = (_ layer: Int, _ x_BLD: Tensor, _ moment: Moment) -> Tensor
  /// What a model adds to the attention of a block [B, asking.count, D]: of the layer, the block's input, the
  /// attention's queries, keys and values [B, L, 3 D], and the positions asking; nil for nothing.
  typealias Beside = (
    _ layer: Int, _ input_BLD: Tensor, _ queryKeyValue_BLE: Tensor, _ asking: Range<Int>
  ) -> Tensor?

  /// Hidden states [B, R, D] of some positions of a segment: the others are left out of the top block, but for their
  /// keys and values.
  func callAsFunction(
    _ tokens_BL: [Int32], positions: Range<Int>, at moment: Moment, addition: Addition = { _, x, _ in x },
    beside: Beside = { _, _, _, _ in nil }
  ) -> Tensor {
    let beforeTop_BLD = beforeTop(tokens_BL, at: moment, addition: addition, beside: beside)
    return norm(
      block(blocks.count - 1, beforeTop_BLD, asking: positions, at: moment, addition, beside))
  }

  /// What enters the top block [B, L, D]: all that a memory may want of a segment whose hidden states nobody reads.
  func beforeTop(
    _ tokens_BL: [Int32], at moment: Moment, addition: Addition = { _, x, _ in x },
    beside: Beside = { _, _, _, _ in nil }
  ) -> Tensor {
    let B = moment.examples.count
    let L = tokens_BL.count / B
    let positions = (0..<B).flatMap { _ in 0..<Int32(L) }
    let embedded_BLD =
      token_VD.tensor.lookup(tokens_BL, leading: [B, L])
      + position_PD.tensor.lookup(positions, leading: [B, L])
    return (0..<blocks.count - 1).reduce(dropout(embedded_BLD, at: moment)) { x_BLD, layer in
      block(layer, x_BLD, asking: 0..<L, at: moment, addition, beside)
    }
  }

  /// The queries [B, L, D] of the top block's attention, of the block's input.
  func topQueries(of input_BLD: Tensor) -> Tensor {
    let top = blocks[blocks.count - 1]
    return top.attention.queries(of: top.attentionNorm(input_BLD))
  }

  private func block(
    _ layer: Int, _ input_BLD: Tensor, asking: Range<Int>, at moment: Moment, _ addition: Addition,
    _ beside: Beside
  ) -> Tensor {
    let block = blocks[layer]
    let later = moment.from(position: asking.lowerBound)
    let attended_BLD = block.attention(block.attentionNorm(input_BLD), asking: asking, at: moment) {
      beside(layer, input_BLD, $0, asking)
    }
    var x_BLD = input_BLD.positions(asking) + block.attentionDropout(attended_BLD, at: later)
    x_BLD = addition(layer, x_BLD, later)
    let mapped_BLD = block.feedForward(block.feedForwardNorm(x_BLD))
    return x_BLD + block.feedForwardDropout(mapped_BLD, at: later)
  }

  /// Scores of the next token: the output head is the token embedding.
  func logits(of hidden: Tensor) -> Tensor { hidden.scored(against: token_VD.tensor) }
}
