import Engrams
import Tensors
import Testing

@Suite struct NonFiniteTests {
  /// A memory of two rows after four healthy steps, and a fifth one of `working`, attended to by `weight`.
  private func memory(
    _ behaviour: Behaviour, working: Float, weight: Float = 1
  ) -> (memory: EngramMemory, before: EngramMemory, reminded: Reminded) {
    var memory = EngramMemory(sizes(behaviour), level: .longTerm, rows: 2)
    var before = memory
    var (dice, reminded) = (Dice(3), Reminded?.none)
    for step in 0..<5 {
      before = memory
      var numbers = dice.floats(2 * 3 * 4, in: -1...1)
      if step == 4 { for element in numbers.indices.dropFirst(12) { numbers[element] *= working } }
      let occasion = Occasion(seed: 1, step: 0, segment: step, examples: [0, 1])
      let latest = memory.remind(Tensor([2, 3, 4], numbers), tieBreak: .addressed(occasion))
      let count = latest.vectors_BND.shape[1] * 2
      memory.memorize(weight_BN: (0..<count).map { step == 4 && $0 == 0 ? weight : 0.5 })
      reminded = latest
    }
    return (memory, before, reminded!)
  }

  @Test(arguments: Behaviour.allCases)
  func `what is finite says nothing`(behaviour: Behaviour) {
    let (memory, _, reminded) = memory(behaviour, working: 1)
    #expect(memory.nonFinite == nil && reminded.vectors_BND.shape[1] > 0 && memory.count > 0)
  }

  @Test(arguments: Behaviour.allCases, [Float.nan, .infinity])
  func `engrams that are not finite are not stored, and nobody is reminded of`(
    behaviour: Behaviour, number: Float
  ) {
    let (memory, before, reminded) = memory(behaviour, working: number)
    #expect(memory.nonFinite == "working memory")
    #expect(reminded.vectors_BND.shape == [2, 0, 4] && reminded.addsNothing == [true, true])
    for row in 0..<2 {
      let isSame = memory.snapshot(ofRow: row) == before.snapshot(ofRow: row)
      #expect(isSame && memory.snapshot(ofRow: row).vectors.allSatisfy(\.isFinite))
    }
  }

  @Test func `engrams too large to have distances are told, and stop nothing`() {
    var (memory, _, _) = memory(.paper, working: 1e30)
    #expect(memory.nonFinite == "the score of an engram")
    let again = memory.remind(
      Tensor([2, 3, 4], repeating: 1),
      tieBreak: .addressed(Occasion(seed: 1, step: 0, segment: 5, examples: [0, 1])))
    memory.memorize(weight_BN: [])
    #expect(again.visible == [0, 0] && memory.nonFinite == "the score of an engram")
  }

  @Test(arguments: Behaviour.allCases)
  func `attention that is not finite is told`(behaviour: Behaviour) {
    #expect(memory(behaviour, working: 1, weight: .nan).memory.nonFinite == "the attention to an engram")
  }
}
