import Expectations
import Models
import Testing

/// What is carried from segment to segment: constants, never too many, and all that matters.
extension ConformanceTests {
  @Test(arguments: Specimen.all)
  func `what is carried on is constant`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 6 * 6)
    request.takesGradients = true
    #expect(specimen.read(request).traced == nil)
  }

  @Test(arguments: Specimen.all)
  func `what is carried on does not grow over a thousand segments`(specimen: Specimen) {
    var request = Request(examples: [5, 9], length: 1000 * 6)
    request.isTraining = false
    let carried = specimen.carried(request)
    #expect(carried.count == 1000)
    #expect((carried[999].all > 0) == specimen.remembers)
    func most(_ range: Range<Int>, _ part: KeyPath<Carried, Int>) -> Int {
      carried[range].reduce(0) { max($0, $1[keyPath: part]) }
    }
    // Engrams come and die, so their number swings; what grew by the segment would be twice as much.
    for part in [\Carried.state, \Carried.all] {
      let (early, late) = (most(0..<500, part), most(500..<1000, part))
      #expect(
        late <= early + early / 4,
        "\(early) numbers in five hundred segments, \(late) in the five hundred after")
    }
  }

  @Test(arguments: Specimen.all, [1, 3, 5])
  func `a model that was stored goes on with its memory as if never stopped`(specimen: Specimen, segment: Int)
  {
    var request = Request(examples: [5, 9], length: 6 * 6 + 2)
    request.takesGradients = true
    let whole = specimen.read(request)
    request.resumesAt = segment
    let resumed = specimen.read(request)
    expectSame(resumed, whole, "stored before segment \(segment)")
    #expect(resumed.loss.bitPattern == whole.loss.bitPattern)
    for (one, other) in zip(resumed.gradients, whole.gradients) {
      expectSameBits(one.values ?? [], other.values ?? [], "gradient of \(one.path)")
    }
  }
}
