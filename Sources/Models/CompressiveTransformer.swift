package import Networks
package import Tensors

/// Compressive Transformer (Rae et al., 2020), in the form that the paper compared with.
///
///     x = E[token]
///     each layer:  z = LN x;  x += dropout(attention of z to [C; M; z]);  x += W₂ dropout(gelu(W₁ LN x))
///     logits = x W + b                    no norm before, and a table of its own
///
/// The memory of a layer, C and M, holds z of earlier segments: normalised rows, which are not normalised again.
/// Memories move one layer down between segments, so layer l reads what layer l + 1 left and the last what the first
/// did. They start empty, and every position's number depends on how full they are: `CompressiveAttention`.
package struct CompressiveTransformer: SequenceModel {
  package struct Configuration: Codable, Sendable {
    package var layers: Int
    package var heads: Int
    package var width: Int
    package var innerWidth: Int
    package var dropout: Double
    package var compressiveTransformer: CompressiveConfiguration

    package init(
      layers: Int, heads: Int, width: Int, innerWidth: Int, dropout: Double,
      compressiveTransformer: CompressiveConfiguration
    ) {
      self.layers = layers
      self.heads = heads
      self.width = width
      self.innerWidth = innerWidth
      self.dropout = dropout
      self.compressiveTransformer = compressiveTransformer
    }

    /// What this model has in common with GPT-2's layout, for the bounds of sizes; its positions are relative ones.
    fileprivate func commonSizes(vocabulary: Int) -> DecoderSizes {
      DecoderSizes(
        layers: layers, heads: heads, width: width, innerWidth: innerWidth,
        positions: compressiveTransformer.positions, vocabulary: vocabulary, dropout: dropout,
        residualInitialization: .plain)
    }
  }

  /// What one segment leaves to the next.
  package struct Memory {
    /// By the layer that left it.
    package var layers: [CompressiveMemory]
  }

  package static let name = "compressive-transformer"
  package static let words =
    "Compressive Transformer, a memory of latest inputs and of older ones made shorter (Rae et al., 2020)"
  package static let semantics = 1

  package static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint] {
    let sizes = configuration.compressiveTransformer
    var complaints: [Complaint] = []
    func refuse(_ key: String, _ sentence: String) {
      complaints.append(Complaint("compressive_transformer.\(key)", sentence))
    }
    for (key, value) in [
      ("segment_length", sizes.segmentLength), ("memory_length", sizes.memoryLength),
      ("compressed_length", sizes.compressedLength), ("compression_rate", sizes.compressionRate),
    ] where !(1...100_000).contains(value) {
      refuse(key, "is \(value); it must be from 1 to 100000")
    }
    guard complaints.isEmpty else { return complaints }
    complaints = configuration.commonSizes(vocabulary: vocabulary).complaints(segmentLength: 1)
    guard complaints.isEmpty else { return complaints }
    // Within the bounds above no product overflows.
    let compressions =
      configuration.layers * sizes.compressionRate * configuration.width * configuration.width
    if compressions > DecoderSizes.most {
      refuse(
        "compression_rate",
        "is \(sizes.compressionRate), which with \(configuration.layers) layers of width \(configuration.width) makes "
          + "\(compressions) numbers to learn; the most is \(DecoderSizes.most)")
    }
    if sizes.segmentLength < segmentLength {
      refuse(
        "segment_length",
        "is \(sizes.segmentLength), fewer than the \(segmentLength) tokens of a segment: positions are numbered from it"
      )
    }
    if sizes.memoryLength % sizes.compressionRate != 0 {
      refuse(
        "compression_rate",
        "is \(sizes.compressionRate), which does not divide the memory_length of \(sizes.memoryLength): a full "
          + "memory must make whole compressed rows")
    }
    if !(sizes.auxiliaryWeight >= 0 && sizes.auxiliaryWeight.isFinite) {
      refuse(
        "auxiliary_weight", "is \(sizes.auxiliaryWeight); it must not be negative, and 0 means no such loss")
    }
    return complaints
  }

  private let configuration: Configuration
  private let token_VD: Parameter
  private let position_PD: Parameter
  private let layers: [Layer]
  private let head: Linear

  private struct Layer {
    let attentionNorm: LayerNorm
    let attention: CompressiveAttention
    let attentionDropout: Dropout
    let feedForwardNorm: LayerNorm
    let feedForward: FeedForward
  }

  package init(_ configuration: Configuration, vocabulary V: Int, in scope: Scope) {
    self.configuration = configuration
    let (D, F, rate) = (configuration.width, configuration.innerWidth, configuration.dropout)
    let sizes = configuration.compressiveTransformer
    func map(_ inputs: Int, _ outputs: Int, in scope: Scope) -> Linear {
      let start = Initialization.uniform(fanIn: inputs)
      return Linear(inputs, outputs, weight: start, bias: start, in: scope)
    }
    token_VD = scope["embedding"].parameter("token", [V, D], .normal(deviation: 1))
    position_PD = scope["embedding"].parameter("relative_position", [sizes.positions, D], .zeros)
    layers = (0..<configuration.layers).map { layer in
      let scope = scope["layers"][layer]
      let feedForward = scope["feed_forward"]
      return Layer(
        attentionNorm: LayerNorm(D, in: scope["attention_norm"]),
        attention: CompressiveAttention(
          D, heads: configuration.heads, sizes, dropout: rate, in: scope["attention"]),
        attentionDropout: Dropout(rate, in: scope["attention_dropout"]),
        feedForwardNorm: LayerNorm(D, in: scope["feed_forward_norm"]),
        feedForward: FeedForward(
          input: map(D, F, in: feedForward["input"]), .gelu(.exact), dropout: rate,
          output: map(F, D, in: feedForward["output"]), in: feedForward))
    }
    head = map(D, V, in: scope["head"])
  }

  /// With two layers or more, what the upper left contains what it read before, and so on. With one there is an end,
  /// which depends on how the lengths divide; nobody runs that, so no number is promised.
  package static func reach(of configuration: Configuration) -> Reach { .unbounded }

  package func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory {
    let empty = CompressiveMemory.empty(sequences: sequences, width: configuration.width)
    return Memory(layers: layers.map { _ in empty })
  }

  package static func joined(_ memories: [Memory]) -> Memory? {
    Memory(
      layers: memories[0].layers.indices.map { layer in
        CompressiveMemory(
          recent_BMD: stacked(memories.map { $0.layers[layer].recent_BMD }),
          compressed_BMD: stacked(memories.map { $0.layers[layer].compressed_BMD }))
      })
  }

  package func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment)
    -> SegmentOutput
  {
    let L = tokens_BL.count / moment.examples.count
    let read = read(
      tokens_BL, layers: layers.count, asking: 0..<L, memory: memory, remembers: true, at: moment)
    memory.layers = read.left
    return SegmentOutput(hidden_BLD: read.output_BRD, auxiliaryLoss: read.loss)
  }

  /// The top layer keeps its normalised input, and what it makes of it nobody keeps.
  package func remember(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) {
    let L = tokens_BL.count / moment.examples.count
    let read = read(
      tokens_BL, layers: layers.count - 1, asking: 0..<L, memory: memory, remembers: true, at: moment)
    let top = layers[layers.count - 1]
    memory.layers =
      read.left + [top.attention.remembered(top.attentionNorm(read.output_BRD), memory: memory.layers[0])]
  }

  package func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, at moment: Moment
  ) -> SegmentOutput {
    let read = read(
      tokens_BL, layers: layers.count, asking: positions, memory: memory, remembers: false, at: moment)
    return SegmentOutput(hidden_BLD: read.output_BRD, auxiliaryLoss: read.loss)
  }

  /// Some positions of what leaves the last of the first `count` layers, what each of these leaves to the next segment if
  /// it `remembers`, and the weighted loss of reconstruction.
  private func read(
    _ tokens_BL: [Int32], layers count: Int, asking: Range<Int>, memory: Memory, remembers: Bool,
    at moment: Moment
  ) -> (output_BRD: Tensor, left: [CompressiveMemory], loss: Tensor?) {
    let sizes = configuration.compressiveTransformer
    let B = moment.examples.count
    let L = tokens_BL.count / B
    let position_PD = position_PD.tensor
    var x_BLD = token_VD.tensor.lookup(tokens_BL, leading: [B, L])
    // Segments that are read without gradients may be part of training all the same.
    let target = sizes.auxiliaryWeight > 0 && x_BLD.isTraced ? sizes.auxiliaryTarget : nil
    var left: [CompressiveMemory] = []
    var loss: Tensor?
    for (number, layer) in layers.prefix(count).enumerated() {
      let asking = number == count - 1 ? asking : 0..<L
      let later = moment.from(position: asking.lowerBound)
      let attended = layer.attention(
        layer.attentionNorm(x_BLD), asking: asking, memory: memory.layers[(number + 1) % layers.count],
        position_PD: position_PD, target: target, remembers: remembers,
        onto: layer.attentionDropout.branch(of: x_BLD.positions(asking), at: later), at: moment)
      x_BLD = attended.sum_BRD
      x_BLD = layer.feedForward(
        layer.feedForwardNorm(x_BLD), onto: ResidualBranch(residual: x_BLD, mask: nil), at: later)
      if let memory = attended.memory { left.append(memory) }
      if let part = attended.reconstructionLoss { loss = loss.map { $0 + part } ?? part }
    }
    return (x_BLD, left, loss.map { $0 * Float(sizes.auxiliaryWeight / Double(layers.count)) })
  }

  package func logits(of hidden: Tensor) -> Tensor { head(hidden) }
}
