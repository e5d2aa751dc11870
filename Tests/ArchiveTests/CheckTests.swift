import Archive
import Foundation
import Glibc
import Records
import Testing

/// Every kind of stored file, spoilt in every way: `Store.check` must tell, and touch nothing.
@Suite struct Checks {
  let folder: TemporaryFolder
  let store: Store
  /// Two finished runs, one that was left, one that failed.
  let done: RunDirectory
  let other: RunDirectory
  let left: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder["store"], creating: true)
    (done, other) = (try Self.finish(1, in: store), try Self.finish(2, in: store))
    left = try store.add(Settings(["seed": .integer(3)]))
    let claim = try #require(try claimed(left))
    try claim.say("step", ["step": .integer(1)])
    try claim.say("step", ["step": .integer(2)])
    try claim.save(Sample.checkpoint(step: 100, run: left.id))
    try claim.end(.stopped, message: "asked to leave")
    try store.put(Array("content".utf8), as: StoredObject(kind: "manifest", id: Sample.run))
    var index = ResultIndex(of: store)
    for run in [done, other] { _ = try index.final(of: run) }
    index.save()
  }

  private static func finish(_ seed: Int, in store: Store) throws -> RunDirectory {
    let settings = Settings(["seed": .integer(seed)])
    let run = try store.add(settings)
    let claim = try #require(try claimed(run))
    let parameters = [NamedArray(name: "w", shape: [2], values: [Float(seed), 2])]
    try claim.publish(
      RunResult(
        run: run.id, settings: settings, derived: Settings(), yaml: "seed: \(seed)\n",
        metrics: [FinalMetric(name: "test.loss", value: 1, unit: "nat", better: "lower", split: "test")],
        series: Sample.series, items: [], counters: [], memoryLog: nil, weights: weightsDigest(parameters)),
      weights: parameters)
    try claim.end(.done)
    return run
  }

  private var files: [String: String] {
    [
      "result": done.resultPath, "weights": done.weightsPath, "spec": done.path + "/spec",
      "attempt": done.path + "/attempts/0001/attempt.json", "end": done.path + "/attempts/0001/end.json",
      "live": left.path + "/attempts/0001/live.jsonl",
      "checkpoint": left.path + "/attempts/0001/checkpoint-00000100.h5",
      "object": "\(store.root)/objects/\(Sample.run.hex.prefix(2))/\(Sample.run.hex).manifest",
      "index": "\(store.root)/index/results",
    ]
  }

  /// Paths and bytes of everything there is.
  private func everything() throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      found[name] = (try? bytes(folder[name])) ?? []
    }
    return found
  }

  @Test func `a store as it should be has nothing to tell, and is not touched`() throws {
    let before = try everything()
    #expect(try store.check(deep: true).isEmpty)
    #expect(try store.check(deep: false).isEmpty)
    #expect(try everything() == before)
  }

  /// JSON records carry no digest; what a flip can do to them unseen is told by no check.
  @Test(arguments: ["result", "weights", "spec", "checkpoint", "object", "index", "live"])
  func `a flipped bit anywhere is found, told of that file alone, and left as it is`(kind: String) throws {
    let path = try #require(files[kind])
    let whole = try bytes(path)
    // The last line of a log that is cut off is what a kill leaves, and no damage.
    let end = kind == "live" ? (whole.firstIndex(of: UInt8(ascii: "\n")) ?? 0) : whole.count
    for place in stride(from: 0, to: end, by: max(1, end / 25)) {
      var flipped = whole
      flipped[place] ^= 1 << UInt8(place % 8)
      try put(flipped, at: path)
      let findings = try store.check(deep: true)
      #expect(!findings.isEmpty, "\(kind), byte \(place)")
      #expect(findings.allSatisfy { $0.path == path }, "\(kind), byte \(place): \(findings)")
      #expect(findings.allSatisfy { $0.kind == (kind == "index" ? .leftover : .damage) })
      #expect(try bytes(path) == flipped)
    }
  }

  @Test func `an object of a good name and other bytes is damaged, and never somebody else's file`() throws {
    let path = try #require(files["object"])
    let whole = try bytes(path)
    for place in whole.indices {
      var flipped = whole
      flipped[place] ^= 1
      try put(flipped, at: path)
      let sentence = try store.check(deep: false).first?.sentence ?? ""
      #expect(sentence.hasPrefix("\(path) is damaged: "), "byte \(place): \(sentence)")
    }
  }

  @Test(arguments: ["result", "weights", "spec", "checkpoint", "object", "index", "attempt", "end"])
  func `a file that is cut short or empty is found`(kind: String) throws {
    let path = try #require(files[kind])
    let whole = try bytes(path)
    for count in [0, 1, whole.count / 2, whole.count - 3] {
      try put(Array(whole[..<count]), at: path)
      #expect(try store.check(deep: true).map(\.path) == [path], "\(kind) of \(count) bytes")
    }
  }

  @Test(arguments: ["result", "weights", "spec", "attempt"])
  func `a file that is gone is found`(kind: String) throws {
    let path = try #require(files[kind])
    try FileManager.default.removeItem(atPath: path)
    let findings = try store.check(deep: true)
    #expect(findings.count == 1)
    #expect(findings.first.map { path.hasPrefix($0.path) } == true)
    #expect(findings.first?.kind == .damage && findings.first?.run == done.id)
  }

  @Test(arguments: ["/result.h5", "/weights.h5", "/spec", "/attempts/0001/checkpoint-00000100.h5"])
  func `files of two runs that changed places are both found`(name: String) throws {
    let two = name.contains("checkpoint") ? (left, try Self.finish(4, in: store)) : (done, other)
    if name.contains("checkpoint") {
      try put(
        try bytes(left.path + name), at: two.1.path + name)
      let findings = try store.check(deep: true)
      #expect(findings.map(\.path) == [two.1.path + name] && findings.map(\.kind) == [.damage])
      return
    }
    let (one, another) = (try bytes(two.0.path + name), try bytes(two.1.path + name))
    try put(another, at: two.0.path + name)
    try put(one, at: two.1.path + name)
    for deep in [true, false] {
      let paths = Set(try store.check(deep: deep).map(\.path))
      #expect(paths.isSuperset(of: [two.0.path + name, two.1.path + name]))
    }
  }

  @Test func `records of another run or attempt are found where they name it`() throws {
    let settings = Settings(["seed": .integer(9)])
    let run = try store.add(settings)
    guard
      case .claimed(let claim) = try run.claim(
        Provenance(arguments: ["mneme", "worker", "--run", String(run.id.hex.prefix(20))], threads: 1))
    else {
      Issue.record("nobody else has it")
      return
    }
    try claim.end(.stopped)
    #expect(try store.check(deep: true).isEmpty)
    try put(try bytes(claim.path + "/attempt.json"), at: left.path + "/attempts/0001/attempt.json")
    let moved = try store.check(deep: false)
    #expect(moved.map(\.path) == [left.path + "/attempts/0001/attempt.json"])
    #expect(moved.first?.sentence.contains("an attempt at run \(run.id.hex.prefix(12))") == true)

    try put(try bytes(other.path + "/attempts/0001/end.json"), at: done.path + "/attempts/0001/end.json")
    let end = try store.check(deep: true).filter { $0.run == done.id }
    #expect(end.map(\.path) == [done.path + "/attempts/0001/end.json"])
  }

  @Test func `an intact file of one kind under the name of another is found`() throws {
    try put(try bytes(done.weightsPath), at: done.resultPath)
    try put(try bytes(files["checkpoint"] ?? ""), at: left.path + "/attempts/0001/checkpoint-00000200.h5")
    let findings = try store.check(deep: true)
    let paths = Set(findings.map(\.path))
    #expect(paths == [done.resultPath, left.path + "/attempts/0001/checkpoint-00000200.h5"])
    #expect(findings.contains { $0.sentence.contains("is another file: a weights file, not a result file") })
    #expect(findings.contains { $0.sentence.contains("attribute step is 100") })
  }

  @Test func `weights other than those the result names are found`() throws {
    try FileManager.default.removeItem(atPath: done.weightsPath)
    _ = try WeightsFile.write(
      [NamedArray(name: "w", shape: [2], values: [1, 3])], run: done.id, to: done.weightsPath)
    #expect(try store.check(deep: false).isEmpty)
    let findings = try store.check(deep: true)
    #expect(findings.map(\.path) == [done.weightsPath])
    #expect(findings.first?.remedy == .compute(removing: [done.weightsPath, done.resultPath]))
  }

  @Test func `what belongs to no store and what was left behind are told apart`() throws {
    try put([1], at: "\(store.root)/notes.txt")
    try put([1], at: "\(done.path)/picture.png")
    try put([1], at: "\(done.path)/attempts/0001/.end.json.tmp-1-2")
    try put([1], at: "\(store.root)/objects/readme")
    try FileManager.default.createDirectory(
      atPath: "\(store.root)/runs/ab/" + String(repeating: "ab", count: 32), withIntermediateDirectories: true
    )
    try put(try bytes(files["checkpoint"] ?? ""), at: "\(store.root)/checkpoint-00000100.h5")
    for deep in [true, false] {
      let kinds = Dictionary(grouping: try store.check(deep: deep), by: \.kind).mapValues(\.count)
      #expect(kinds == [.stranger: 4, .leftover: 2])
    }
  }

  @Test func `a folder that cannot be listed is neither damaged nor well`() throws {
    try FileManager.default.removeItem(atPath: "\(left.path)/attempts")
    try FileManager.default.createSymbolicLink(
      atPath: "\(left.path)/attempts", withDestinationPath: "attempts")
    let findings = try store.check(deep: true)
    #expect(findings.map(\.kind) == [.stranger], "it is no folder at all")
    let shelf = "\(store.root)/runs"
    try FileManager.default.removeItem(atPath: shelf)
    try FileManager.default.createSymbolicLink(atPath: shelf, withDestinationPath: "runs")
    let unseen = try store.check(deep: true)
    #expect(unseen.map(\.kind) == [.unseen] && unseen.map(\.path) == [shelf])
  }

  @Test func `a store that nobody may write is looked at all the same`() throws {
    var files: [String] = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: store.root) {
      files.append("\(store.root)/\(name)")
    }
    defer { for path in files.reversed() { chmod(path, 0o755) } }
    for path in files { chmod(path, 0o555) }
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `sizes are those of the files, by what they are`() throws {
    let sizes = StoreSizes(of: store)
    #expect(sizes.files[.results] == 2 && sizes.files[.weights] == 2 && sizes.files[.checkpoints] == 1)
    #expect(sizes.files[.objects] == 1 && sizes.files[.index] == 1 && sizes.files[.others] == nil)
    let results = try bytes(done.resultPath).count + bytes(other.resultPath).count
    #expect(sizes.bytes[.results] == results)
    let all = try everything().values.reduce(0) { $0 + $1.count }
    #expect(sizes.bytes.values.reduce(0, +) == all)
    #expect(StoreSizes.bytes(of: store.root) == all)
    try put([1, 2, 3], at: "\(store.root)/notes.txt")
    #expect(StoreSizes(of: store).bytes[.others] == 3)
  }
}
