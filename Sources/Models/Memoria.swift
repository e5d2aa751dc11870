package import Engrams
package import Networks
package import Tensors

/// Memoria Transformer (the paper's §3 and App. D): a GPT-2 decoder whose blocks attend, after self-attention, first to
/// working memory and then to the engrams it calls to mind.
///
///     P = hidden states of the previous segment, after the final norm, without gradient
///     WM = abstractor(P);  the memory adds WM, reminds, fires
///     each block:  x += dropout(attention(LN x))
///                  x += dropout(memory attention(LN_w x, WM))
///                  x += dropout(memory attention(LN_m x, reminded))      the same weights, another norm
///                  x += dropout(MLP(LN x))
///     lifespans grow by how much each reminded engram was attended to; everybody ages
///
/// The first segment has no previous one and touches no memory. With `memory: none` there is no abstractor and no
/// memory attention: bit for bit the plain `Transformer`.
///
/// Where the released code departs from the paper, `memoria.behaviour` chooses.
package struct Memoria: SequenceModel {
  package struct Configuration: Codable, Sendable {
    package var layers: Int
    package var heads: Int
    package var width: Int
    package var innerWidth: Int
    package var positions: Int
    package var dropout: Double
    package var residualInitialization: ResidualInitialization
    /// How much of the memory is used: the rows of Table 6.
    package var memory: MemoryLevel
    package var abstractorActivation: AbstractorActivation
    package var memoria: EngramConfiguration

    package init(
      layers: Int, heads: Int, width: Int, innerWidth: Int, positions: Int, dropout: Double,
      residualInitialization: ResidualInitialization, memory: MemoryLevel,
      abstractorActivation: AbstractorActivation, memoria: EngramConfiguration
    ) {
      self.layers = layers
      self.heads = heads
      self.width = width
      self.innerWidth = innerWidth
      self.positions = positions
      self.dropout = dropout
      self.residualInitialization = residualInitialization
      self.memory = memory
      self.abstractorActivation = abstractorActivation
      self.memoria = memoria
    }

    func sizes(vocabulary: Int) -> DecoderSizes {
      DecoderSizes(
        layers: layers, heads: heads, width: width, innerWidth: innerWidth, positions: positions,
        vocabulary: vocabulary, dropout: dropout, residualInitialization: residualInitialization)
    }
  }

  /// What one segment leaves to the next.
  package struct Memory {
    /// Hidden states of the previous segment [B, L, D], a constant; nil before the second.
    package fileprivate(set) var previous_BLD: Tensor?
    /// Working memory of the latest segment that had one [B, N, D].
    package fileprivate(set) var working_BND: Tensor?
    /// Short-term and long-term memory; nil when the level has none.
    package fileprivate(set) var engrams: EngramMemory?
    /// What decides between equals in the next segment, in place of addressed randomness: for replaying oracles.
    package var injectedTieBreak: TieBreak?
  }

  package static let name = "memoria"
  package static let words =
    "Memoria Transformer, GPT-2's layout with working, short-term and long-term memory of engrams "
    + "(Park & Bak, 2024, §3 and App. D)"
  package static let semantics = 1

  package static func complaints(
    about configuration: Configuration, vocabulary: Int, segmentLength: Int
  ) -> [Complaint] {
    var complaints = configuration.sizes(vocabulary: vocabulary).complaints(segmentLength: segmentLength)
    let memory = configuration.memoria
    func check(_ key: String, _ value: Int, atLeast least: Int) {
      let possible = least...10_000_000
      if !possible.contains(value) {
        complaints.append(
          Complaint("memoria.\(key)", "is \(value); it must be from \(least) to \(possible.upperBound)"))
      }
    }
    check("engrams", memory.engrams, atLeast: 1)
    check("reminded_short_term", memory.remindedShortTerm, atLeast: 0)
    check("reminded_long_term", memory.remindedLongTerm, atLeast: 0)
    check("short_term_capacity", memory.shortTermCapacity, atLeast: 0)
    check("search_depth", memory.searchDepth, atLeast: 0)
    if memory.engrams > segmentLength {
      complaints.append(
        Complaint(
          "memoria.engrams",
          "is \(memory.engrams), more than the \(segmentLength) tokens of a segment it summarises"))
    }
    if memory.remindedShortTerm > memory.shortTermCapacity {
      complaints.append(
        Complaint(
          "memoria.reminded_short_term",
          "is \(memory.remindedShortTerm), more than the short-term capacity of \(memory.shortTermCapacity)"))
    }
    if !(memory.initialLifespan > 0) {
      complaints.append(
        Complaint("memoria.initial_lifespan", "is \(memory.initialLifespan); it must be above 0"))
    }
    if !(memory.lifespanGain >= 0) {
      complaints.append(
        Complaint("memoria.lifespan_gain", "is \(memory.lifespanGain); it must not be negative"))
    }
    return complaints
  }

  private let configuration: Configuration
  private let decoder: Decoder
  private let abstractor: Abstractor?
  private let layers: [MemoriaLayer]

  package init(_ configuration: Configuration, vocabulary: Int, in scope: Scope) {
    self.configuration = configuration
    decoder = Decoder(configuration.sizes(vocabulary: vocabulary), in: scope)
    guard configuration.memory != .none else {
      (abstractor, layers) = (nil, [])
      return
    }
    let D = configuration.width
    abstractor = Abstractor(
      D, engrams: configuration.memoria.engrams, innerWidth: 4 * D,
      activation: configuration.abstractorActivation,
      deviation: Decoder.deviation, in: scope["abstractor"])
    layers = (0..<configuration.layers).map { MemoriaLayer(configuration, in: scope["layers"][$0]) }
  }

  /// The reference fills rows up to the longest of the batch.
  package static func mixesSequences(under configuration: Configuration) -> Bool {
    configuration.memoria.behaviour != .paper
      && (configuration.memory == .shortTerm || configuration.memory == .longTerm)
  }

  package static func reach(of configuration: Configuration) -> Reach {
    configuration.memory == .none ? .segments(0) : .unbounded
  }

  package func emptyMemory(sequences: Int, keepsLog: Bool) -> Memory {
    switch configuration.memory {
    case .none, .working: Memory()
    case .shortTerm, .longTerm:
      Memory(
        engrams: EngramMemory(
          configuration.memoria, level: configuration.memory, rows: sequences, keepsLog: keepsLog))
    }
  }

  package static func joined(_ memories: [Memory]) -> Memory? {
    guard memories.allSatisfy({ $0.injectedTieBreak == nil }) else { return nil }
    func all<Part>(_ part: (Memory) -> Part?) -> [Part]? {
      let parts = memories.compactMap(part)
      return parts.isEmpty ? nil : parts
    }
    let engrams = all(\.engrams)
    let joined = engrams.flatMap { EngramMemory(joining: $0) }
    guard (engrams == nil) == (joined == nil) else { return nil }
    return Memory(
      previous_BLD: all(\.previous_BLD).map(stacked), working_BND: all(\.working_BND).map(stacked),
      engrams: joined)
  }

  package func callAsFunction(_ tokens_BL: [Int32], memory: inout Memory, at moment: Moment)
    -> SegmentOutput
  {
    let L = tokens_BL.count / moment.examples.count
    return read(tokens_BL, positions: 0..<L, memory: &memory, remembers: true, at: moment)
  }

  package func finish(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, at moment: Moment
  ) -> SegmentOutput {
    guard memory.engrams?.keepsLog == true else {
      return read(tokens_BL, positions: positions, memory: &memory, remembers: false, at: moment)
    }
    // A log tells of every position's attention.
    let hidden_BLD = self(tokens_BL, memory: &memory, at: moment).hidden_BLD
    return SegmentOutput(hidden_BLD: hidden_BLD.positions(positions))
  }

  /// - remembers: Whether the memory is to be carried on.
  private func read(
    _ tokens_BL: [Int32], positions: Range<Int>, memory: inout Memory, remembers: Bool, at moment: Moment
  ) -> SegmentOutput {
    guard let abstractor, let previous_BLD = memory.previous_BLD else {
      let hidden_BLD = decoder(tokens_BL, positions: positions, at: moment)
      if abstractor != nil && remembers { memory.previous_BLD = hidden_BLD.detached }
      return SegmentOutput(hidden_BLD: hidden_BLD)
    }
    let working_BND = abstractor(previous_BLD)
    let tieBreak = tieBreak(&memory, at: moment)
    let reminded = memory.engrams?.remind(working_BND.detached, tieBreak: tieBreak)
    var probabilitySum_BN: Tensor?
    let hidden_BLD = decoder(
      tokens_BL, positions: positions, at: moment,
      addition: { index, x_BLD, moment in
        let afterWorking_BLD = layers[index].attend(x_BLD, toWorking: working_BND, at: moment)
        guard let reminded else { return afterWorking_BLD }
        let attended = layers[index].attend(afterWorking_BLD, to: reminded, at: moment)
        if remembers {
          let sum_BN = attended.credited_BHLM().sumsOfSequences()
          probabilitySum_BN = probabilitySum_BN.map { $0 + sum_BN } ?? sum_BN
        }
        return attended.sum_BLD
      })
    guard remembers else { return SegmentOutput(hidden_BLD: hidden_BLD) }
    if let probabilitySum_BN {
      let L = tokens_BL.count / moment.examples.count
      let terms = Float(layers.count * configuration.heads * L)
      memory.engrams?.memorize(weight_BN: (probabilitySum_BN * (1 / terms)).values)
    }
    memory.working_BND = working_BND.detached
    memory.previous_BLD = hidden_BLD.detached
    return SegmentOutput(hidden_BLD: hidden_BLD)
  }

  package func logits(of hidden: Tensor) -> Tensor { decoder.logits(of: hidden) }

  package func report(of memory: Memory) -> EngramReport? {
    memory.engrams.map {
      EngramReport(log: $0.log, associationBytes: $0.associationBytes)
    }
  }

  private func tieBreak(_ memory: inout Memory, at moment: Moment) -> TieBreak {
    if let injected = memory.injectedTieBreak {
      memory.injectedTieBreak = nil
      return injected
    }
    return .addressed(
      Occasion(
        seed: moment.seed, step: UInt32(moment.step), segment: moment.segment, examples: moment.examples))
  }
}
