import Engrams
import Models
import Networks
import Tensors

extension Specimen {
  static let memorias =
    MemoryLevel.allCases.map { memoria($0) } + [
      memoria(.longTerm, activation: .gelu), memoria(.longTerm, order: .algorithm3),
      memoria(.longTerm, behaviour: .reference10), memoria(.longTerm, behaviour: .reference11),
    ]

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
      state: { state(of: $0, row: $1) })
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
