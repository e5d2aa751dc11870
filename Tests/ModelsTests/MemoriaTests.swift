import Engrams
import Expectations
import Models
import Networks
import Tensors
import Testing

@Suite struct MemoriaTests {
  private func start(_ level: MemoryLevel, seed: UInt64 = 3) -> [String: [Float]] {
    var request = Request(examples: [0], length: 2)
    request.seed = seed
    return Dictionary(
      uniqueKeysWithValues: Specimen.memoria(level).read(request).parameters.map { ($0.path, $0.values) })
  }

  @Test(arguments: [false, true])
  func `without memory it is the Transformer, bit for bit`(isTraining: Bool) {
    var request = Request(examples: [5, 9], length: 4 * 6 + 2)
    request.isTraining = isTraining
    request.takesGradients = true
    let plain = Specimen.all.first { $0.testDescription == "transformer plain" }
    guard let transformer = plain?.read(request) else {
      Issue.record("no plain Transformer is among the specimens")
      return
    }
    let memoria = Specimen.memoria(.none).read(request)
    #expect(memoria.parameters.map(\.path) == transformer.parameters.map(\.path))
    for (one, other) in zip(memoria.parameters, transformer.parameters) {
      expectSameBits(one.values, other.values, "initial \(one.path)")
    }
    for (one, other) in zip(memoria.segments, transformer.segments) {
      expectSameBits(one.hidden.flatMap { $0 }, other.hidden.flatMap { $0 }, "hidden")
      expectSameBits(one.logits.flatMap { $0 }, other.logits.flatMap { $0 }, "logits")
    }
    #expect(memoria.loss.bitPattern == transformer.loss.bitPattern)
    for (one, other) in zip(memoria.gradients, transformer.gradients) {
      expectSameBits(one.values ?? [], other.values ?? [0], "gradient of \(one.path)")
    }
  }

  @Test func `equal seeds start equal at every level of memory`() {
    let longTerm = start(.longTerm)
    for level in [MemoryLevel.working, .shortTerm] {
      let other = start(level)
      #expect(other.keys.sorted() == longTerm.keys.sorted())
      for (path, values) in other { expectSameBits(values, longTerm[path] ?? [], "\(path), \(level)") }
    }
    for (path, values) in start(.none) { expectSameBits(values, longTerm[path] ?? [], path) }
    #expect(start(.none).count < longTerm.count)
    #expect(start(.longTerm, seed: 4)["abstractor.queries"] != longTerm["abstractor.queries"])
  }

  /// Table 6's first column: short-term memory holds four segments, so nothing can have become long-term.
  @Test(arguments: [16, 24])
  func `long-term memory is empty in four segments, so it equals short-term memory`(L: Int) {
    func read(_ level: MemoryLevel, segments: Int) -> Reading {
      var request = Request(examples: [5, 9], length: segments * L)
      request.segmentLength = L
      request.takesGradients = true
      let configuration = Memoria.Configuration(
        layers: 2, heads: 2, width: 8, innerWidth: 12, positions: L, dropout: 0.1,
        residualInitialization: .plain,
        memory: level, abstractorActivation: .none,
        memoria: EngramConfiguration(
          behaviour: .paper, order: .text, engrams: L / 8, remindedShortTerm: L / 4,
          remindedLongTerm: 5 * L / 8,
          shortTermCapacity: L / 2, searchDepth: 10, initialLifespan: 5, lifespanGain: 8))
      return Reading(Memoria.self, configuration, vocabulary: 7, request) { memory, row in
        let snapshot = memory.engrams?.snapshot(ofRow: row)
        return [
          snapshot?.vectors ?? [], snapshot?.lifespans ?? [],
          [Float(snapshot?.identifiers(of: .longTerm).count ?? 0)],
        ]
      }
    }
    let (short, long) = (read(.shortTerm, segments: 4), read(.longTerm, segments: 4))
    for (number, pair) in zip(short.segments, long.segments).enumerated() {
      expectSameBits(
        pair.0.logits.flatMap { $0 }, pair.1.logits.flatMap { $0 }, "logits of segment \(number)")
      for row in 0..<2 {
        for (one, other) in zip(pair.0.state[row], pair.1.state[row]) { expectSameBits(one, other, "state") }
        #expect(pair.1.state[row][2] == [0])
      }
    }
    #expect(short.loss.bitPattern == long.loss.bitPattern)
    for (one, other) in zip(short.gradients, long.gradients) {
      expectSameBits(one.values ?? [], other.values ?? [], "gradient of \(one.path)")
    }
    // Given more segments the two do part.
    let (longer, longest) = (read(.shortTerm, segments: 9), read(.longTerm, segments: 9))
    #expect(longer.segments[8].logits != longest.segments[8].logits)
  }

