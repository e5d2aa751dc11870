import Foundation
import Glibc
import Records
import Testing

@testable import Archive

/// A store that came from somebody else, and leads elsewhere or never ends.
@Suite struct `A hostile store` {
  private let folder: TemporaryFolder
  private let store: Store
  private let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(at: folder["store"], creating: true)
    run = try store.add(Sample.settings)
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test(arguments: ["runs", "objects", "jobs", "index", "trash"])
  func `is none where one of its own folders is a link`(name: String) throws {
    let outside = folder["outside"]
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: "\(store.root)/\(name)")
    try link("\(store.root)/\(name)", to: outside)
    let error = #expect(throws: ArchiveError.self) { try Store(at: store.root, creating: false) }
    #expect(
      error?.description.hasSuffix("its \(name) is a link, and no path leads out of a store but by --store.")
        == true)
  }

  @Test func `may itself be reached by a link that a person named`() throws {
    try link(folder["link"], to: store.root)
    #expect(try Store(at: folder["link"], creating: false).runs() == [run.id])
  }

  @Test func `has no number from behind a link, whatever the index knows`() throws {
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.end(.done)
    var index = ResultIndex(of: store)
    _ = try index.final(of: run)
    index.save()
    let (shelf, outside) = (
      URL(fileURLWithPath: run.path).deletingLastPathComponent().path, folder["outside"]
    )
    try FileManager.default.moveItem(atPath: shelf, toPath: outside)
    try link(shelf, to: outside)
    index = ResultIndex(of: store)
    let readings: [() throws -> Void] = [
      { _ = try run.final() }, { _ = try run.result() }, { _ = try run.series() }, { _ = try run.weights() },
      { _ = try index.final(of: run) },
    ]
    for reading in readings {
      let error = #expect(throws: ArchiveError.self, performing: reading)
      #expect(error?.description.hasPrefix("\(shelf) is a link") == true)
    }
  }

  @Test func `has nothing read, written or removed behind a run that is a link`() throws {
    let outside = folder["outside"]
    try FileManager.default.moveItem(atPath: run.path, toPath: outside)
    try FileManager.default.createDirectory(
      atPath: "\(outside)/attempts/0001", withIntermediateDirectories: true)
    try put([1], at: "\(outside)/attempts/0001/checkpoint-00000001.h5")
    try link(run.path, to: outside)
    let before = folder.names(in: "outside")
    guard case .corrupt(let sentence) = try run.state() else {
      Issue.record("\(try run.state())")
      return
    }
    #expect(sentence.hasSuffix("is a link, pipe or device, and what it leads to is not read"))
    #expect(throws: ArchiveError.self) { try run.settings() }
    #expect(throws: ArchiveError.self) { try run.claim(Provenance(arguments: [], threads: 1)) }
    #expect(throws: ArchiveError.self) { try store.remove(run.id) }
    let sweep = try Sweep(store, removing: true, objects: []) { false }
    #expect(sweep.items.isEmpty)
    #expect(folder.names(in: "outside") == before)
    #expect(folder.names(in: "outside/attempts/0001") == ["checkpoint-00000001.h5"])
    #expect(try store.check(deep: true).contains { $0.path == run.path })
  }

  @Test(arguments: [
    "spec", "result.h5", "weights.h5", "attempts/0001/attempt.json", "attempts/0001/live.jsonl",
  ])
  func `is not waited for where a pipe stands for a file`(name: String) throws {
    try FileManager.default.createDirectory(
      atPath: run.attemptPath(1), withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: "\(run.path)/\(name)")
    #expect(mkfifo("\(run.path)/\(name)", 0o600) == 0)
    _ = try? run.state(verifying: true)
    _ = try? run.live()
    let findings = try store.check(deep: true)
    #expect(findings.contains { $0.sentence.contains("is a link, pipe or device") || $0.kind == .stranger })
  }

  @Test func `is read no further than its files may be long`() throws {
    for path in ["\(store.root)/VERSION", run.specificationPath, "\(store.root)/notes.jsonl"] {
      try? FileManager.default.removeItem(atPath: path)
      try put([], at: path)
      #expect(truncate(path, 5 << 30) == 0)
    }
    let start = ContinuousClock.now
    let version = #expect(throws: ArchiveError.self) { try Store(at: store.root, creating: false) }
    #expect(
      version?.description.hasSuffix(
        "VERSION has 5368709120 bytes; expected 1048576 at most, so it is not read.") == true)
    #expect(throws: ArchiveError.self) { try run.settings() }
    #expect(throws: ArchiveError.self) { try Notebook(of: store) }
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func `cannot make the number of an attempt overflow`() throws {
    for name in ["9223372036854775807", "1000000000"] {
      try FileManager.default.createDirectory(
        atPath: "\(run.attemptsPath)/\(name)", withIntermediateDirectories: true)
    }
    guard case .claimed(let claim) = try run.claim(Provenance(arguments: [], threads: 1)) else {
      Issue.record("not claimed")
      return
    }
    #expect(claim.attempt == 1)
  }
}
