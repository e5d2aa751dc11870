import Expectations
import Models
import Tensors
import Testing

/// What every model of the catalogue keeps, whatever it remembers: one suite in several files, and here what it examines
/// and that bits are a function of settings.
@Suite struct ConformanceTests {
  @Test func `every model of the catalogue is examined`() {
    for model in modelCatalogue { #expect(Specimen.all.contains { $0.model == model.name }, "\(model.name)") }
    #expect(Set(modelCatalogue.map { $0.name }).count == modelCatalogue.count)
    let names = Specimen.all.map(\.testDescription)
    #expect(Set(names).count == names.count)
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
  func `gradients do not change what is computed`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 6 * 6)
    let without = specimen.read(request)
    request.takesGradients = true
    expectSame(specimen.read(request), without, "with gradients")
  }

  @Test(arguments: Specimen.all)
  func `dropout is on in training only, in every segment`(specimen: Specimen) {
    var request = Request(examples: [5], length: 3 * 6)
    let training = specimen.read(request)
    request.isTraining = false
    let evaluation = specimen.read(request)
    for (one, other) in zip(training.segments, evaluation.segments) { #expect(one.logits != other.logits) }
  }

  func expectSame(_ found: Reading, _ expected: Reading, _ what: String) {
    #expect(found.segments.count == expected.segments.count)
    for (number, pair) in zip(found.segments, expected.segments).enumerated() {
      let place = "segment \(number), \(what)"
      expectSameBits(pair.0.hidden.flatMap { $0 }, pair.1.hidden.flatMap { $0 }, "hidden, \(place)")
      expectSameBits(pair.0.logits.flatMap { $0 }, pair.1.logits.flatMap { $0 }, "logits, \(place)")
      for (one, other) in zip(pair.0.state, pair.1.state) { expectSameState(one, other, place) }
    }
  }

  /// What one row carries on, item by item.
  func expectSameState(_ found: [[Float]], _ expected: [[Float]], _ place: String) {
    #expect(found.count == expected.count, "state, \(place)")
    for (item, pair) in zip(found, expected).enumerated() {
      expectSameBits(pair.0, pair.1, "state \(item), \(place)")
    }
  }
}
