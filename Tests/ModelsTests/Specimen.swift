import Engrams
import Models
import Networks
import Tensors
import Testing

/// A model with a small configuration: what the conformance suite is about.
///
/// A new model is tested by adding a line to `Specimen.all`.
struct Specimen: CustomTestStringConvertible, Sendable {
  /// The model's name in the catalogue, and which of its configurations this is.
  let model: String
  let testDescription: String
  /// Parameters that no task can give a gradient, by the end of their paths.
  let untrained: [String]
  /// Whether a segment depends on earlier ones from the first that has one on.
  let remembers: Bool
  /// What initial weights are multiplied by where old tokens shall show: small ones lose them in rounding, and with large
  /// ones attention looks at one key alone.
  let amplification: Float
  let vocabulary = 7
  private let reader: @Sendable (Request) -> Reading

  func read(_ request: Request) -> Reading { reader(request) }

  private init<M: SequenceModel>(
    _: M.Type, _ words: String, _ configuration: M.Configuration, untrained: [String] = [], remembers: Bool,
    amplification: Float = 25, state: @escaping @Sendable (M.Memory, Int) -> [[Float]]
  ) {
    model = M.name
    testDescription = words.isEmpty ? M.name : "\(M.name) \(words)"
    self.untrained = untrained
    self.remembers = remembers
    self.amplification = amplification
    reader = { request in Reading(M.self, configuration, vocabulary: 7, request, state: state) }
  }

  static let all: [Specimen] =
    ResidualInitialization.allCases.map { transformer($0) } + MemoryLevel.allCases.map { memoria($0) } + [
      memoria(.longTerm, activation: .gelu), memoria(.longTerm, order: .algorithm3),
    ] + compressiveTransformers

  private static func transformer(_ residual: ResidualInitialization) -> Specimen {
    Specimen(
      Transformer.self, residual.rawValue,
      Transformer.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, positions: 6, dropout: 0.3,
        residualInitialization: residual),
      remembers: false, state: { _, _ in [] })
  }

  /// Memories shorter and longer than a segment, lengths that the rate divides and not, what is frozen and what is not.
  private static let compressiveTransformers: [Specimen] = [
    compressiveTransformer(""),
    compressiveTransformer("frozen", keyValue: .frozen),
    compressiveTransformer("with auxiliary loss", auxiliaryWeight: 0.5),
    compressiveTransformer(
      "with auxiliary loss as released", keyValue: .frozen, auxiliaryWeight: 1, .reference),
    compressiveTransformer("of long memory", memoryLength: 8, compressedLength: 5, compressionRate: 4),
    compressiveTransformer("of uneven lengths", memoryLength: 6, compressedLength: 2, compressionRate: 4),
    compressiveTransformer("of three layers", layers: 3, segmentLength: 9),
  ]

  static func compressiveTransformer(
    _ words: String, layers: Int = 2, segmentLength: Int = 6, memoryLength: Int = 4,
    compressedLength: Int = 3,
    compressionRate: Int = 2, keyValue: KeyValueLearning = .trainable, auxiliaryWeight: Double = 0,
    _ target: ReconstructionTarget = .aligned
  ) -> Specimen {
    Specimen(
      CompressiveTransformer.self, words,
      CompressiveTransformer.Configuration(
        layers: layers, heads: 2, width: 8, innerWidth: 12, dropout: 0.3,
        compressiveTransformer: CompressiveConfiguration(
          segmentLength: segmentLength, memoryLength: memoryLength, compressedLength: compressedLength,
          compressionRate: compressionRate, keyValue: keyValue, auxiliaryWeight: auxiliaryWeight,
          auxiliaryTarget: target)),
      untrained: (keyValue == .frozen ? ["key_value.weight"] : [])
        + (auxiliaryWeight == 0 ? ["compression.weight", "compression.bias"] : []),
      remembers: true, amplification: 2,
      state: { memory, row in
        memory.layers.flatMap { [$0.recent_BMD, $0.compressed_BMD] }.map { tensor in
          let extent = tensor.shape.count / tensor.shape[0]
          return Array(tensor.values[row * extent..<(row + 1) * extent])
        }
      })
  }

  static func memoria(
    _ level: MemoryLevel, activation: AbstractorActivation = .none, order: AdjustOrder = .text,
    behaviour: Behaviour = .paper
  ) -> Specimen {
    var words = level.rawValue
    if activation != .none { words += " with \(activation)" }
    if order != .text { words += " by \(order.rawValue)" }
    if behaviour != .paper { words += " as \(behaviour.rawValue)" }
    return Specimen(
      Memoria.self, words, configuration(level, activation, order, behaviour),
      untrained: level == .working ? ["reminded_norm.gain", "reminded_norm.bias"] : [],
      remembers: level != .none, state: { state(of: $0, row: $1) })
  }

  static func configuration(
    _ level: MemoryLevel, _ activation: AbstractorActivation = .none, _ order: AdjustOrder = .text,
    _ behaviour: Behaviour = .paper
  ) -> Memoria.Configuration {
    Memoria.Configuration(
      layers: 2, heads: 2, width: 8, innerWidth: 12, positions: 6, dropout: 0.3,
      residualInitialization: .plain,
      memory: level, abstractorActivation: activation,
      memoria: EngramConfiguration(
        behaviour: behaviour, order: order, engrams: 2, remindedShortTerm: 2, remindedLongTerm: 3,
        shortTermCapacity: 4, searchDepth: 2, initialLifespan: 4, lifespanGain: 3))
  }

  /// Everything that a row of a batch carries on.
  private static func state(of memory: Memoria.Memory, row: Int) -> [[Float]] {
    func part(_ tensor: Tensor?) -> [Float] {
      guard let tensor else { return [] }
      let extent = tensor.shape.count / tensor.shape[0]
      return Array(tensor.values[row * extent..<(row + 1) * extent])
    }
    var state = [part(memory.previous_BLD), part(memory.working_BND)]
    if let snapshot = memory.engrams?.snapshot(ofRow: row) {
      state += [snapshot.vectors, snapshot.lifespans, snapshot.kinds.map { Float($0.rawValue) }]
      state += [snapshot.ages, snapshot.identifiers, snapshot.counts].map { $0.map { Float($0) } }
    }
    return state
  }
}
