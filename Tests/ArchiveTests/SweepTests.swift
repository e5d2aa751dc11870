import Archive
import Foundation
import Glibc
import Records
import Testing

/// What nothing needs is found and removed, what somebody needs or works with stays.
@Suite struct Sweeps {
  let folder: TemporaryFolder
  let store: Store
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    (store, run) = try Sample.store(in: folder)
  }

  private func sweep(removing: Bool = true, objects: [StoredObject] = []) throws -> Sweep {
    let sweep = try Sweep(store, removing: removing, objects: objects) { false }
    #expect(sweep.complaints.isEmpty, "\(sweep.complaints)")
    return sweep
  }

  /// The names of what a sweep finds; a dry one finds the same and touches nothing.
  private func swept(objects: [StoredObject] = []) throws -> [String] {
    let before = try everything()
    let dry = try sweep(removing: false, objects: objects).items
    #expect(try everything() == before, "a dry sweep touched something")
    let items = try sweep(objects: objects).items
    #expect(items == dry)
    for item in items {
      #expect(!FileManager.default.fileExists(atPath: item.path), "\(item.path) is still there")
    }
    #expect(try sweep().items.isEmpty)
    return items.map { "\($0.kind.rawValue) \(String($0.path.split(separator: "/").last ?? ""))" }
  }

  private func everything() throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      found[name] = (try? bytes(folder[name])) ?? []
    }
    return found
  }

  /// Steps of the checkpoints there are.
  private func steps() throws -> [UInt64] { try run.checkpoints().map(\.step) }

  @Test func `checkpoints of a finished run go, unless its result is damaged`() throws {
    let claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    try claim.save(Sample.checkpoint(step: 200))
    try claim.publish(Sample.result(), weights: nil)
    #expect(try sweep().busy == [Sample.run], "somebody works on it")
    #expect(try steps() == [200, 100])
    try claim.end(.done)
    let result = try bytes(run.resultPath)
    var spoilt = result
    spoilt[spoilt.count - 10] ^= 1
    try put(spoilt, at: run.resultPath)
    #expect(try swept() == [])
    try put(result, at: run.resultPath)
    #expect(try swept() == ["checkpoint checkpoint-00000200.h5", "checkpoint checkpoint-00000100.h5"])
    #expect(try steps().isEmpty && store.check(deep: true).isEmpty)
    #expect(try run.result() == Sample.result())
  }

  @Test func `of an unfinished run those go that two newer and intact ones replace`() throws {
    var claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    try claim.save(Sample.checkpoint(step: 200))
    try claim.end(.stopped)
    claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 300))
    try claim.end(.stopped)
    #expect(try swept() == [], "one newer checkpoint may be damaged")
    // A third of the same attempt, as a kill before the removal of the older ones leaves it.
    try CheckpointFile.write(Sample.checkpoint(step: 400), to: "\(run.attemptPath(2))/checkpoint-00000400.h5")
    var spoilt = try bytes("\(run.attemptPath(2))/checkpoint-00000400.h5")
    let whole = spoilt
    spoilt[spoilt.count / 2] ^= 1
    try put(spoilt, at: "\(run.attemptPath(2))/checkpoint-00000400.h5")
    #expect(try swept() == [], "a damaged one replaces nothing")
    try put(whole, at: "\(run.attemptPath(2))/checkpoint-00000400.h5")
    #expect(try swept() == ["checkpoint checkpoint-00000200.h5", "checkpoint checkpoint-00000100.h5"])
    #expect(try steps() == [400, 300])
    #expect(try #require(try claimed(run)).newestCheckpoint().checkpoint?.step == 400)
  }

  /// The number of a process that is dead.
  private func deadProcess() throws -> pid_t {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  /// Sets the time of the last change two hours back.
  private func age(_ path: String) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: path)
  }

  @Test func `what dead processes left goes; what may still be written stays`() throws {
    let dead = try deadProcess()
    let claim = try #require(try claimed(run))
    try claim.end(.stopped)
    try store.put([1], as: StoredObject(kind: "manifest", id: Sample.run))
    let shelf = "objects/\(Sample.run.hex.prefix(2))"
    let attempt = String(run.attemptPath(1).dropFirst(store.root.count + 1))
    let place = String(run.path.dropFirst(store.root.count + 1))
    let names = [
      "\(place)/.result.h5.tmp-\(dead)-a", "\(attempt)/.checkpoint-00000100.h5.tmp-\(dead)-a",
      "\(place)/.spec.tmp-\(dead)-a", "\(attempt)/.end.json.tmp-\(dead)-a",
      "\(shelf)/.x.manifest.tmp-\(dead)-a",
      ".VERSION.tmp-\(dead)-a",
    ]
    let living = ["\(place)/.result.h5.tmp-\(getpid())-a", "\(shelf)/.x.manifest.tmp-1-a", "mine.tmp-x"]
    for name in names + living { try put([1], at: folder["store/\(name)"]) }
    // The lock tells of two of them that nobody writes them any more.
    #expect(
      Set(try swept()) == ["aside .result.h5.tmp-\(dead)-a", "aside .checkpoint-00000100.h5.tmp-\(dead)-a"])
    for name in names.dropFirst(2) + living { try age(folder["store/\(name)"]) }
    #expect(
      Set(try swept()) == [
        "aside .spec.tmp-\(dead)-a", "aside .end.json.tmp-\(dead)-a", "aside .x.manifest.tmp-\(dead)-a",
        "aside .VERSION.tmp-\(dead)-a",
      ])
    for name in living { #expect(FileManager.default.fileExists(atPath: folder["store/\(name)"])) }
    #expect(try store.object(StoredObject(kind: "manifest", id: Sample.run)) == [1])
  }

  @Test func `trash goes, a place that was never filled after an hour, an object that is named`() throws {
    try FileManager.default.createDirectory(
      atPath: folder["store/trash/x-1-1/attempts/0001"], withIntermediateDirectories: true)
    try put([1, 2, 3], at: folder["store/trash/x-1-1/attempts/0001/log"])
    let id = Digest.sha256([1])
    let empty = folder["store/runs/\(id.hex.prefix(2))/\(id.hex)"]
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    #expect(try store.check(deep: false).map(\.kind) == [.leftover, .leftover])
    #expect(try swept() == ["trash x-1-1"])
    try? FileManager.default.removeItem(atPath: "\(empty)/lock")
    try age(empty)
    let object = StoredObject(kind: "cost", id: id)
    try store.put([7], as: object)
    #expect(try swept(objects: [object]) == ["place \(id.hex)", "object \(id.hex).cost"])
    #expect(try store.check(deep: true).isEmpty && store.runs() == [Sample.run])
  }

  @Test func `a run is removed whole, unless somebody works on it`() throws {
    let claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    #expect(try !store.remove(Sample.run))
    #expect(try steps() == [100])
    try claim.end(.stopped)
    #expect(try store.remove(Sample.run))
    #expect(try store.runs().isEmpty && store.check(deep: true).isEmpty)
    #expect(try store.remove(Sample.run), "what is not there is removed already")
    // It can be computed again, from nothing.
    try store.add(Sample.settings)
    #expect(try run.state() == .pending)
  }

  /// A process removes run after run and is killed after some milliseconds, wherever it is.
  @Test func `a kill while removing leaves every run whole or gone`() async throws {
    var (gone, left, milliseconds) = (0, 0, 2 as UInt32)
    while milliseconds < 60 || (gone == 0 || left == 0) && milliseconds < 5000 {
      let (removed, leftovers) = try await removal(killedAfter: milliseconds)
      gone += removed
      left += leftovers
      milliseconds += milliseconds / 2 + 1
    }
    #expect(gone > 0, "no process came to remove anything")
  }

  private func removal(killedAfter milliseconds: UInt32) async throws -> (gone: Int, leftovers: Int) {
    let folder = try TemporaryFolder()
    let store = try Store(at: folder["store"], creating: true)
    for seed in 0..<30 {
      let run = try store.add(Settings(["seed": .integer(seed)]))
      let claim = try #require(try claimed(run))
      try claim.save(Sample.checkpoint(step: 100, run: run.id))
      try claim.end(.stopped)
    }
    let path = store.root
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, milliseconds = milliseconds as UInt32] in
      Thread.detachNewThread {
        usleep(milliseconds * 1000)
        kill(getpid(), SIGKILL)
      }
      let store = try Store(at: path, creating: false)
      for run in try store.runs() { _ = try store.remove(run) }
      while true { sleep(1) }
    }
    let findings = try store.check(deep: true)
    #expect(findings.allSatisfy { $0.kind == .leftover && $0.path.contains("/trash/") }, "\(findings)")
    for run in try store.runs() { #expect(try store.run(run).state() == .interrupted) }
    let removed = 30 - (try store.runs().count)
    _ = try Sweep(store, removing: true, objects: []) { false }
    #expect(try store.check(deep: true).isEmpty)
    return (removed, findings.count)
  }
}
