import Records
import Testing

@testable import Harness

@Suite struct StepMeasurementTests {
  private static func sizes() -> StepSizes {
    var sizes = StepSizes(.quick64)
    (sizes.width, sizes.innerWidth, sizes.layers, sizes.heads) = (8, 24, 2, 2)
    (sizes.segmentLength, sizes.memoryLength, sizes.segments) = (16, 16, 4)
    (sizes.batch, sizes.vocabulary) = (3, 5)
    return sizes
  }

  private func measured(_ model: String, _ omission: Omission, times: Int = 1) throws -> StepMeasurement {
    StepMeasurement(
      of: try Self.sizes().specification(of: model), times: times, omission: omission, module: true)
  }

  @Test func `useful operations of a transformer are those of its shapes`() throws {
    let found = try measured("transformer", .nothing)
    let (tokens, D, F, L) = (3.0 * 16, 8.0, 24.0, 16.0)
    // Queries, keys and values, output, both maps of the feed-forward; scores and contexts of pairs that are seen.
    let maps = 2 * tokens * (3 * D * D + D * D + 2 * D * F)
    let attention = 2 * 3 * (2 * D * L * (L + 1) / 2)
    let forward = 2 * (maps + attention)
    // Four labels in each of three documents, scored against five symbols.
    let logits = 2.0 * (3 * 4) * D * 5
    #expect(found[StepMeasurement.first]?.operations == forward)
    #expect(found[StepMeasurement.middle]?.operations == forward)
    // Backward, every product has two gradients.
    #expect(found[StepMeasurement.last]?.operations == 3 * (forward + logits))
    #expect(found[StepMeasurement.step]?.operations == 3 * forward + 3 * (forward + logits))
    #expect(found[StepMeasurement.optimizer]?.operations == nil)
  }

  @Test func `what a run leaves out is not counted`() throws {
    let (all, run) = (try measured("transformer", .nothing), try measured("transformer", .everythingNeedless))
    #expect(run[StepMeasurement.first] == nil && run[StepMeasurement.middle] == nil)
    let (needed, everything) = (run[StepMeasurement.step]?.operations, all[StepMeasurement.step]?.operations)
    #expect(try #require(needed) < #require(everything))
  }

  @Test(arguments: StepSizes.models) func `every model is measured`(model: String) throws {
    let found = try measured(model, .nothing, times: 2)
    let names = [
      StepMeasurement.first, StepMeasurement.middle, StepMeasurement.last, StepMeasurement.optimizer,
      StepMeasurement.step,
    ]
    #expect(found.pieces.prefix(5).map(\.name) == names)
    for piece in found.pieces { #expect(piece.seconds > 0 && piece.seconds < 10, "\(piece.name)") }
    #expect(found.peakBytes > 1 << 20 && found.parameters > 0 && found.bestRate > 1e6)
    for piece in found.pieces where piece.operations != nil {
      #expect(try #require(found.bound(of: piece)) > 0)
    }
  }

  @Test func `Memoria's memory is measured by itself, as it fills`() throws {
    let found = try measured("memoria", .nothing)
    let memory = found.pieces.dropFirst(5)
    #expect(
      memory.map(\.name) == [
        "memory module", "memory, segment 2", "memory, segment 3", "memory, segment 4",
      ])
    // Two engrams a segment.
    #expect(memory.map(\.engrams) == [nil, 2, 4, 6])
    #expect(try #require(found.associationBytes) > 0)
    #expect(try measured("transformer", .nothing).associationBytes == nil)
  }

  @Test func `the middle of several processes is taken piece by piece`() throws {
    func measurement(_ seconds: Double, _ bytes: Int) -> StepMeasurement {
      var found = one
      found.pieces[0].seconds = seconds
      found.peakBytes = bytes
      return found
    }
    let one = try measured("transformer", .nothing)
    let found = StepMeasurement(medianOf: [measurement(3, 10), measurement(1, 30), measurement(2, 20)])
    #expect(found.pieces[0].seconds == 2 && found.peakBytes == 20)
    #expect(found.pieces[0].operations == one.pieces[0].operations)
  }

  @Test func `a run is told to a process as digits`() throws {
    let run = try Self.sizes().specification(of: "memoria")
    #expect(try StepBenchmark.specification(hex: StepBenchmark.hex(run.canonicalBytes)) == run)
    #expect(throws: BenchmarkError.self) { try StepBenchmark.specification(hex: "a0x") }
  }
}
