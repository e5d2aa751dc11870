import Engrams
import Foundation
import Tensors
import Testing

/// What a released package did in one small case: numbers only.
struct RecordedCase: Decodable, CustomTestStringConvertible {
  struct Step: Decodable {
    let wm: [[[Float]]]
    let draws: [[[Float]]]?
    let reminded_sorted: [[Int]]
    let counts_after_remind: [[[Int32]]]
    let delta_for_sorted: [[Float]]
    let types: [[UInt8]]
    let lifespan: [[Float]]
    let first_component: [[Float]]
  }
  let version: String
  let name: String
  let batch: Int
  let n_wm: Int
  let dim: Int
  let num_reminded_stm: Int
  let stm_capacity: Int
  let ltm_search_depth: Int
  let initial_lifespan: Double
  let num_final_ltms: Int
  let steps: [Step]

  var testDescription: String { "\(name) of \(version)" }

  var configuration: EngramConfiguration {
    EngramConfiguration(
      behaviour: version == "100" ? .reference10 : .reference11, order: .text, engrams: n_wm,
      remindedShortTerm: num_reminded_stm, remindedLongTerm: num_final_ltms, shortTermCapacity: stm_capacity,
      searchDepth: ltm_search_depth, initialLifespan: initial_lifespan, lifespanGain: 1)
  }

  static let all: [RecordedCase] = {
    let names = ["plain_b1", "batch3_ltm_padding", "batch3_early_stm_death", "batch2_null_revival"]
    return names.flatMap { name in [100, 110].map { recorded("\(name)_\($0)") } }
  }()

  private static func recorded(_ name: String) -> RecordedCase {
    let file = Bundle.module.bundleURL.appendingPathComponent("Reference/\(name).json")
    do {
      return try JSONDecoder().decode(RecordedCase.self, from: Data(contentsOf: file))
    } catch {
      fatalError("\(file.path) is not a recorded case: \(error)")
    }
  }
}

@Suite struct `Replay of the released packages` {
  @Test(arguments: RecordedCase.all)
  func `every step reminds, fires, ages and forgets as recorded`(recorded: RecordedCase) throws {
    var memory = EngramMemory(recorded.configuration, level: .longTerm, rows: recorded.batch)
    #expect(recorded.steps.count == 14)
    for (number, step) in recorded.steps.enumerated() {
      let working = Tensor(
        [recorded.batch, recorded.n_wm, recorded.dim], step.wm.flatMap { $0.flatMap { $0 } })
      let draws = (step.draws ?? []).flatMap { $0.flatMap { $0 } }
      let reminded = memory.remind(working, tieBreak: .injected(draws))
      let slots = try #require(memory.trace?.remindedSlots)
      let when = Comment(rawValue: "step \(number)")
      try #require((0..<recorded.batch).map { Array(slots[$0]) } == step.reminded_sorted, when)
      #expect(
        memory.trace?.countsAfterRemind == step.counts_after_remind.flatMap { $0.flatMap { $0 } }, when)

      try expectVectors(reminded, step, memory)
      memory.memorize(weight_BN: weights(for: step, width: slots.width))
      for row in 0..<recorded.batch {
        let snapshot = memory.snapshot(ofRow: row)
        try #require(snapshot.kinds.map { $0.rawValue } == step.types[row], when)
        expectClose(snapshot.lifespans, step.lifespan[row], within: 5e-4)
        let first = (0..<snapshot.count).map { snapshot.vectors[$0 * recorded.dim] }
        #expect(first == step.first_component[row], when)
      }
      #expect(reminded.addsNothing.allSatisfy { !$0 }, when)
    }
  }

  /// Somebody's vectors in the order of their slots, then zero vectors, which only a row of nobody sees.
  private func expectVectors(_ reminded: Reminded, _ step: RecordedCase.Step, _ memory: EngramMemory) throws {
    let (_, width, D) = reminded.vectors_BND.extents3
    let values = reminded.vectors_BND.values
    try #require(width == step.reminded_sorted[0].count)
    for (row, slots) in step.reminded_sorted.enumerated() {
      let snapshot = memory.snapshot(ofRow: row)
      let somebody = slots.filter { $0 >= 0 }
      let expected =
        somebody.flatMap { Array(snapshot.vectors[$0 * D..<($0 + 1) * D]) }
        + Array(repeating: 0, count: (width - somebody.count) * D)
      #expect(Array(values[row * width * D..<(row + 1) * width * D]) == expected)
      #expect(reminded.visible[row] == (somebody.isEmpty ? width : somebody.count))
    }
  }

  /// The recorded increments, which belong to sorted slots with nobody in front, as attention weights in the order
  /// of the reminded vectors, which have nobody behind. The gain is 1, so a weight is the increment over the width.
  private func weights(for step: RecordedCase.Step, width: Int) -> [Float] {
    zip(step.reminded_sorted, step.delta_for_sorted).flatMap { slots, increments in
      let pairs = Array(zip(slots, increments))
      let ordered = pairs.filter { $0.0 >= 0 } + pairs.filter { $0.0 < 0 }
      return ordered.map { $0.1 / Float(width) }
    }
  }
}
