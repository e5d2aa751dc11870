package import Networks
package import Tensors

/// ∞-former (Martins et al., 2022) as Memoria's authors compared with it: a GPT-2 decoder every layer of which also
/// attends to one continuous memory of all earlier segments.
///
///     each block:  x += dropout(attention(LN x) + memory(queries));  x += dropout(MLP(LN x))
///
/// The memory of a segment is made of what entered the same block before it; the first segment has none. Whatever
/// length there was, it is held in `basis_functions` vectors: a new segment presses the past into the first part of
/// the line. Nothing else remembers; there is no cache of the segment before.
///
/// Where the original implementation departs from the released comparison, the group `infinity_former` chooses.
package struct InfinityFormer: SequenceModel {
  package struct Configuration: Codable, Sendable {
    package var layers: Int
    package var heads: Int
    package var width: Int
    package var innerWidth: Int
    package var positions: Int
    package var dropout: Double
    package var residualInitialization: ResidualInitialization
    package var infinityFormer: LongTermConfiguration

    package init(
      layers: Int, heads: Int, width: Int, innerWidth: Int, positions: Int, dropout: Double,
      residualInitialization: ResidualInitialization, infinityFormer: LongTermConfiguration
    ) {
      self.layers = layers
      self.heads = heads
      self.width = width
      self.innerWidth = innerWidth
      self.positions = positions
      self.dropout = dropout
      self.residualInitialization = residualInitialization
      self.infinityFormer = infinityFormer
    }

    func sizes(vocabulary: Int) -> DecoderSizes {
      DecoderSizes(
        layers: layers, heads: heads, width: width, innerWidth: innerWidth, positions: positions,
        vocabulary: vocabulary, dropout: dropout, residualInitialization: residualInitialization)
    }
  }

  /// What one segment leaves to the next.
  package struct Memory {
    /// By layer; empty before the first segment.
    package fileprivate(set) var layers: [LongTermState] = []
    /// By layer, positions [B · samples] at which the next segment reads the past, in place of those that sampling
    /// gives: for replaying oracles.
    package var injectedPositions: [[Float]]?
    /// By layer, what the memory added to self-attention in the latest segment; only kept if somebody put a list here.
    package var branches: [Tensor]?
  }

  package static let name = "infinity-former"
  package static let words =
    "∞-former, GPT-2's layout with continuous attention to all that was read (Martins et al., 2022)"
  package static let semantics = 1

  package static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint] {
    configuration.sizes(vocabulary: vocabulary).complaints(segmentLength: segmentLength)
      + configuration.infinityFormer.complaints(segmentLength: segmentLength)
  }

  private let decoder: Decoder
  private let memories: [LongTermMemory]
  private let divergence: Divergence?

  package init(_ configuration: Configuration, vocabulary: Int, in scope: Scope) {
    decoder = Decoder(configuration.sizes(vocabulary: vocabulary), in: scope)
    let constants = LongTermConstants(configuration.infinityFormer, heads: configuration.heads)
    memories = (0..<configuration.layers).map { layer in
      LongTermMemory(
        configuration.infinityFormer, constants, width: configuration.width,
        deviation: Decoder.deviation, in: scope["layers"][layer]["long_term_memory"])
    }
    divergence = Divergence(configuration.infinityFormer)
  }

  package static func reach(of configuration: Configuration) -> Reach { .unbounded }

  package static func unusedParameters(of configuration: Configuration, vocabulary: Int) -> [UnusedParameter]
  {
    [
      UnusedParameter(
        "query projections of the long-term memories",
        count: configuration.layers * configuration.width * configuration.width,
        reason: "the memories are asked with the queries of self-attention")
    ]
  }

  package func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory { Memory() }

  /// What was put there for replaying oracles cannot be joined.
  package static func joined(_ memories: [Memory]) -> Memory? {
    guard memories.allSatisfy({ $0.injectedPositions == nil && $0.branches == nil }) else { return nil }
    return Memory(
      layers: memories[0].layers.indices.map { layer in
        LongTermState(joining: memories.map { $0.layers[layer] })
      })
  }

  package func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> SegmentOutput
  {
    let L = tokens_BL.count / moment.examples.count
    var gathered = Gathered(before: memory)
    let output = read(tokens_BL, positions: 0..<L, &gathered, at: moment)
    memory = gathered.memory
    return output
  }

  /// Of the top block its input is kept, and where its queries looked.
  package func remember(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) {
    var gathered = Gathered(before: memory)
    let input_BLD = decoder.beforeTop(
      tokens_BL, at: moment,
      beside: { layer, input_BLD, queryKeyValue_BLE, _ in
        recall(layer, input_BLD, queries(in: queryKeyValue_BLE), &gathered, at: moment).map {
          gathered.branch(memories[layer].branch(of: $0))
        }
      })
    _ = recall(memories.count - 1, input_BLD, decoder.topQueries(of: input_BLD), &gathered, at: moment)
    memory = gathered.memory
  }

  package func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, at moment: Moment
  ) -> SegmentOutput {
    var gathered = Gathered(before: memory)
    return read(tokens_BL, positions: positions, &gathered, at: moment)
  }

  private func read(
    _ tokens_BL: [Int32], positions: Range<Int>, _ gathered: inout Gathered, at moment: Moment
  ) -> SegmentOutput {
    let hidden_BLD = decoder(
      tokens_BL, positions: positions, at: moment,
      beside: { layer, input_BLD, queryKeyValue_BLE, asking in
        // The divergence learns from the attention of all positions.
        let learns = divergence != nil && queryKeyValue_BLE.isTraced
        func query() -> Tensor {
          let query_BLD = queries(in: queryKeyValue_BLE)
          return learns ? query_BLD : query_BLD.positions(asking)
        }
        return recall(layer, input_BLD, query(), &gathered, at: moment).map {
          gathered.branch(memories[layer].branch(of: learns ? $0.positions(asking) : $0))
        }
      })
    // It is there to be learned from alone.
    let isLearning = gathered.attention.contains { $0.variance.isTraced }
    return SegmentOutput(
      hidden_BLD: hidden_BLD, auxiliaryLoss: isLearning ? divergence?(gathered.attention) : nil)
  }

  /// What is gathered while a segment is read.
  private struct Gathered {
    let before: Memory
    var layers: [LongTermState] = []
    var branches: [Tensor] = []
    var attention: [(mean: Tensor, variance: Tensor)] = []

    init(before: Memory) { self.before = before }

    /// What the segment leaves to the next.
    var memory: Memory {
      Memory(layers: layers, branches: before.branches == nil ? nil : branches)
    }

    mutating func branch(_ branch_BLD: Tensor) -> Tensor {
      branches.append(branch_BLD.detached)
      return branch_BLD
    }
  }

  /// How a block's queries attend to what was before; nil in the first segment.
  private func recall(
    _ layer: Int, _ input_BLD: Tensor, _ query_BLD: @autoclosure () -> Tensor, _ gathered: inout Gathered,
    at moment: Moment
  ) -> LongTermState.Recalled? {
    let before = gathered.before
    guard !before.layers.isEmpty else {
      gathered.layers.append(LongTermState(input_BLD: input_BLD.detached, recalled: nil))
      return nil
    }
    let recalled = memories[layer].recalled(
      by: query_BLD(), after: before.layers[layer], injected: before.injectedPositions?[layer], at: moment)
    gathered.layers.append(LongTermState(input_BLD: input_BLD.detached, recalled: recalled.detached))
    gathered.attention.append((recalled.mean_BLH, recalled.variance_BLH))
    return recalled
  }

  private func queries(in queryKeyValue_BLE: Tensor) -> Tensor {
    queryKeyValue_BLE.columns(0..<queryKeyValue_BLE.shape.columns / 3)
  }

  package func logits(of hidden: Tensor) -> Tensor { decoder.logits(of: hidden) }
}
