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

  package func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment) -> SegmentOutput
  {
    let before = memory.layers
    let injected = memory.injectedPositions
    memory.injectedPositions = nil
    var after: [LongTermState] = []
    var branches: [Tensor] = []
    var attention: [(mean: Tensor, variance: Tensor)] = []
    let hidden_BLD = decoder(
      tokens_BL, at: moment,
      beside: { layer, input_BLD, queryKeyValue_BLE in
        guard !before.isEmpty else {
          after.append(LongTermState(input_BLD: input_BLD.detached, recalled: nil))
          return nil
        }
        let query_BLD = queryKeyValue_BLE.columns(0..<input_BLD.shape.columns)
        let (branch_BLD, recalled) = memories[layer](
          query_BLD, after: before[layer], injected: injected?[layer], at: moment)
        after.append(LongTermState(input_BLD: input_BLD.detached, recalled: recalled.detached))
        branches.append(branch_BLD.detached)
        attention.append((recalled.mean_BLH, recalled.variance_BLH))
        return branch_BLD
      })
    memory.layers = after
    if memory.branches != nil { memory.branches = branches }
    // It is there to be learned from alone.
    let isLearning = attention.contains { $0.variance.isTraced }
    return SegmentOutput(hidden_BLD: hidden_BLD, auxiliaryLoss: isLearning ? divergence?(attention) : nil)
  }

  package func logits(of hidden: Tensor) -> Tensor { decoder.logits(of: hidden) }
}
