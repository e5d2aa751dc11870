import Engrams
import Tensors
import Testing

/// Sizes that reach every corner: many ties, early deaths, overflow of the dead, no search, no long-term places.
private let corners: [EngramConfiguration] = [
  sizes(),
  sizes(order: .algorithm3),
  sizes(engrams: 3, shortTerm: 6, longTerm: 4, capacity: 9, depth: 2, lifespan: 2, gain: 1.5),
  sizes(engrams: 5, shortTerm: 3, longTerm: 2, capacity: 7, depth: 1, lifespan: 3, gain: 3),
  sizes(engrams: 2, shortTerm: 8, longTerm: 8, capacity: 4, depth: 6, lifespan: 9, gain: 4),
  sizes(engrams: 4, shortTerm: 2, longTerm: 0, capacity: 8, depth: 0, lifespan: 1, gain: 0.5),
  sizes(
    order: .algorithm3, engrams: 1, shortTerm: 1, longTerm: 3, capacity: 0, depth: 4, lifespan: 6, gain: 8),
]

@Suite struct `The paper's memory` {
  @Test(arguments: corners, [MemoryLevel.longTerm, .shortTerm])
  func `agrees with its plain statement on random histories`(
    configuration: EngramConfiguration, level: MemoryLevel
  ) throws {
    for seed in 1...6 {
      let rows = 3
      var history = History(configuration, level: level, rows: rows, seed: seed, examples: [4, 17, 200_000])
      var plain = history.examples.map { PlainMemory(configuration, level: level, example: $0) }
      for step in 1...30 {
        let episode = history.episode()
        let reminded = history.remind(episode)
        let (N, D) = (reminded.vectors_BND.shape.extents[1], history.width)
        let vectors = reminded.vectors_BND.values
        let occasion = Occasion(seed: 7, step: 3, segment: step, examples: history.examples)
        let weights = history.weights(episode, reminded)
        history.memorize(episode)
        for row in 0..<rows {
          let W = configuration.engrams
          plain[row].remind(
            (row * W..<(row + 1) * W).map { Array(episode.working_BWD[$0 * D..<($0 + 1) * D]) }, occasion)
          let expected = plain[row].reminded.flatMap { plain[row].engram($0)?.vector ?? [] }
          try #require(reminded.visible[row] == plain[row].reminded.count)
          #expect(reminded.addsNothing[row] == plain[row].reminded.isEmpty)
          #expect(
            Array(vectors[row * N * D..<(row + 1) * N * D])
              == expected + Array(repeating: 0, count: N * D - expected.count))
          plain[row].memorize(Array(weights[row * N..<row * N + plain[row].reminded.count]))
          try #require(
            history.memory.snapshot(ofRow: row) == plain[row].snapshot, "seed \(seed) step \(step)")
          let record = (step - 1) * rows + row
          #expect(history.memory.log.found[record] == Int32(plain[row].found))
        }
      }
    }
  }

  @Test func `agrees with its plain statement when histories are long`() throws {
    let configuration = sizes(
      engrams: 2, shortTerm: 4, longTerm: 5, capacity: 6, depth: 3, lifespan: 4, gain: 2)
    for seed in 1...2 {
      var history = History(configuration, seed: seed)
      var plain = PlainMemory(configuration, level: .longTerm, example: 0)
      for step in 1...220 {
        let episode = history.episode()
        let reminded = history.remind(episode)
        let weights = history.weights(episode, reminded)
        history.memorize(episode)
        plain.remind(
          (0..<2).map { Array(episode.working_BWD[$0 * 4..<($0 + 1) * 4]) },
          Occasion(seed: 7, step: 3, segment: step, examples: [0]))
        try #require(plain.reminded.count == weights.count)
        plain.memorize(weights)
        try #require(history.memory.snapshot(ofRow: 0) == plain.snapshot, "seed \(seed) step \(step)")
      }
      #expect(plain.counts.count == 440)
    }
  }

  @Test(arguments: 1...4)
  func `a row in a batch is the row alone, bit for bit`(seed: Int) throws {
    let rows = 4
    var together = History(sortingSizes, rows: rows, width: 5, seed: seed, examples: [9, 3, 5, 70_000])
    var alone = together.examples.map {
      (example: $0, memory: EngramMemory(sortingSizes, level: .longTerm, rows: 1, keepsLog: true))
    }
    for step in 1...20 {
      let episode = together.episode()
      let reminded = together.remind(episode)
      let N = reminded.vectors_BND.shape.extents[1]
      let (weights, vectors) = (together.weights(episode, reminded), reminded.vectors_BND.values)
      together.memorize(episode)
      for row in 0..<rows {
        let working = Array(episode.working_BWD[row * 40..<(row + 1) * 40])
        let own = alone[row].memory.remind(
          Tensor([1, 8, 5], working),
          tieBreak: .addressed(Occasion(seed: 7, step: 3, segment: step, examples: [alone[row].example])))
        let n = own.vectors_BND.shape.extents[1]
        try #require(own.visible == [reminded.visible[row]])
        #expect(own.vectors_BND.values == Array(vectors[row * N * 5..<(row * N + n) * 5]))
        alone[row].memory.memorize(weight_BN: Array(weights[row * N..<row * N + n]))
        #expect(alone[row].memory.snapshot(ofRow: 0) == together.memory.snapshot(ofRow: row))
      }
    }
  }

  @Test(arguments: 1...5)
  func `with four segments long-term memory is empty, and adding it changes no bit`(seed: Int) throws {
    var short = History(sortingSizes, level: .shortTerm, rows: 2, width: 6, seed: seed)
    var long = History(sortingSizes, level: .longTerm, rows: 2, width: 6, seed: seed)
    for _ in 1...4 {
      let (first, second) = (short.episode(), long.episode())
      let (a, b) = (short.remind(first), long.remind(second))
      #expect(a.vectors_BND.values == b.vectors_BND.values)
      try #require(a.visible == b.visible)
      short.memorize(first)
      long.memorize(second)
      for row in 0..<2 {
        #expect(short.memory.snapshot(ofRow: row) == long.memory.snapshot(ofRow: row))
        #expect(long.memory.snapshot(ofRow: row).identifiers(of: .longTerm).isEmpty)
      }
    }
    #expect(short.memory.log == long.memory.log)
    for _ in 5...9 { long.live() }
    #expect(!long.memory.snapshot(ofRow: 0).identifiers(of: .longTerm).isEmpty)
  }

  @Test(arguments: corners)
  func `the order of the text and of Algorithm 3 end alike`(configuration: EngramConfiguration) {
    func ordered(_ order: AdjustOrder) -> EngramConfiguration {
      sizes(
        order: order, engrams: configuration.engrams, shortTerm: configuration.remindedShortTerm,
        longTerm: configuration.remindedLongTerm, capacity: configuration.shortTermCapacity,
        depth: configuration.searchDepth, lifespan: configuration.initialLifespan,
        gain: configuration.lifespanGain)
    }
    for seed in 1...4 {
      var text = History(ordered(.text), seed: seed)
      var algorithm = History(ordered(.algorithm3), seed: seed)
      for _ in 1...25 {
        text.live()
        algorithm.live()
        #expect(text.memory.snapshot(ofRow: 0) == algorithm.memory.snapshot(ofRow: 0))
      }
    }
  }

  @Test func `a copy is a checkpoint`() {
    var history = History(sizes(), rows: 2, seed: 11)
    for _ in 1...12 { history.live() }
    var copy = history
    for _ in 1...8 { history.live() }
    for _ in 1...8 { copy.live() }
    #expect(copy.memory.log == history.memory.log)
    #expect(copy.memory.snapshot(ofRow: 1) == history.memory.snapshot(ofRow: 1))
  }

  @Test func `other examples break ties otherwise`() {
    let configuration = sizes(
      engrams: 6, shortTerm: 2, longTerm: 2, capacity: 6, depth: 0, lifespan: 9, gain: 4)
    let outcomes = (0..<12).map { example in
      var history = History(configuration, seed: 5, examples: [example])
      for _ in 1...12 { history.live() }
      return history.memory.log.remindedLongTerm.values
    }
    #expect(Set(outcomes).count > 6)
  }

  @Test func `the first step reminds of nobody and adds nothing`() {
    var history = History(sizes(), rows: 2, seed: 1)
    let episode = history.episode()
    let reminded = history.remind(episode)
    #expect(reminded.vectors_BND.shape.extents == [2, 0, 4])
    #expect(reminded.visible == [0, 0])
    #expect(reminded.addsNothing == [true, true])
    history.memorize(episode)
    #expect(history.memory.snapshot(ofRow: 0).lifespans == [3, 3, 3])
    #expect(history.memory.snapshot(ofRow: 0).counts == Array(repeating: 1, count: 9))
  }

  @Test func `wrong uses stop with a sentence`() async {
    func expectSentence(_ sentence: String, _ result: ExitTest.Result?) {
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains(sentence), "\(text)")
    }
    expectSentence(
      "keeps no engrams",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = EngramMemory(sizes(), level: .working, rows: 1)
      })
    expectSentence(
      "an occasion of 1 examples does not fit a memory of 2 rows",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var memory = EngramMemory(sizes(), level: .longTerm, rows: 2)
        _ = memory.remind(Tensor([2, 1, 2], [1, 2, 3, 4]), tieBreak: .addressed(alone))
      })
    expectSentence(
      "is not [2, engrams, width]",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var memory = EngramMemory(sizes(), level: .longTerm, rows: 2)
        _ = memory.remind(Tensor([1, 1, 2], [1, 2]), tieBreak: .addressed(alone))
      })
    expectSentence(
      "1 weights do not fit 1 rows reminded of up to 0 engrams",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var memory = EngramMemory(sizes(), level: .longTerm, rows: 1)
        _ = memory.remind(Tensor([1, 1, 2], [1, 2]), tieBreak: .addressed(alone))
        memory.memorize(weight_BN: [1])
      })
    expectSentence(
      "memorize comes between",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var memory = EngramMemory(sizes(), level: .longTerm, rows: 1)
        _ = memory.remind(Tensor([1, 1, 2], [1, 2]), tieBreak: .addressed(alone))
        _ = memory.remind(Tensor([1, 1, 2], [1, 2]), tieBreak: .addressed(alone))
      })
    expectSentence(
      "takes no injected draws",
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var memory = EngramMemory(sizes(), level: .longTerm, rows: 1)
        _ = memory.remind(Tensor([1, 1, 2], [1, 2]), tieBreak: .injected([]))
      })
  }
}

private let alone = Occasion(seed: 1, step: 1, segment: 1, examples: [0])
