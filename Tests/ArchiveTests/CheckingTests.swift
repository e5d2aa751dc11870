import Archive
import Foundation
import Records
import Testing

/// What `Store.check` makes of whole stores; `Checks` spoils one file after the other.
@Suite struct `Checking a store` {
  @Test func `misses weights that were kept, and none that were not`() throws {
    let folder = try TemporaryFolder()
    let (store, run) = try Sample.store(in: folder)
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.end(.done)
    #expect(try run.keepsWeights() == true)
    try FileManager.default.removeItem(atPath: run.weightsPath)
    let findings = try store.check(deep: true)
    #expect(findings.map(\.kind) == [.damage] && findings.map(\.path) == [run.weightsPath])

    // A record that is older than the field says nothing, and has no check of its bytes yet.
    let end = claim.path + "/end.json"
    let text = String(decoding: try bytes(end), as: UTF8.self).replacing(
      /,\n  "crc" : "[0-9a-f]{8}"\n/, with: "\n")
    #expect(text.contains("  \"kept_weights\" : true,\n"))
    try put(Array(text.replacingOccurrences(of: "  \"kept_weights\" : true,\n", with: "").utf8), at: end)
    #expect(try run.keepsWeights() == nil)
    #expect(try store.check(deep: true).isEmpty)
    try put(Array(text.replacingOccurrences(of: "weights\" : true", with: "weights\" : false").utf8), at: end)
    #expect(try run.keepsWeights() == false)
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `tells scratch stores of dead processes, which the next one removes, from those in use`() throws
  {
    let folder = try TemporaryFolder()
    let (store, _) = try Sample.store(in: folder)
    let dead = Process()
    dead.executableURL = URL(fileURLWithPath: "/bin/true")
    try dead.run()
    dead.waitUntilExit()
    let left = store.root + "/.tmp-rerun-\(dead.processIdentifier)-1f"
    let place = try Store(at: left, creating: true).add(Sample.settings)
    let used = try ScratchStore(in: store)
    let findings = try store.check(deep: false)
    #expect(findings.map(\.kind) == [.leftover] && findings.map(\.path) == [left])

    // Its process is dead, and a worker of it is not.
    let claim = try #require(try claimed(place))
    try ScratchStore.removeAbandoned(in: store)
    #expect(FileManager.default.fileExists(atPath: left))
    try claim.end(.stopped)
    try ScratchStore.removeAbandoned(in: store)
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(FileManager.default.fileExists(atPath: used.store.root))
  }

  @Test func `finds damage, leftovers and strangers, and mends nothing`() throws {
    let folder = try TemporaryFolder()
    let (store, run) = try Sample.store(in: folder)
    let claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.end(.done)
    try store.put([1], as: StoredObject(kind: "manifest", id: Sample.run))
    #expect(try store.check(deep: true).isEmpty)

    var damaged = try bytes(run.resultPath)
    damaged[damaged.count - 40] ^= 1
    try put(damaged, at: run.resultPath)
    #expect(try store.check(deep: false).isEmpty, "a look at blocks and lengths does not see it")
    #expect(try store.check(deep: true).map(\.path) == [run.resultPath])
    #expect(throws: ArchiveError.self) { try run.result() }
    #expect(throws: ArchiveError.self) { try run.record() }

    try put(Array(try bytes(run.weightsPath).dropLast(100)), at: run.weightsPath)
    try put([0], at: run.path + "/.result.h5.tmp-1-2")
    try put([0], at: folder["store/notes.txt"])
    try put(Array("{".utf8), at: claim.path + "/end.json")
    let findings = try store.check(deep: false)
    #expect(Set(findings.map(\.kind)) == [.damage, .leftover, .stranger])
    #expect(
      findings.map { String($0.path.split(separator: "/").last ?? "") }.sorted()
        == [".result.h5.tmp-1-2", "end.json", "notes.txt", "weights.h5"])
    #expect(findings.allSatisfy { $0.sentence.contains($0.path) })
    #expect(try bytes(run.resultPath) == damaged)
  }
}
