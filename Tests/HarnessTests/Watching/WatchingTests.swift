import Archive
import Foundation
import Records
import Testing

@testable import Harness

/// What `mneme watch` sees of a store while others write to it.
@Suite struct WatchingTests {
  private let bench: TemporaryStore

  init() throws { bench = try TemporaryStore() }

  private func claim(_ run: Digest) throws -> Claim {
    guard case .claimed(let claim) = try bench.store.run(run).claim(Provenance(arguments: [], threads: 1))
    else {
      throw PlotError.noHistory(["a new run is taken"])
    }
    return claim
  }

  private func say(_ claim: Claim, step: Int, loss: Double) throws {
    try claim.say(
      "step",
      ["step": .integer(step), "steps": .integer(90), "loss": .real(loss), "phase": .text("training")])
  }

  private func subject(seed: Int) throws -> Standing.Subject {
    let assignment = try bench.assignment(seed: seed)
    return Standing.Subject(run: assignment.run, label: assignment.label, known: nil)
  }

  @Test func `a run is followed from its first step to its result`() throws {
    let one = try subject(seed: 1)
    var reading = StoreReading(bench.store, limit: StoreReading.drawing)
    #expect(reading.look(at: [one])[0].state == .pending)
    let claim = try claim(one.run)
    try say(claim, step: 1, loss: 3)
    var standing = reading.look(at: [one])[0]
    #expect(standing.state.word == "running")
    #expect(standing.live?.step == 1 && standing.live?.steps == 90 && standing.live?.stepsPerSecond == nil)
    try say(claim, step: 7, loss: 2)
    standing = reading.look(at: [one])[0]
    #expect(standing.curve.points == [Curve.Point(step: 1, value: 3), Curve.Point(step: 7, value: 2)])
    #expect((standing.live?.stepsPerSecond ?? 0) > 0 && (standing.live?.remaining ?? 0) > 0)
    #expect((standing.live?.silence ?? 100) < 60)
    let weights = [NamedArray(name: "w", shape: [1], values: [1])]
    try claim.publish(sampleResult(of: try bench.store.run(one.run).settings(), weights), weights: weights)
    try claim.end(.done)
    for _ in 0..<2 {
      standing = reading.look(at: [one])[0]
      #expect(standing.state == .done && standing.published != nil && standing.live == nil)
    }
  }

  @Test func `a torn or damaged line hides no other`() throws {
    let one = try subject(seed: 1)
    let claim = try claim(one.run)
    try say(claim, step: 1, loss: 3)
    let path = "\(claim.path)/live.jsonl"
    func append(_ text: String) throws {
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }
    try append("{\"seconds\":9,\"event\":\"step\",\"step\":55,\"crc\":\"00000000\"}\n{\"seconds\":10,\"ev")
    var reading = StoreReading(bench.store, limit: StoreReading.drawing)
    #expect(reading.look(at: [one])[0].curve.points.map(\.step) == [1])
    try append("ent\":\"torn\"}\n")
    try say(claim, step: 2, loss: 2)
    #expect(reading.look(at: [one])[0].curve.points.map(\.step) == [1, 2])
  }

  @Test func `of a long log only the end is read at first`() throws {
    let one = try subject(seed: 1)
    let claim = try claim(one.run)
    for step in 1...200 { try say(claim, step: step, loss: 1) }
    var reading = StoreReading(bench.store, limit: 1000)
    let steps = reading.look(at: [one])[0].curve.points.map(\.step)
    #expect(steps.last == 200 && (5..<20).contains(steps.count))
    try say(claim, step: 201, loss: 1)
    #expect(reading.look(at: [one])[0].curve.points.map(\.step) == steps + [201])
  }

  @Test func `a second attempt goes on with the curve of the first`() throws {
    let one = try subject(seed: 1)
    var claim = try claim(one.run)
    for step in 1...5 { try say(claim, step: step, loss: 6 - Double(step)) }
    try claim.end(.stopped)
    claim = try self.claim(one.run)
    try say(claim, step: 4, loss: 2)
    var reading = StoreReading(bench.store, limit: StoreReading.drawing)
    let standing = reading.look(at: [one])[0]
    #expect(standing.curve.points.map(\.step) == [1, 2, 3, 4])
    #expect(standing.live?.step == 4)
  }

  @Test func `damage under a result that was seen before is seen again`() throws {
    let one = try subject(seed: 1)
    try bench.publish(one.run)
    var reading = StoreReading(bench.store, limit: StoreReading.drawing)
    #expect(reading.look(at: [one])[0].state == .done)
    let path = bench.store.run(one.run).resultPath
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 100] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(reading.look(at: [one])[0].state.word == "corrupt")
    try FileManager.default.removeItem(atPath: path)
    #expect(reading.look(at: [one])[0].state.word == "interrupted")
    try FileManager.default.removeItem(atPath: bench.store.run(one.run).path)
    #expect(reading.look(at: [one])[0].state == .pending)
  }

  @Test func `a store that is not there yet is watched until it is`() throws {
    let path = bench.store.root + "-later"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let assignment = try bench.assignment(seed: 1)
    var watching = Watching(.store, in: path)
    #expect(try watching.look().standings.isEmpty)
    let store = try Store(at: path, creating: true)
    try store.add(assignment.specification.storedSettings)
    let look = try watching.look()
    #expect(look.standings.map(\.run) == [assignment.run])
    #expect(look.standings.first?.label.contains("seed=1") == true)
  }

  @Test func `a run's curves come from its result, and before that from its log`() throws {
    let one = try subject(seed: 1)
    var watching = Watching(.run(one.run), in: bench.store.root)
    let claim = try claim(one.run)
    try say(claim, step: 1, loss: 3)
    func curves(_ look: Watching.Look) -> [Curve] {
      if case .run(let view) = look.view { view.curves } else { [] }
    }
    #expect(
      curves(try watching.look()) == [Curve(metric: "train.loss", points: [Curve.Point(step: 1, value: 3)])])
    let weights = [NamedArray(name: "w", shape: [1], values: [1])]
    try claim.publish(sampleResult(of: try bench.store.run(one.run).settings(), weights), weights: weights)
    try claim.end(.done)
    let look = try watching.look()
    #expect(
      curves(look) == [
        Curve(metric: "train.loss", points: [Curve.Point(step: 1, value: 2), Curve.Point(step: 2, value: 1)])
      ])
    #expect(look.json.hasSuffix("\n") && look.json.split(separator: "\n").count == 1)
    #expect(look.json.contains("\"curves\":[{\"metric\":\"train.loss\",\"steps\":[1,2],\"values\":[2,1]}]"))
  }
}