  @Test func `the first segment touches no memory`() {
    let request = Request(examples: [5], length: 6)
    let none = Specimen.memoria(.none).read(request).segments[0].logits[0]
    for level in [MemoryLevel.working, .shortTerm, .longTerm] {
      let reading = Specimen.memoria(level).read(request)
      expectSameBits(reading.segments[0].logits[0], none, "\(level)")
      #expect(reading.segments[0].state[0][1].isEmpty)
      if level != .working { #expect(reading.segments[0].state[0][2].isEmpty) }
    }
  }

  @Test func `levels differ from the segment on in which they can`() {
    let request = Request(examples: [5], length: 9 * 6)
    func logits(_ level: MemoryLevel) -> [[Float]] {
      Specimen.memoria(level).read(request).segments.map { $0.logits[0] }
    }
    func firstDifference(_ one: [[Float]], _ other: [[Float]]) -> Int? { zip(one, other).firstDifference }
    let (none, working, short, long) = (
      logits(.none), logits(.working), logits(.shortTerm), logits(.longTerm)
    )
    #expect(firstDifference(none, working) == 1)
    // Nothing is short-term before two segments have been.
    #expect(firstDifference(working, short) == 2)
    // Two engrams a segment, four places: the oldest move on after the third segment with a memory.
    #expect((firstDifference(short, long) ?? 0) >= 4)
  }

  @Test func `lifespans are extended by what attention gives before dropout`() {
    // The paper's credit does not depend on dropout of the memory attention's own probabilities in its layer, so
    // Σ increments = α · |reminded| to rounding: read from the state after each segment.
    let request = Request(examples: [5], length: 5 * 6)
    let reading = Specimen.memoria(.shortTerm).read(request)
    for (before, after) in zip(reading.segments, reading.segments.dropFirst()).dropFirst() {
      let (old, new) = (before.state[0], after.state[0])
      guard old.count > 6, new.count > 6 else { continue }
      let lifespan = Dictionary(uniqueKeysWithValues: zip(old[6], old[3]))
      var gained = 0.0
      for (id, life) in zip(new[6], new[3]) {
        // One step older; a new engram started with 4.
        gained += Double(life) - (Double(lifespan[id] ?? 4) - 1)
      }
      // Two engrams are reminded; whoever died took its share along.
      #expect(gained <= 2 * 3 + 1e-4)
      if old[6].allSatisfy({ new[6].contains($0) }) { #expect(abs(gained - 6) < 1e-4) }
    }
  }

  @Test func `the reference behaviours run, and differ from the paper`() {
    var request = Request(examples: [5, 9], length: 7 * 6)
    request.isTraining = false
    let paper = Specimen.memoria(.longTerm).read(request).segments[6].logits
    for behaviour in [Behaviour.reference10, .reference11] {
      let found = Specimen.memoria(.longTerm, behaviour: behaviour).read(request).segments[6].logits
      #expect(found != paper && found.joined().allSatisfy(\.isFinite))
    }
  }

  @Test func `memory that is impossible is told`() {
    var configuration = Specimen.configuration(.longTerm)
    #expect(Memoria.complaints(about: configuration, vocabulary: 7, segmentLength: 6).isEmpty)
    #expect(
      Memoria.complaints(about: configuration, vocabulary: 7, segmentLength: 1).map(\.key) == [
        "memoria.engrams"
      ])
    configuration.heads = 3
    configuration.dropout = 1
    configuration.positions = 5
    #expect(
      Memoria.complaints(about: configuration, vocabulary: 7, segmentLength: 6).map(\.key) == [
        "heads", "positions", "dropout",
      ])
    configuration = Specimen.configuration(.longTerm)
    configuration.memoria = EngramConfiguration(
      behaviour: .paper, order: .text, engrams: 0, remindedShortTerm: 9, remindedLongTerm: -1,
      shortTermCapacity: 4,
      searchDepth: -2, initialLifespan: 0, lifespanGain: -1)
    #expect(
      Set(Memoria.complaints(about: configuration, vocabulary: 7, segmentLength: 6).map(\.key)) == [
        "memoria.engrams", "memoria.reminded_short_term", "memoria.reminded_long_term",
        "memoria.search_depth",
        "memoria.initial_lifespan", "memoria.lifespan_gain",
      ])
  }
}

extension Zip2Sequence where Sequence1 == [[Float]], Sequence2 == [[Float]] {
  /// The first place where the two differ.
  fileprivate var firstDifference: Int? { enumerated().first { $1.0 != $1.1 }?.offset }
}
