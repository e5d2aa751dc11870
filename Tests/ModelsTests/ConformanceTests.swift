import Expectations
import Models
import Tensors
import Testing

/// What every model of the catalogue keeps, whatever it remembers.
@Suite struct ConformanceTests {
  @Test func `every model of the catalogue is examined`() {
    for model in modelCatalogue { #expect(Specimen.all.contains { $0.model == model.name }, "\(model.name)") }
    #expect(Set(modelCatalogue.map { $0.name }).count == modelCatalogue.count)
  }

  @Test(arguments: Specimen.all)
  func `the same settings give the same bits, everywhere`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 6 * 6 + 3)
    request.takesGradients = true
    let readings = onEveryProcessor { specimen.read(request) }
    for (name, found) in readings {
      expectSame(found, readings[0].outcome, name)
      #expect(found.loss.bitPattern == readings[0].outcome.loss.bitPattern)
      for (one, other) in zip(found.gradients, readings[0].outcome.gradients) {
        expectSameBits(one.values ?? [], other.values ?? [], "gradient of \(one.path) by \(name)")
      }
    }
  }

  @Test(arguments: Specimen.all)
  func `another seed gives other numbers`(specimen: Specimen) {
    var request = Request(examples: [5], length: 8)
    let one = specimen.read(request)
    request.seed = 4
    #expect(specimen.read(request).segments[0].logits != one.segments[0].logits)
  }

  @Test(arguments: Specimen.all)
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
        #expect(single.state[0].count == segment.state[row].count)
        for (item, pair) in zip(single.state[0], segment.state[row]).enumerated() {
          expectSameBits(pair.0, pair.1, "state \(item), \(place)")
        }
      }
    }
  }

  @Test(arguments: Specimen.all)
  func `the order of a batch does not matter`(specimen: Specimen) {
    let one = specimen.read(Request(examples: [5, 9, 2], length: 7 * 6))
    let other = specimen.read(Request(examples: [2, 5, 9], length: 7 * 6))
    for (a, b) in zip(one.segments, other.segments) {
      expectSameBits(a.logits.flatMap { $0 }, [b.logits[1], b.logits[2], b.logits[0]].flatMap { $0 })
    }
  }

  @Test(arguments: Specimen.all)
  func `a token changes nothing before it`(specimen: Specimen) {
    let request = Request(examples: [5], length: 5 * 6 + 4)
    let before = specimen.read(request)
    for position in [0, 3, 6, 11, 14, 23, 27, 30, 33] {
      var changed = request
      changed.tokens[0][position] = (changed.tokens[0][position] + 1) % 7
      let after = specimen.read(changed)
      let (segment, column) = (position / 6, position % 6)
      for number in 0..<segment {
        expectSameBits(
          after.segments[number].logits[0], before.segments[number].logits[0],
          "token \(position), segment \(number)")
      }
      let (found, expected) = (after.segments[segment].logits[0], before.segments[segment].logits[0])
      expectSameBits(Array(found.prefix(column * 7)), Array(expected.prefix(column * 7)), "token \(position)")
      #expect(Array(found.dropFirst(column * 7).prefix(7)) != Array(expected.dropFirst(column * 7).prefix(7)))
    }
  }

  @Test(arguments: Specimen.all)
  func `reach says how far back a token matters`(specimen: Specimen) {
    var request = Request(examples: [5], length: 7 * 6)
    request.isTraining = false
    request.stored = Dictionary(
      uniqueKeysWithValues: specimen.read(request).parameters.map { path, values in
        (path, path.hasSuffix("gain") ? values : values.map { $0 * specimen.amplification })
      })
    let before = specimen.read(request)
    let last = before.segments[6].logits[0]
    #expect((before.reach == 0) == !specimen.remembers)
    for segment in 0..<7 {
      var changed = request
      changed.tokens[0][segment * 6 + 2] = (changed.tokens[0][segment * 6 + 2] + 1) % 7
      let found = specimen.read(changed).segments[6].logits[0]
      let isWithin = before.reach.map { 6 - segment <= $0 } ?? true
      if isWithin {
        #expect(found != last, "segment \(segment) shows in the last")
      } else {
        expectSameBits(found, last, "segment \(segment) does not show in the last")
      }
    }
  }

  @Test(arguments: Specimen.all)
  func `segments beyond reach need not be computed`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 7 * 6)
    request.takesGradients = true
    let whole = specimen.read(request)
    guard let reach = whole.reach else { return }
    request.firstSegment = 6 - reach
    let short = specimen.read(request)
    expectSameBits(short.segments.last?.logits.flatMap { $0 } ?? [], whole.segments[6].logits.flatMap { $0 })
    #expect(short.loss.bitPattern == whole.loss.bitPattern)
    for (one, other) in zip(short.gradients, whole.gradients) {
      #expect(one.values == other.values, "\(one.path)")
    }
  }

  @Test(arguments: Specimen.all)
  func `what is carried on is constant`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 6 * 6)
    request.takesGradients = true
    #expect(specimen.read(request).traced == nil)
  }

  @Test(arguments: Specimen.all)
  func `gradients do not change what is computed`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 6 * 6)
    let without = specimen.read(request)
    request.takesGradients = true
    expectSame(specimen.read(request), without, "with gradients")
  }

  @Test(arguments: Specimen.all)
  func `every parameter gets a gradient when the task can give one`(specimen: Specimen) {
    var request = Request(examples: [5, 9, 2], length: 7 * 6)
    request.takesGradients = true
    let reading = specimen.read(request)
    #expect(reading.gradients.count == reading.parameters.count)
    for (path, values) in reading.gradients {
      let isUntrained = specimen.untrained.contains { path.hasSuffix($0) }
      #expect((values == nil) == isUntrained, "\(path)")
      if let values { #expect(values.contains { $0 != 0 } && values.allSatisfy(\.isFinite), "\(path)") }
    }
  }

  @Test(arguments: Specimen.all)
  func `dropout is on in training only, in every segment`(specimen: Specimen) {
    var request = Request(examples: [5], length: 3 * 6)
    let training = specimen.read(request)
    request.isTraining = false
    let evaluation = specimen.read(request)
    for (one, other) in zip(training.segments, evaluation.segments) { #expect(one.logits != other.logits) }
  }

  private func expectSame(_ found: Reading, _ expected: Reading, _ what: String) {
    #expect(found.segments.count == expected.segments.count)
    for (number, pair) in zip(found.segments, expected.segments).enumerated() {
      let place = "segment \(number), \(what)"
      expectSameBits(pair.0.hidden.flatMap { $0 }, pair.1.hidden.flatMap { $0 }, "hidden, \(place)")
      expectSameBits(pair.0.logits.flatMap { $0 }, pair.1.logits.flatMap { $0 }, "logits, \(place)")
      for (one, other) in zip(pair.0.state, pair.1.state) {
        for (a, b) in zip(one, other) { expectSameBits(a, b, "state, \(place)") }
      }
    }
  }
}
