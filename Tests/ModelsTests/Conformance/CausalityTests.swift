import Expectations
import Models
import Testing

/// What a token may change: nothing before it, and nothing further behind it than the model reaches.
extension ConformanceTests {
  @Test(arguments: Specimen.all)
  func `a token changes nothing before it`(specimen: Specimen) {
    let request = Request(examples: [5], length: 5 * 6 + 4)
    let before = specimen.read(request)
    for position in request.tokens[0].indices {
      let (segment, column) = (position / 6, position % 6)
      let after = specimen.read(request.changed(at: position))
      for number in 0..<segment {
        let (found, expected) = (after.segments[number], before.segments[number])
        let place = "token \(position), segment \(number)"
        expectSameBits(found.hidden[0], expected.hidden[0], "hidden, \(place)")
        expectSameBits(found.logits[0], expected.logits[0], "logits, \(place)")
        expectSameState(found.state[0], expected.state[0], place)
      }
      let (found, expected) = (after.segments[segment].logits[0], before.segments[segment].logits[0])
      expectSameBits(Array(found.prefix(column * 7)), Array(expected.prefix(column * 7)), "token \(position)")
      #expect(Array(found.dropFirst(column * 7).prefix(7)) != Array(expected.dropFirst(column * 7).prefix(7)))
    }
  }

  @Test(arguments: Specimen.all.filter { !$0.reach.isInTokens })
  func `reach says how many segments back a token matters`(specimen: Specimen) {
    let request = specimen.request(length: 7 * 6, weights: specimen.amplification)
    let before = specimen.read(request)
    let last = before.segments[6].logits[0]
    #expect((before.reach == 0) == !specimen.remembers)
    for segment in 0..<7 {
      let found = specimen.read(request.changed(at: segment * 6 + 2)).segments[6].logits[0]
      if let reach = before.reach, 6 - segment > reach {
        expectSameBits(found, last, "segment \(segment) does not show in the last")
      } else {
        #expect(found != last, "segment \(segment) shows in the last")
      }
    }
  }

  @Test(arguments: Specimen.all.filter { $0.reach.isInTokens })
  func `reach says how many tokens back a token matters`(specimen: Specimen) throws {
    guard case .tokens(let reach) = specimen.reach else { return }
    #expect(specimen.remembers == (reach >= 6))
    var isAttained = false
    for weights: Float in [1, 5, specimen.amplification] {
      let length = (reach / 6 + 3) * 6
      let request = specimen.request(length: length, weights: weights)
      let before = specimen.read(request).outputs
      for position in 0..<12 {
        let found = specimen.read(request.changed(at: position)).outputs
        if found[position + reach] != before[position + reach] { isAttained = true }
        for later in position + reach + 1..<max(length, position + reach + 1) {
          expectSameBits(found[later], before[later], "token \(position) does not show at \(later)")
        }
      }
    }
    #expect(isAttained, "no token shows \(reach) tokens behind itself")
  }

  @Test(arguments: Specimen.all)
  func `segments beyond reach need not be computed`(specimen: Specimen) {
    guard let reach = specimen.reach.segments(ofLength: 6) else { return }
    var request = Request(examples: [5, 9], length: (reach + 4) * 6)
    request.takesGradients = true
    let whole = specimen.read(request)
    request.firstSegment = 3
    let short = specimen.read(request)
    expectSameBits(
      short.segments.last?.logits.flatMap { $0 } ?? [], whole.segments[reach + 3].logits.flatMap { $0 })
    #expect(short.loss.bitPattern == whole.loss.bitPattern)
    for (one, other) in zip(short.gradients, whole.gradients) {
      expectSameBits(one.values ?? [], other.values ?? [], one.path)
    }
  }
}

extension Request {
  /// The same with another token of the first sequence.
  fileprivate func changed(at position: Int) -> Request {
    var changed = self
    changed.tokens[0][position] = (changed.tokens[0][position] + 1) % 7
    return changed
  }
}

extension Specimen {
  /// One sequence, read without dropout and with weights so many times as large as initial ones: with those what is six
  /// segments old is lost in rounding.
  fileprivate func request(length: Int, weights: Float) -> Request {
    var request = Request(examples: [5], length: length)
    request.isTraining = false
    request.stored = Dictionary(
      uniqueKeysWithValues: read(Request(examples: [5], length: 6)).parameters.map { path, values in
        (path, path.hasSuffix("gain") ? values : values.map { $0 * weights })
      })
    return request
  }
}

extension Reading {
  /// The scores of the first sequence behind every token.
  fileprivate var outputs: [[Float]] {
    segments.flatMap { segment in
      stride(from: 0, to: segment.logits[0].count, by: 7).map { Array(segment.logits[0][$0..<$0 + 7]) }
    }
  }
}

extension Reach {
  fileprivate var isInTokens: Bool { if case .tokens = self { true } else { false } }
}
