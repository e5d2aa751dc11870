import Tasks
import Testing

@Suite struct Segmentations {
  @Test(arguments: [(1, 1), (1, 16), (16, 16), (17, 16), (63, 16), (255, 16), (4020, 1024), (7, .max)])
  func `segments follow each other and cover every position once`(positions: Int, segmentLength: Int) {
    let segmentation = Segmentation(positions: positions, segmentLength: segmentLength)
    let ranges = (0..<segmentation.count).map { segmentation.range(of: $0) }
    #expect(ranges.flatMap { $0 } == Array(0..<positions))
    #expect(ranges.dropLast().allSatisfy { $0.count == segmentLength })
    #expect(ranges.last?.count == segmentation.lastLength)
    #expect(1...segmentLength ~= segmentation.lastLength)
    for (number, range) in ranges.enumerated() {
      #expect(range.allSatisfy { segmentation.segment(holding: $0) == number })
    }
  }

  @Test func `a batch is cut row by row, the last segment shorter`() {
    let segments = Segmentation(positions: 5, segmentLength: 2).cut([
      Example(tokens: [0, 1, 2, 3, 4], labels: [-100, -100, -100, 3, 4]),
      Example(tokens: [5, 6, 7, 8, 9], labels: [-100, -100, -100, -100, 9]),
    ])
    #expect(segments.map(\.tokens) == [[0, 1, 5, 6], [2, 3, 7, 8], [4, 9]])
    #expect(segments.map(\.labels) == [[-100, -100, -100, -100], [-100, 3, -100, -100], [4, 9]])
    #expect(segments.map(\.number) == [0, 1, 2])
    #expect(segments.map(\.rows) == [2, 2, 2])
    #expect(segments.map(\.columns) == [2, 2, 1])
  }

  @Test func `a segment knows whether it holds labels, in any of its rows`() {
    let segments = Segmentation(positions: 4, segmentLength: 2).cut([
      Example(tokens: [0, 1, 2, 3], labels: [-100, -100, -100, -100]),
      Example(tokens: [0, 1, 2, 3], labels: [-100, -100, 7, -100]),
    ])
    #expect(segments.map(\.holdsLabels) == [false, true])
    #expect(segments.map(\.labelCount) == [0, 1])
  }

  @Test func `examples of another length stop the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = Segmentation(positions: 3, segmentLength: 2).cut([Example(tokens: [0, 1], labels: [0, 1])])
    }
  }

  @Test func `an example needs a label for every token`() async {
    await #expect(processExitsWith: .failure) { _ = Example(tokens: [0, 1], labels: [0]) }
  }
}
