import Archive
import Records
import Testing

@Suite struct `Result files` {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `give back the whole result`() throws {
    try ResultFile.write(Sample.result(), to: folder["result.h5"])
    #expect(try ResultFile.read(folder["result.h5"], run: Sample.run) == Sample.result())
  }

  @Test func `give back a result of which every part is empty`() throws {
    let settings = Settings(["seed": .integer(1)])
    let empty = RunResult(
      run: Identity.run(settings), settings: settings, derived: Settings(), yaml: "", metrics: [],
      series: [Series(name: "train", steps: [], columns: [])], items: [], counters: [], memoryLog: nil,
      weights: weightsDigest([]))
    try ResultFile.write(empty, to: folder["result.h5"])
    #expect(try ResultFile.read(folder["result.h5"], run: nil) == empty)
  }

  @Test func `give settings and final metrics without the rest`() throws {
    try ResultFile.write(Sample.result(), to: folder["result.h5"])
    let final = try ResultFile.readFinal(folder["result.h5"], run: Sample.run)
    #expect(final.metrics == Sample.result().metrics)
    #expect(final.settings == Sample.settings && final.derived == Sample.result().derived)
    #expect(final.weights == weightsDigest(Sample.parameters))
  }

  @Test func `are the same bytes for the same result`() throws {
    try ResultFile.write(Sample.result(), to: folder["a.h5"])
    try ResultFile.write(Sample.result(), to: folder["b.h5"])
    #expect(try bytes(folder["a.h5"]) == bytes(folder["b.h5"]))
    #expect(Sample.result().digest == Sample.result().digest)
    #expect(Sample.result().digest != Sample.result(accuracy: 0.56).digest)
  }

  @Test func `must be named by the hash of their settings`() throws {
    let sample = Sample.result()
    let other = RunResult(
      run: Digest.sha256([1]), settings: sample.settings, derived: sample.derived, yaml: sample.yaml,
      metrics: sample.metrics, series: sample.series, items: sample.items, counters: sample.counters,
      memoryLog: sample.memoryLog, weights: sample.weights)
    let error = #expect(throws: ArchiveError.self) { try ResultFile.write(other, to: folder["a.h5"]) }
    #expect(error?.description.contains("is not the hash of these settings") == true)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [[0, 1], [1, 2, 2, 5], [0, 3, 2, 5], [0, 2, 2, 4]])
  func `refuse lists whose offsets do not fit`(offsets: [Int]) throws {
    let sample = Sample.result()
    let log = MemoryLog(
      split: "test", count: 3, columns: [],
      lists: [MemoryLog.List(name: "died", offsets: offsets, values: .uint32([1, 2, 3, 4, 5]))])
    let result = RunResult(
      run: sample.run, settings: sample.settings, derived: sample.derived, yaml: sample.yaml,
      metrics: sample.metrics, series: sample.series, items: sample.items, counters: sample.counters,
      memoryLog: log, weights: sample.weights)
    let error = #expect(throws: ArchiveError.self) { try ResultFile.write(result, to: folder["a.h5"]) }
    #expect(error?.description.contains("/memory_log/test/died cannot be written") == true)
  }

  @Test func `name what is missing in them`() throws {
    let root = Group(attributes: [
      Attribute("format", .text("mneme-result")), Attribute("format_version", .unsigned32(1)),
      Attribute("run", .text(Sample.run.hex)),
    ])
    try publish(root, kind: .result, run: Sample.run, at: folder["a.h5"])
    let error = #expect(throws: ArchiveError.self) { try ResultFile.read(folder["a.h5"], run: nil) }
    #expect(
      error?.description.hasSuffix("a.h5: final is missing; expected a group.") == true,
      "\(String(describing: error))")
  }

  @Test func `of a newer format are refused`() throws {
    let root = Group(attributes: [
      Attribute("format", .text("mneme-result")), Attribute("format_version", .unsigned32(2)),
      Attribute("run", .text(Sample.run.hex)),
    ])
    try publish(root, kind: .result, run: Sample.run, at: folder["a.h5"])
    let error = #expect(throws: ArchiveError.self) { try ResultFile.readFinal(folder["a.h5"], run: nil) }
    #expect(error?.description.contains("written by a newer program") == true)
  }
}
