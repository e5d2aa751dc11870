import Foundation
import Harness
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

  @Test func `a step is measured for every model`() throws {
    var sizes = StepSizes.quick.with(segmentLength: 12)
    (sizes.width, sizes.innerWidth, sizes.batch, sizes.segments) = (8, 16, 2, 4)
    #expect(sizes.complaint == nil)
    let benchmark = StepBenchmark(sizes, times: 1)
    #expect(
      benchmark.rows.map(\.model) == [
        "transformer", "memoria working", "memoria short-term", "memoria long-term",
      ])
    #expect(benchmark.rows.map { $0.memory == nil } == [true, true, false, false])
    for row in benchmark.rows { #expect(row.wholeStep > 0 && row.peakMemory > 1 << 20 && row.parameters > 0) }
    let json = try JSONSerialization.jsonObject(with: Data(benchmark.json.utf8)) as? [[String: Any]]
    #expect(json?.count == 4)
    #expect(benchmark.text.split(separator: "\n").count == 6)
  }

  @Test func `sizes that cannot be are told`() {
    var sizes = StepSizes.quick
    sizes.heads = 3
    #expect(sizes.complaint?.contains("does not divide") == true)
    sizes = .quick
    sizes.batch = 0
    #expect(sizes.complaint == "the batch is 0; expected 1 to 1048576.")
    #expect(StepSizes.quick.complaint == nil && StepSizes.paper.complaint == nil)
    #expect(StepSizes.quick.with(segmentLength: 3).complaint != nil)
  }
}
