package import Networks
package import Tensors

/// Transformer-XL (Dai et al., 2019) as the paper's experiments ran it: each layer also attends to what it was given in
/// earlier segments, and knows keys by their distance.
///
///     R(distance) = sinusoids, the distance clamped;  R = dropout(R), one mask for batch, heads and layers
///     x = dropout(√D E[token] P_in)
///     each layer:  memory' = the last rows of [memory, x], without gradient
///                  x = LN(x + dropout(attention(x, memory, R)))
///                  x = LN(x + dropout(W₂ dropout(relu(W₁ x))))
///     hidden = dropout(x),  logits = hidden P_out Eᵀ + b
///
/// The memory starts as zeros, which are attended to like anything else: a token always sees `memory_length` keys, its
/// own included. Attention probabilities are not dropped out.
package struct TransformerXL: SequenceModel {
  package struct Configuration: Codable, Sendable {
    package var layers: Int
    package var heads: Int
    package var width: Int
    package var innerWidth: Int
    package var dropout: Double
    package var transformerXl: MemorySettings

    /// The group `transformer_xl`.
    package struct MemorySettings: Codable, Sendable {
      /// Rows that each layer keeps, and keys that a token sees.
      package var memoryLength: Int
      /// Distances beyond this one look like it.
      package var clampLength: Int
      /// Features of one head; published with as many as divide the width among the heads.
      package var headWidth: Int
      /// The standard deviation that weights start with; published with 0.02.
      package var initialDeviation: Double
      /// That of the projections after the token table and before the scores; published with 0.01.
      package var projectionDeviation: Double

      package init(
        memoryLength: Int, clampLength: Int, headWidth: Int, initialDeviation: Double,
        projectionDeviation: Double
      ) {
        self.memoryLength = memoryLength
        self.clampLength = clampLength
        self.headWidth = headWidth
        self.initialDeviation = initialDeviation
        self.projectionDeviation = projectionDeviation
      }
    }

    package init(
      layers: Int, heads: Int, width: Int, innerWidth: Int, dropout: Double, transformerXl: MemorySettings
    ) {
      self.layers = layers
      self.heads = heads
      self.width = width
      self.innerWidth = innerWidth
      self.dropout = dropout
      self.transformerXl = transformerXl
    }
  }

  /// What one segment leaves to the next.
  package struct Memory {
    /// The latest inputs of each layer, [B, memory length, D].
    package fileprivate(set) var inputs_BMD: [Tensor]

    /// The memory once each layer has been given more, of which the latest rows are enough.
    fileprivate func behind(_ inputs: [Tensor]) -> Memory {
      Memory(inputs_BMD: zip(inputs_BMD, inputs).map { latest($0.shape[1], of: $0, $1) })
    }
  }

  package static let name = "transformer-xl"
  package static let words =
    "Transformer-XL, relative positions and the latest inputs of every layer as memory (Dai et al., 2019)"
  package static let semantics = 1

  package static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint] {
    let (layers, heads, D) = (configuration.layers, configuration.heads, configuration.width)
    let memory = configuration.transformerXl
    var complaints = complaintsAboutRanges([
      ("layers", layers, 1_000), ("heads", heads, 10_000), ("width", D, 100_000),
      ("inner_width", configuration.innerWidth, 1_000_000),
      ("transformer_xl.memory_length", memory.memoryLength, 10_000_000),
      ("transformer_xl.clamp_length", memory.clampLength, 1_000_000),
      ("transformer_xl.head_width", memory.headWidth, 100_000),
    ])
    guard complaints.isEmpty else { return complaints }
    // Within the bounds above no product overflows.
    let layer = 5 * D * heads * memory.headWidth + 2 * D * configuration.innerWidth
    complaints += complaintsAboutCount(D * (vocabulary + 2 * D) + layers * layer, width: D, layers: layers)
    for (key, value) in [
      ("initial_deviation", memory.initialDeviation), ("projection_deviation", memory.projectionDeviation),
    ] where !(value > 0 && value <= 10) {
      complaints.append(
        Complaint("transformer_xl.\(key)", "is \(value); it must be above 0, and at most 10"))
    }
    let farthest = min(memory.memoryLength - 1, memory.clampLength)
    if farthest > Int(largestAngle) {
      complaints.append(
        Complaint(
          "transformer_xl.clamp_length",
          "is \(memory.clampLength), so with a memory of \(memory.memoryLength) there are distances up to \(farthest); "
            + "their sines are computed up to \(Int(largestAngle))"))
    }
    if D % 2 != 0 {
      complaints.append(Complaint("width", "is \(D); sines and cosines of distances need an even one"))
    }
    return complaints + complaintsAboutDropout(configuration.dropout)
  }

  /// Each layer looks a memory further back, and the token itself is one of what it sees.
  package static func reach(of configuration: Configuration) -> Reach {
    .tokens(configuration.layers * (configuration.transformerXl.memoryLength - 1))
  }

  /// The reference's adaptive softmax has a second cluster of tokens, which is empty; its logit takes part in nothing
  /// once scores are normalised over the tokens.
  package static func unusedParameters(of configuration: Configuration, vocabulary: Int) -> [UnusedParameter]
  {
    let D = configuration.width
    let reason = "the adaptive softmax's second cluster holds no token"
    return [
      UnusedParameter("second embedding projection", count: D * (D / 4), reason: reason),
      UnusedParameter("cluster weight", count: D, reason: reason),
      UnusedParameter("cluster bias", count: 1, reason: reason),
    ]
  }

  private let width, memoryLength: Int
  private let token_VD: Parameter
  private let embedding: Linear
  private let sinusoids: Sinusoids
  private let embeddingDropout, positionDropout, finalDropout: Dropout
  private let layers: [Layer]
  private let outputProjection: Linear
  private let outputBias_V: Parameter

  /// Attention and feed-forward, each dropped out before and normalised after it is added.
  private struct Layer {
    let attention: RecurrentAttention
    let attentionDropout: Dropout
    let attentionNorm: LayerNorm
    let feedForward: FeedForward
    let feedForwardDropout: Dropout
    let feedForwardNorm: LayerNorm

    init(_ configuration: Configuration, in scope: Scope) {
      let (D, F, rate) = (configuration.width, configuration.innerWidth, configuration.dropout)
      let initial = Initialization.normal(deviation: configuration.transformerXl.initialDeviation)
      let gain = Initialization.normal(mean: 1, deviation: 0.02)
      attention = RecurrentAttention(
        D, heads: configuration.heads, headWidth: configuration.transformerXl.headWidth, initial: initial,
        in: scope["attention"])
      attentionDropout = Dropout(rate, in: scope["attention_dropout"])
      attentionNorm = LayerNorm(D, gain: gain, in: scope["attention_norm"])
      let inside = scope["feed_forward"]
      feedForward = FeedForward(
        input: Linear(D, F, weight: initial, in: inside["input"]), .relu, dropout: rate,
        output: Linear(F, D, weight: initial, in: inside["output"]), in: inside)
      feedForwardDropout = Dropout(rate, in: scope["feed_forward_dropout"])
      feedForwardNorm = LayerNorm(D, gain: gain, in: scope["feed_forward_norm"])
    }

    /// The positions `asking` of what comes out.
    func callAsFunction(
      _ input_BLD: Tensor, asking: Range<Int>, memory_BMD: Tensor, position_PD: Tensor, at moment: Moment
    ) -> Tensor {
      let later = moment.from(position: asking.lowerBound)
      let attended_BLD = attention(
        input_BLD, asking: asking, memory_BMD: memory_BMD, position_PD: position_PD,
        onto: attentionDropout.branch(of: input_BLD.positions(asking), at: later))
      let y_BLD = attentionNorm(attended_BLD)
      return feedForwardNorm(
        feedForward(y_BLD, onto: feedForwardDropout.branch(of: y_BLD, at: later), at: later))
    }
  }

  package init(_ configuration: Configuration, vocabulary: Int, in scope: Scope) {
    let (D, rate) = (configuration.width, configuration.dropout)
    let memory = configuration.transformerXl
    let projection = Initialization.normal(deviation: memory.projectionDeviation)
    let embedding = scope["embedding"]
    (width, memoryLength) = (D, configuration.transformerXl.memoryLength)
    token_VD = embedding.parameter("token", [vocabulary, D], .normal(deviation: memory.initialDeviation))
    self.embedding = Linear(D, D, weight: projection, bias: nil, in: embedding["projection"])
    // What lies further back than the memory is long is never seen, so it needs no row.
    sinusoids = Sinusoids(rows: memoryLength, width: D, clamp: configuration.transformerXl.clampLength)
    embeddingDropout = Dropout(rate, in: embedding["dropout"])
    positionDropout = Dropout(rate, in: scope["position_dropout"])
    finalDropout = Dropout(rate, in: scope["final_dropout"])
    layers = (0..<configuration.layers).map { Layer(configuration, in: scope["layers"][$0]) }
    outputProjection = Linear(D, D, weight: projection, bias: nil, in: scope["output"]["projection"])
    outputBias_V = scope["output"].parameter("bias", [vocabulary], .zeros)
  }

  package func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory {
    let zeros = Tensor([sequences, memoryLength, width], repeating: 0)
    return Memory(inputs_BMD: layers.map { _ in zeros })
  }

  package static func joined(_ memories: [Memory]) -> Memory? {
    Memory(
      inputs_BMD: memories[0].inputs_BMD.indices.map { layer in
        stacked(memories.map { $0.inputs_BMD[layer] })
      })
  }

  package func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> SegmentOutput
  {
    let L = tokens_BL.count / moment.examples.count
    let read = read(tokens_BL, layers: layers.count, asking: 0..<L, memory: memory, at: moment)
    memory = memory.behind(read.inputs)
    return SegmentOutput(hidden_BLD: finalDropout(read.output_BRD, at: moment))
  }

  /// The top layer keeps the latest of its inputs, and what it makes of them nobody keeps.
  package func remember(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) {
    let L = tokens_BL.count / moment.examples.count
    let read = read(
      tokens_BL, layers: layers.count - 1, asking: max(0, L - memoryLength)..<L, memory: memory, at: moment)
    memory = memory.behind(read.inputs + [read.output_BRD])
  }

  package func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, at moment: Moment
  ) -> SegmentOutput {
    let read = read(tokens_BL, layers: layers.count, asking: positions, memory: memory, at: moment)
    return SegmentOutput(
      hidden_BLD: finalDropout(read.output_BRD, at: moment.from(position: positions.lowerBound)))
  }

  /// What enters each of the first `count` layers [B, L, D], and some positions of what leaves them.
  private func read(
    _ tokens_BL: [Int32], layers count: Int, asking: Range<Int>, memory: Memory, at moment: Moment
  ) -> (inputs: [Tensor], output_BRD: Tensor) {
    let B = moment.examples.count
    let L = tokens_BL.count / B
    let position_PD = positionDropout(shared: sinusoids.table_PD, at: moment)
    let embedded_BLD = embedding(token_VD.tensor.lookup(tokens_BL, leading: [B, L]))
    var x_BLD = embeddingDropout(embedded_BLD * Float(width).squareRoot(), at: moment)
    var inputs: [Tensor] = []
    for (index, layer) in layers.prefix(count).enumerated() {
      inputs.append(x_BLD)
      x_BLD = layer(
        x_BLD, asking: index == count - 1 ? asking : 0..<L, memory_BMD: memory.inputs_BMD[index],
        position_PD: position_PD, at: moment)
    }
    return (inputs, count == 0 ? x_BLD.positions(asking) : x_BLD)
  }

  package func logits(of hidden: Tensor) -> Tensor {
    outputProjection(hidden).scored(against: token_VD.tensor).adding(row: outputBias_V.tensor)
  }
}
