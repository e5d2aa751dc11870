import Tasks
import Testing

@Suite struct Metrics {
  @Test func `the largest score is predicted, the first of equals`() {
    #expect(predictions(from: [0, 1, 0.5, 2, 2, 1, -3, -3, -1], classes: 3) == [1, 0, 2])
    #expect(predictions(from: [-.infinity, -.infinity], classes: 2) == [0])
    #expect(predictions(from: [], classes: 2) == [])
  }

  @Test func `only labelled positions count, example by example`() {
    let segment = Segmentation(positions: 3, segmentLength: 3).cut([
      Example(tokens: [0, 0, 0], labels: [-100, 1, 2]),
      Example(tokens: [0, 0, 0], labels: [-100, -100, 2]),
      Example(tokens: [0, 0, 0], labels: [-100, -100, -100]),
    ])[0]
    let tallies = segment.tallies(of: [-100, 1, 0, 5, 5, 2, -100, -100, -100])
    #expect(tallies == [Tally(right: 1, labels: 2), Tally(right: 1, labels: 1), Tally()])
  }

  @Test func `accuracy is a micro average: labels weigh the same, whatever example they are in`() {
    var total = Tally()
    #expect(total.accuracy == nil)
    total += Tally(right: 1, labels: 1)
    total += Tally(right: 0, labels: 3)
    #expect(total.accuracy == 0.25)
  }

  @Test func `broken rows stop the program`() async {
    await #expect(processExitsWith: .failure) { _ = predictions(from: [1, 2, 3], classes: 2) }
    await #expect(processExitsWith: .failure) { _ = Tally(right: 2, labels: 1) }
  }
}
