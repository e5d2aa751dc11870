import Harness
import Tensors
import Testing

@Suite struct BenchmarkTests {
  @Test func `the pieces of a step are measured`() throws {
    let costs = MachineClock(threads: 1).times(of: try TinyRun.specification())
    // Four segments: the first is not timed, the last has the labels.
    #expect(costs.timedSegments == 2)
    if let peak = costs.peakBytes { #expect((1 << 20...1 << 36).contains(peak)) }
    #expect(costs.earlySegment > 0 && costs.lastSegment > 0 && costs.optimizerStep > 0)
    #expect(costs.earlySegment < 10 && costs.lastSegment < 10 && costs.optimizerStep < 10)
  }

  @Test func `a model that reads nothing before its labels is measured by its evaluation`() throws {
    let costs = MachineClock(threads: 1).times(of: try TinyRun.specification(of: .transformer))
    #expect(costs.timedSegments == 1)
    #expect(costs.earlySegment > 0 && costs.earlySegment < 10)
  }

  @Test func `scaling has a row for every model and point, and says what is flat`() throws {
    var sizes = StepSizes(.quick64)
    (sizes.width, sizes.innerWidth, sizes.layers, sizes.heads) = (8, 16, 1, 2)
    (sizes.segmentLength, sizes.memoryLength, sizes.batch, sizes.vocabulary) = (8, 8, 2, 5)
    let points = [
      ScalingBenchmark.Point(.segments, 4), .init(.segments, 8), .init(.width, 16), .init(.threads, 1),
      .init(.threads, 2),
    ]
    let benchmark = try ScalingBenchmark(
      sizes, models: ["transformer", "memoria"], points: points, times: 1, instructionSet: .portable,
      threads: 1
    ) { _ in }
    let lines = benchmark.table.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 4 + 1 + 2 * points.count)
    #expect(lines[0].contains("portable kernels on 1 thread"))
    #expect(lines[1].contains("width 8, 1 layer, 2 heads"))
    #expect(lines.contains { $0.hasPrefix("memoria") && $0.contains("segments") && $0.hasSuffix(" 1.000") })
    #expect(lines.contains { $0.hasPrefix("memoria") && $0.contains("width") && $0.hasSuffix("–") })
    // Of two segments after the first, one has nobody to be reminded of; of six also one. Without a memory all are alike.
    func work(_ model: String) -> Double? {
      let row = lines.map { $0.split(separator: " ") }.first {
        $0.starts(with: [model[...], "segments", "4"])
      }
      return row?.dropLast().last.flatMap { Double($0) }
    }
    #expect(try #require(work("memoria")) < 1)
    #expect(work("transformer") == 1)
  }
}
