import Engrams
import Models
import Networks
import Tensors
import Testing

/// A promise of the conformance suite that a published reference breaks, so that its behaviour here must too.
enum Promise: String, Sendable {
  case independentSequences = "a batch of two is two batches of one, in any order"
}

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
  /// Promises that are not kept, each with the reason: they are shown to be broken, everything else is examined.
  let exemptions: [Promise: String]
  /// Whether the furthest token within reach shows; false where reach is a bound that nothing attains.
  let attainsReach: Bool
  /// By how many numbers what is not state may grow with every segment.
  let bookkeeping: Int
  /// What initial weights are multiplied by where old tokens shall show: small ones lose them in rounding, and with large
  /// ones attention looks at one key alone.
  let amplification: Float
  let vocabulary = 7
  private let examinee: any Examinee

  func read(_ request: Request) -> Reading { examinee.read(request) }
  func learn(_ lesson: Lesson) -> Lesson.Outcome { examinee.learn(lesson) }
  func carried(_ request: Request) -> [Carried] { examinee.carried(request) }
  var reach: Reach { examinee.reach }

  func keeps(_ promise: Promise) -> Bool { exemptions[promise] == nil }

  /// - state: Everything that a row of a batch carries on.
  init<M: SequenceModel>(
    _: M.Type, _ words: String, _ configuration: M.Configuration, untrained: [String] = [], remembers: Bool,
    exempt exemptions: [Promise: String] = [:], attainsReach: Bool = true, bookkeeping: Int = 0,
    amplification: Float = 25, state: @escaping @Sendable (M.Memory, Int) -> [[Float]]
  ) {
    self.exemptions = exemptions
    self.attainsReach = attainsReach
    self.bookkeeping = bookkeeping
    self.amplification = amplification
    model = M.name
    testDescription = words.isEmpty ? M.name : "\(M.name) \(words)"
    self.untrained = untrained
    self.remembers = remembers
    examinee = Examination<M>(configuration: configuration, vocabulary: 7, state: state)
  }

  static let all: [Specimen] =
    ResidualInitialization.allCases.map { transformer($0) } + MemoryLevel.allCases.map { memoria($0) } + [
      memoria(.longTerm, activation: .gelu), memoria(.longTerm, order: .algorithm3),
      memoria(.longTerm, behaviour: .reference10), memoria(.longTerm, behaviour: .reference11),
      runningMean,
      transformerXL(memory: 6, clamp: 100), transformerXL(memory: 9, clamp: 5),
      transformerXL(memory: 4, clamp: 2),
    ] + infinityFormers

  private static let infinityFormers: [Specimen] = [
    infinityFormer("sticky"), infinityFormer("uniform") { $0.sampling = .uniform },
    infinityFormer("without gate") { $0.gate = .none },
    infinityFormer("with divergence") { $0.divergenceWeight = 0.01 },
    infinityFormer("as first published") {
      ($0.basisWidths, $0.ridgePenalty, $0.contraction) = ([0.05, 0.2], 1, 0.75)
      ($0.varianceFloor, $0.sampling, $0.gate, $0.memoryDropout) = (1e-6, .uniform, .none, 0)
      ($0.divergenceWeight, $0.divergenceForm) = (1e-6, .variance)
    },
  ]

  static func infinityFormer(
    _ words: String, _ change: (inout LongTermConfiguration) -> Void = { _ in }
  ) -> Specimen {
    Specimen(
      InfinityFormer.self, words, infinityConfiguration(change), remembers: true,
      state: { memory, row in
        memory.layers.flatMap { state in
          [
            part(state.input_BLD, row), part(state.recalled?.coefficients_BND, row),
            part(state.recalled?.mean_BLH, row), part(state.recalled?.variance_BLH, row),
          ]
        }
      })
  }

  static func infinityConfiguration(
    _ change: (inout LongTermConfiguration) -> Void = { _ in }
  ) -> InfinityFormer.Configuration {
    var memory = LongTermConfiguration(
      basisFunctions: 8, samples: 4, basisWidths: [0.1, 0.2], ridgePenalty: 0.5, contraction: 0.5,
      varianceFloor: 1e-4, sampling: .sticky, stickyBins: 16, gate: .convolution, memoryDropout: 0.3,
      divergenceWeight: 0, divergenceDeviation: 0.05, divergenceMean: -1, divergenceForm: .meanAndVariance)
    change(&memory)
    return InfinityFormer.Configuration(
      layers: 2, heads: 2, width: 8, innerWidth: 12, positions: 6, dropout: 0.3,
      residualInitialization: .plain, infinityFormer: memory)
  }

  /// A row's part of a tensor [B, ...]; nothing of none.
  private static func part(_ tensor: Tensor?, _ row: Int) -> [Float] {
    guard let tensor else { return [] }
    let extent = tensor.shape.count / tensor.shape[0]
    return Array(tensor.values[row * extent..<(row + 1) * extent])
  }

  private static func transformer(_ residual: ResidualInitialization) -> Specimen {
    Specimen(
      Transformer.self, residual.rawValue,
      Transformer.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, positions: 6, dropout: 0.3,
        residualInitialization: residual),
      remembers: false, state: { _, _ in [] })
  }

  /// Memories as long as a segment, longer and shorter; heads that do not divide the width.
  private static func transformerXL(memory: Int, clamp: Int) -> Specimen {
    Specimen(
      TransformerXL.self, "with a memory of \(memory)",
      TransformerXL.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, dropout: 0.3,
        transformerXl: .init(memoryLength: memory, clampLength: clamp, headWidth: memory == 9 ? 3 : 4)),
      remembers: true,
      state: { memory, row in
        memory.inputs_BMD.map { input in
          let extent = input.shape.count / input.shape[0]
          return Array(input.values[row * extent..<(row + 1) * extent])
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
      remembers: level != .none,
      exempt: behaviour == .paper
        ? [:] : [.independentSequences: "rows are filled up to the longest of the batch"],
      // While one engram lives, the steps since its birth are kept: words of bits, of two sequences.
      bookkeeping: level == .longTerm ? 10 : 0,
      state: { state(of: $0, row: $1) })
  }

  /// The example of `Sources/Models/README.md`.
  private static let runningMean = Specimen(
    RunningMean.self, "",
    RunningMean.Configuration(width: 8, dropout: 0.3, runningMean: .init(decay: 0.9)),
    remembers: true,
    state: { memory, row in [Array((memory.sum_BD?.values ?? [])[row * 8..<(row + 1) * 8]), [memory.weight]] }
  )

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
