import Archive
import Foundation
import Records
import Testing

@Suite struct Claims {
  let folder: TemporaryFolder
  let store: Store
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    (store, run) = try Sample.store(in: folder)
  }

  @Test func `lead from nothing to a published result`() throws {
    let claim = try #require(try claimed(run))
    #expect(claim.attempt == 1)
    let start = try #require(try run.attempts().first?.start)
    #expect(start.pid == getpid() && start.arguments == ["mneme", "worker"] && start.gitDirty == false)
    let holder = try #require(owner(of: run))
    #expect(holder.attempt == 1 && holder.host == start.host)
    #expect(holder.pid == start.pid && holder.started == start.started)
    #expect(try claim.newestCheckpoint().checkpoint == nil)
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.end(.done)
    #expect(try run.state() == .done && run.state(verifying: true) == .done)
    #expect(try run.result() == Sample.result() && run.weights() == Sample.parameters)

    let record = try run.record()
    #expect(record["test.accuracy"] == .real(0.559) && record["task.segments"] == .integer(4))
    #expect(record.cost["cost.attempts"] == 1 && record.cost["cost.peak_bytes", default: 0] > 1_000_000)
    guard case .done = try run.claim(Sample.provenance) else {
      Issue.record("a finished run was claimed again")
      return
    }
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `exclude each other`() throws {
    let first = try #require(try claimed(run))
    guard case .busy = try run.claim(Sample.provenance) else {
      Issue.record("claimed twice")
      return
    }
    #expect(folder.names(in: String(run.path.dropFirst(folder.path.count)) + "/attempts") == ["0001"])
    try first.end(.stopped)
    #expect(try run.state() == .interrupted)
    let second = try #require(try claimed(run))
    #expect(second.attempt == 2)
  }

  @Test func `exclude each other between processes, until the holder dies`() throws {
    let lock = run.path + "/lock"
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    holder.arguments = ["-F", lock, "sleep", "60"]
    try holder.run()
    var waited = 0
    while owner(of: run) == nil && waited < 500 {
      usleep(10_000)
      waited += 1
    }
    guard case .busy = try run.claim(Sample.provenance) else {
      Issue.record("claimed against another process")
      return
    }
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    #expect(try claimed(run)?.attempt == 1)
  }

  @Test func `of a killed process leave an interrupted run with its checkpoint`() async throws {
    let root = store.root
    await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String] in
      let run = try Store(at: root, creating: false).run(Sample.run)
      guard let claim = try claimed(run) else { return }
      try claim.say("step", ["step": .integer(1)])
      try claim.save(Sample.checkpoint(step: 100))
      kill(getpid(), SIGKILL)
    }
    #expect(try run.state() == .interrupted)
    let claim = try #require(try claimed(run))
    #expect(claim.attempt == 2)
    #expect(try claim.newestCheckpoint().checkpoint == Sample.checkpoint(step: 100))
    #expect(try run.live().records.first?.facts["from"] == .text("attempts/0001/checkpoint-00000100.h5"))
    try claim.publish(Sample.result(), weights: nil)
    try claim.end(.done)
    #expect(try run.attempts().last?.end?.resumedFrom == "attempts/0001/checkpoint-00000100.h5")
    #expect(try run.state() == .done)
    #expect(try run.record().cost["cost.attempts"] == 2)
  }

  @Test func `publish the same twice, and never another result`() throws {
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.publish(Sample.result(), weights: Sample.parameters)
    #expect(throws: Never.self) { try run.result() }
    let before = try bytes(run.resultPath)

    let error = #expect(throws: ArchiveError.self) {
      try claim.publish(Sample.result(accuracy: 0.6), weights: nil)
    }
    guard case .conflict(_, let kept)? = error else {
      Issue.record("not a conflict: \(String(describing: error))")
      return
    }
    #expect(try bytes(run.resultPath) == before)
    #expect(try ResultFile.read(kept, run: Sample.run) == Sample.result(accuracy: 0.6))
    #expect(try store.check(deep: false).map(\.kind) == [.conflict])
  }

  @Test func `publish nothing once a newer attempt has begun`() throws {
    let claim = try #require(try claimed(run))
    try FileManager.default.createDirectory(atPath: run.attemptPath(2), withIntermediateDirectories: false)
    for publish in [
      { try claim.publish(Sample.result(), weights: Sample.parameters) },
      { try claim.save(Sample.checkpoint(step: 1)) },
    ] {
      let error = #expect(throws: ArchiveError.self) { try publish() }
      #expect(
        error?.description.contains("attempt 1 publishes nothing, because attempt 2 has taken over") == true)
    }
    #expect(!FileManager.default.fileExists(atPath: run.weightsPath))
  }

  @Test func `publish nothing after their end`() throws {
    let claim = try #require(try claimed(run))
    try claim.end(.failed, failure: .diverged, message: "loss is NaN at step 7")
    #expect(throws: ArchiveError.self) { try claim.publish(Sample.result(), weights: nil) }
    #expect(try run.state() == .failed(.diverged, attempts: 1))
    #expect(try run.attempts().last?.end?.message == "loss is NaN at step 7")
  }

  @Test func `refuse weights that the result does not name`() throws {
    let claim = try #require(try claimed(run))
    let error = #expect(throws: ArchiveError.self) {
      try claim.publish(Sample.result(), weights: Array(Sample.parameters.dropLast()))
    }
    #expect(error?.description.contains("they are not the weights the result names") == true)
    #expect(!FileManager.default.fileExists(atPath: run.weightsPath))
  }

  @Test func `refuse to begin beside a damaged result`() throws {
    try put([1, 2, 3], at: run.resultPath)
    let error = #expect(throws: ArchiveError.self) { try run.claim(Sample.provenance) }
    #expect(error?.description.contains("an intact result, or none") == true)
    guard case .corrupt(let sentence) = try run.state() else {
      Issue.record("not corrupt")
      return
    }
    #expect(sentence.contains("was not written by this program"))
    #expect(try bytes(run.resultPath) == [1, 2, 3])
  }

  @Test func `compute a result again that was removed`() throws {
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.end(.done)
    let before = try bytes(run.resultPath)
    try FileManager.default.removeItem(atPath: run.resultPath)
    #expect(try run.state() == .interrupted)
    let again = try #require(try claimed(run))
    try again.publish(Sample.result(), weights: Sample.parameters)
    try again.end(.done)
    #expect(try run.state(verifying: true) == .done)
    #expect(try bytes(run.resultPath) == before)
  }

  @Test func `refuse to begin beside weights that are damaged and have no result`() throws {
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: Sample.parameters)
    try claim.end(.done)
    var damaged = try bytes(run.weightsPath)
    damaged[damaged.count / 2] ^= 1
    try put(damaged, at: run.weightsPath)
    #expect(try run.state(verifying: true) == .done)
    try FileManager.default.removeItem(atPath: run.resultPath)
    #expect(run.damage(verifying: false)?.path == run.weightsPath)
    #expect(throws: ArchiveError.self) { try run.claim(Sample.provenance) }
    try FileManager.default.removeItem(atPath: run.weightsPath)
    #expect(try run.state() == .interrupted)
  }

  @Test func `keep the last two checkpoints`() throws {
    let claim = try #require(try claimed(run))
    for step in [100, 200, 300] as [UInt64] { try claim.save(Sample.checkpoint(step: step)) }
    try claim.save(Sample.checkpoint(step: 300))
    #expect(try run.checkpoints().map(\.step) == [300, 200])
  }

  @Test func `go on from the newest checkpoint that is intact, and say why not from newer ones`() throws {
    let first = try #require(try claimed(run))
    for step in [100, 200] as [UInt64] { try first.save(Sample.checkpoint(step: step)) }
    try first.end(.stopped)
    var damaged = try bytes(first.path + "/checkpoint-00000200.h5")
    damaged[1000] ^= 1
    try put(damaged, at: first.path + "/checkpoint-00000200.h5")
    try CheckpointFile.write(
      Sample.checkpoint(step: 400, run: Digest.sha256([1])), to: first.path + "/checkpoint-00000400.h5")
    try CheckpointFile.write(Sample.checkpoint(step: 250), to: first.path + "/checkpoint-00000300.h5")

    let second = try #require(try claimed(run))
    let (checkpoint, refused) = try second.newestCheckpoint()
    #expect(checkpoint == Sample.checkpoint(step: 100))
    #expect(refused.map { String($0.path.suffix(11)) } == ["00000400.h5", "00000300.h5", "00000200.h5"])
    for (refusal, reason) in zip(
      refused, ["its settings are others", "attribute step is 250; expected 300", "is damaged"])
    {
      #expect(refusal.reason.description.contains(reason), "\(refusal.reason)")
    }
    try second.save(Sample.checkpoint(step: 150))
    #expect(try run.checkpoints().count == 5, "older ones stay until there are two new ones")
    try second.save(Sample.checkpoint(step: 160))
    #expect(try run.checkpoints().map(\.step) == [160, 150])
  }

  @Test func `of a dead process are ended by whoever saw it die, once`() throws {
    let claim = try #require(try claimed(run))
    try #expect(run.end(attempt: 1, failure: .outOfMemory, message: "killed by the kernel", seconds: 12))
    try #expect(!run.end(attempt: 1, failure: .killed, message: nil, seconds: 12))
    #expect(try run.attempts().last?.end?.failure == .outOfMemory)
    #expect(owner(of: run)?.attempt == claim.attempt, "the lock still counts")
  }

  @Test func `keep checkpoints until there is a result`() throws {
    let claim = try #require(try claimed(run))
    try claim.save(Sample.checkpoint(step: 100))
    #expect(throws: ArchiveError.self) { try run.removeCheckpoints() }
    try claim.publish(Sample.result(), weights: nil)
    try run.removeCheckpoints()
    #expect(try run.checkpoints().isEmpty)
  }
}
