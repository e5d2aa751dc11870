import Expectations
import Models
import Testing

/// What a model leaves out where only its memory, or only some positions, are wanted, would have changed nothing.
extension ConformanceTests {
  @Test(arguments: Specimen.all, [false, true])
  func `a segment read for its memory alone leaves what a whole one leaves`(
    specimen: Specimen, isTraining: Bool
  ) {
    var request = Request(examples: [5, 9], length: 7 * 6)
    request.isTraining = isTraining
    let whole = specimen.read(request)
    request.onlyRemembers = true
    let lean = specimen.read(request)
    #expect(lean.segments.dropLast().allSatisfy { $0.hidden.isEmpty } && lean.traced == nil)
    for (number, segment) in whole.segments.enumerated() {
      for (one, other) in zip(lean.segments[number].state, segment.state) {
        expectSameState(one, other, "segment \(number)")
      }
    }
    expectSameBits(lean.segments[6].hidden.flatMap { $0 }, whole.segments[6].hidden.flatMap { $0 })
    #expect((lean.log == whole.log) as Bool)
  }

  /// In the first segment, which finds no memory, in the second, and later in one that is shorter than others.
  @Test(arguments: Specimen.all, [6, 2 * 6, 5 * 6 + 4])
  func `some positions are those of all`(specimen: Specimen, length: Int) {
    let last = (length - 1) % 6 + 1
    for positions in [0..<1, 2..<4, last - 1..<last, 0..<last] {
      for isTraining in [false, true] {
        var request = Request(examples: [5, 9, 2], length: length)
        (request.positions, request.isTraining, request.keepsLog) = (positions, isTraining, false)
        let place = "positions \(positions) of segment \(request.segments - 1)"
        let whole = specimen.read(request)
        request.finishes = true
        let lean = specimen.read(request)
        for (row, hidden) in (whole.segments.last?.hidden ?? []).enumerated() {
          #expect(hidden.count == positions.count * 8)
          expectSameBits(lean.segments.last?.hidden[row] ?? [], hidden, "\(place), row \(row)")
        }
        request.takesGradients = true
        expectSameBits(
          specimen.read(request).segments.last?.hidden[1] ?? [], lean.segments.last?.hidden[1] ?? [])
      }
    }
  }

  @Test(arguments: Specimen.all, [false, true])
  func `gradients of some positions are those among all`(specimen: Specimen, isTraining: Bool) {
    for (length, positions) in [(6, 1..<3), (5 * 6, 0..<2), (5 * 6 + 4, 2..<4), (5 * 6, 0..<6)] {
      var request = Request(examples: [5, 9, 2], length: length)
      (request.positions, request.isTraining, request.keepsLog) = (positions, isTraining, false)
      request.takesGradients = true
      let whole = specimen.read(request)
      request.finishes = true
      let lean = specimen.read(request)
      #expect(lean.loss.bitPattern == whole.loss.bitPattern)
      for (one, other) in zip(lean.gradients, whole.gradients) {
        #expect((one.values == nil) == (other.values == nil), "\(one.path)")
        guard let found = one.values, let expected = other.values else { continue }
        let largest = expected.reduce(0) { max($0, abs($1)) }
        let isNear = zip(found, expected).allSatisfy { found, expected in
          // What is zero among all is no rounding error here.
          expected == 0 ? found == 0 : abs(found - expected) <= 1e-5 * largest
        }
        #expect(isNear, "\(one.path), positions \(positions) of \(length) tokens")
      }
    }
  }

  /// A log tells of the last segment too, whatever of it is asked for.
  @Test(arguments: Specimen.all)
  func `a log is complete where only some positions are asked for`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 7 * 6)
    (request.isTraining, request.positions) = (false, 4..<6)
    let whole = specimen.read(request)
    request.finishes = true
    let lean = specimen.read(request)
    #expect((lean.log == whole.log) as Bool)
    expectSameBits(lean.segments[6].hidden.flatMap { $0 }, whole.segments[6].hidden.flatMap { $0 })
  }
}
