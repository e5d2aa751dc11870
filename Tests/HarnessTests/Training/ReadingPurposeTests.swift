import Harness
import Tasks
import Testing

@Suite struct ReadingPurposeTests {
  /// Two sequences of segments of four, with labels at these positions of the first and of the second.
  private func segments(_ positions: Int, labels first: [Int], _ second: [Int]) -> [Segment] {
    let examples = [first, second].map { labelled in
      Example(
        tokens: [Int32](repeating: 1, count: positions),
        labels: (0..<positions).map { labelled.contains($0) ? 2 : Example.noLabel })
    }
    return Segmentation(positions: positions, segmentLength: 4).cut(examples)
  }

  private func plan(_ segments: [Segment], reach: Int?, isLogged: Bool = false) -> [ReadingPurpose] {
    ReadingPurpose.plan(segments, reach: reach, isLogged: isLogged, omission: .everythingNeedless)
  }

  @Test func `what comes before the labels is read as far as it reaches, and what comes after is not`() {
    let segments = segments(18, labels: [13], [14])
    #expect(plan(segments, reach: nil) == [.memory, .memory, .memory, .labels(1..<3), .nothing])
    #expect(plan(segments, reach: 1) == [.nothing, .nothing, .memory, .labels(1..<3), .nothing])
    #expect(plan(segments, reach: 0) == [.nothing, .nothing, .nothing, .labels(1..<3), .nothing])
  }

  @Test func `labels that are read on from need the whole segment`() {
    let segments = segments(18, labels: [3, 16, 17], [3, 16, 17])
    #expect(plan(segments, reach: nil) == [.everything, .memory, .memory, .memory, .labels(0..<2)])
    #expect(plan(segments, reach: 2) == [.labels(3..<4), .nothing, .memory, .memory, .labels(0..<2)])
    #expect(plan(segments, reach: 4)[0] == .everything && plan(segments, reach: 3)[0] == .labels(3..<4))
  }

  @Test func `a log tells of all segments`() {
    let plan = plan(segments(18, labels: [13], [14]), reach: nil, isLogged: true)
    #expect(plan == [.memory, .memory, .memory, .everything, .memory])
    #expect(
      self.plan(segments(15, labels: [13], [14]), reach: nil, isLogged: true).last == .labels(1..<3))
  }

  @Test func `without labels nothing is read`() {
    #expect(plan(segments(9, labels: [], []), reach: nil) == [.nothing, .nothing, .nothing])
  }

  @Test func `where nothing is left out, everything is read`() {
    let segments = segments(18, labels: [13], [14])
    #expect(
      ReadingPurpose.plan(segments, reach: 0, isLogged: false, omission: .nothing)
        == segments.map { _ in .everything })
  }

  @Test func `labels are found among the positions that are computed`() {
    let segment = segments(8, labels: [5, 6], [7])[1]
    #expect(segment.labelledPositions == 1..<4)
    let labelled = segment.labelled(among: 1..<4)
    #expect(labelled.rows == [0, 1, 5] && labelled.sequences == [0, 0, 1] && labelled.labels == [2, 2, 2])
    #expect(segment.labelled(among: 0..<4).rows == [1, 2, 7])
  }
}
