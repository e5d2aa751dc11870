import Expectations
import Models
import Testing

/// Sequences of a batch know nothing of each other, dropout and all.
extension ConformanceTests {
  @Test(arguments: Specimen.all.filter { $0.keeps(.independentSequences) })
  func `a batch of two is two batches of one`(specimen: Specimen) {
    let both = Request(examples: [5, 9], length: 8 * 6 + 3)
    let together = specimen.read(both)
    for (row, example) in both.examples.enumerated() {
      let alone = specimen.read(Request(examples: [example], length: 8 * 6 + 3))
      for (number, segment) in together.segments.enumerated() {
        let single = alone.segments[number]
        let place = "segment \(number), example \(example)"
        expectSameBits(single.hidden[0], segment.hidden[row], "hidden, \(place)")
        expectSameBits(single.logits[0], segment.logits[row], "logits, \(place)")
        expectSameBits(single.losses[0], segment.losses[row], "losses, \(place)")
        expectSameState(single.state[0], segment.state[row], place)
      }
    }
  }

  @Test(arguments: Specimen.all.filter { $0.keeps(.independentSequences) })
  func `the order of a batch does not matter`(specimen: Specimen) {
    let one = specimen.read(Request(examples: [5, 9, 2], length: 7 * 6))
    let other = specimen.read(Request(examples: [2, 5, 9], length: 7 * 6))
    for (a, b) in zip(one.segments, other.segments) {
      expectSameBits(a.logits.flatMap { $0 }, [b.logits[1], b.logits[2], b.logits[0]].flatMap { $0 })
    }
  }

  @Test(arguments: Specimen.all.filter { $0.keeps(.independentSequences) }, [false, true])
  func `a batch of two is two batches of one where only what is needed is computed`(
    specimen: Specimen, isTraining: Bool
  ) {
    var request = Request(examples: [5, 9], length: 4 * 6 + 4)
    (request.onlyRemembers, request.finishes, request.positions) = (true, true, 1..<3)
    (request.keepsLog, request.isTraining) = (false, isTraining)
    let together = specimen.read(request)
    for (row, example) in [5, 9].enumerated() {
      var single = request
      (single.examples, single.tokens) = ([example], [request.tokens[row]])
      let alone = specimen.read(single)
      for number in 0..<4 {
        expectSameState(alone.segments[number].state[0], together.segments[number].state[row], "\(number)")
      }
      expectSameBits(alone.segments[4].hidden[0], together.segments[4].hidden[row], "example \(example)")
    }
  }

  /// Of the catalogue's models all can be, unless their sequences look at each other.
  @Test(arguments: Specimen.all)
  func `memories of batches that were read apart are joined`(specimen: Specimen) throws {
    let examples = [5, 9, 2]
    for segments in [1, 2, 7] {
      func request(_ examples: ArraySlice<Int>) -> Request {
        Request(examples: Array(examples), length: segments * 6)
      }
      let joined = specimen.joined([request(examples[..<2]), request(examples[2...])])
      guard specimen.keeps(.independentSequences), specimen.model != "running-mean" else {
        #expect(joined == nil)
        continue
      }
      let states = try #require(joined)
      let together = try #require(specimen.joined([request(examples[...])]))
      for row in examples.indices { expectSameState(states[row], together[row], "row \(row)") }
      guard let last = specimen.read(request(examples[...])).segments.last else { continue }
      for row in examples.indices { expectSameState(states[row], last.state[row], "row \(row), read") }
    }
  }

  @Test(arguments: Specimen.all)
  func `a model says whether it mixes sequences`(specimen: Specimen) {
    #expect(specimen.mixesSequences == !specimen.keeps(.independentSequences))
  }

  /// An exemption that nothing needs would hide a promise that could be kept.
  @Test(arguments: Specimen.all.filter { !$0.keeps(.independentSequences) })
  func `who is exempt does mix sequences`(specimen: Specimen) {
    let length = 12 * 6
    let examples = [5, 9, 2, 11]
    let together = specimen.read(Request(examples: examples, length: length))
    let isMixed = examples.indices.contains { row in
      let alone = specimen.read(Request(examples: [examples[row]], length: length))
      return zip(alone.segments, together.segments).contains { single, segment in
        single.logits[0] != segment.logits[row] || single.state[0] != segment.state[row]
      }
    }
    #expect(isMixed, "its exemption (\(specimen.exemptions)) can go")
  }
}
