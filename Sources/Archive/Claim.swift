import Glibc
package import Records
import Synchronization

/// The right to compute a run: its lock, and the newest attempt number.
///
/// The kernel lets go of the lock when the process dies, however it dies. The attempt number is the fence:
/// should another process take over all the same (a lock file removed by hand, a file system whose locks
/// do not hold), it makes a higher one, and this claim publishes nothing any more. For locks that do not reach other
/// machines there is the lease: `Claim.beat`.
package final class Claim: Sendable {
  package let run: RunDirectory
  /// The number of this attempt.
  package let attempt: Int
  /// The folder of this attempt, for its log.
  package let path: String
  private let lock: Descriptor
  private let live: Descriptor
  private let began: Double
  private let progress = Mutex(Progress())

  private struct Progress {
    var resumedFrom: String?
    var keptWeights: Bool?
    var hasEnded = false
  }

  private init(
    _ run: RunDirectory, _ attempt: Int, lock: consuming Descriptor, provenance: Provenance
  ) throws(ArchiveError) {
    (self.run, self.attempt) = (run, attempt)
    self.lock = lock
    path = run.attemptPath(attempt)
    began = Machine.monotonic
    live = try Descriptor("\(path)/live.jsonl", O_WRONLY | O_CREAT | O_APPEND, doing: "creating the live log")
    try FaultPoint.claimAfterLive.pass(path)
    let start = AttemptStart(
      attempt: attempt, started: Machine.now, monotonic: began, host: Machine.host, pid: getpid(),
      arguments: provenance.arguments, manifest: provenance.manifest, code: provenance.code,
      gitCommit: provenance.gitCommit, gitDirty: provenance.gitDirty, toolchain: provenance.toolchain,
      cpu: Machine.cpu, kernel: Machine.kernel, hdf5: try HDF5.version(), threads: provenance.threads,
      instructions: provenance.instructions, leaseSeconds: provenance.leaseSeconds, job: provenance.job)
    if provenance.leaseSeconds != nil { try beat() }
    try JSONFile.publish(start, at: "\(path)/attempt.json")
  }

  /// Tries to claim a run; waits for nobody, but for three beats of a lease that another machine's attempt may hold.
  static func make(_ run: RunDirectory, _ provenance: Provenance) throws(ArchiveError) -> ClaimOutcome {
    _ = try run.settings()
    guard let lock = try take(run.lockPath) else { return .busy }
    try FaultPoint.claimAfterLock.pass(run.path)
    // Another process may have finished since the caller looked.
    if let damage = run.damage(verifying: true) {
      throw ArchiveError.corrupt(
        path: run.path, found: damage.sentence, expected: "an intact result, or none")
    }
    if Folder.exists(run.resultPath) { return .done }
    if try run.isBeating() { return .busy }
    try Folder.make(run.attemptsPath)
    var number = (try run.attemptNumbers().last ?? 0) + 1
    while try !Folder.makeExclusively(run.attemptPath(number)) { number += 1 }
    do throws(ArchiveError) {
      try FaultPoint.claimAfterFolder.pass(run.attemptPath(number))
      return .claimed(try Claim(run, number, lock: lock, provenance: provenance))
    } catch {
      // Nothing was begun: an attempt without its record would look like one that was interrupted.
      let path = run.attemptPath(number)
      _ = unlink("\(path)/attempt.json")
      _ = unlink("\(path)/live.jsonl")
      _ = rmdir(path)
      throw error
    }
  }

  /// The lock, or nil if somebody holds it.
  static func take(_ path: String) throws(ArchiveError) -> Descriptor? {
    // Tries for 40 ms: whoever asks for the state of a run holds the lock for some microseconds.
    for _ in 0..<20 {
      let lock = try Descriptor(path, O_RDWR | O_CREAT, doing: "opening the lock")
      if retrying({ flock(lock.number, LOCK_EX | LOCK_NB) }) == 0 {
        // The lock counts only on the file that has its name: somebody may have removed it meanwhile.
        var (mine, named) = (stat(), stat())
        if fstat(lock.number, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
          return lock
        }
      } else if errno != EWOULDBLOCK {
        throw ArchiveError.system(path, "locking", errno)
      }
      usleep(2_000)
    }
    return nil
  }

  /// Throws `superseded` if a newer attempt has taken over, `unwritable` after this one's end.
  package func checkFence() throws(ArchiveError) {
    guard !progress.withLock({ $0.hasEnded }) else {
      throw ArchiveError.unwritable(file: path, object: "the attempt", reason: "it has ended")
    }
    let newest = try run.attemptNumbers().last ?? 0
    guard newest == attempt else {
      throw ArchiveError.superseded(path: run.path, attempt: attempt, newest: newest)
    }
  }

  /// Adds a line to the live log.
  package func say(_ event: String, _ facts: [String: Value] = [:]) throws(ArchiveError) {
    try live.write(LiveLog.line(LiveRecord(seconds: Machine.monotonic - began, event: event, facts: facts)))
    try FaultPoint.liveAfterLine.pass("\(path)/live.jsonl")
  }

  /// The newest checkpoint that is intact and of this run, and why those newer than it were refused.
  ///
  /// Nil means: start from nothing. The attempt remembers what it goes on from, for `end.json`.
  package func newestCheckpoint() throws(ArchiveError) -> (checkpoint: Checkpoint?, refused: [Refusal]) {
    var refused: [Refusal] = []
    for stored in try run.checkpoints() {
      let name = String(stored.path.dropFirst(run.path.count + 1))
      let checkpoint: Checkpoint
      do throws(ArchiveError) {
        checkpoint = try CheckpointFile.read(stored.path, run: run.id)
        guard checkpoint.step == stored.step else {
          throw ArchiveError.malformed(
            file: stored.path, object: "attribute step", found: "\(checkpoint.step)",
            expected: "\(stored.step)")
        }
      } catch {
        refused.append(Refusal(path: stored.path, reason: error))
        continue
      }
      progress.withLock { $0.resumedFrom = name }
      try say("resumed", ["from": .text(name), "step": .integer(Int(stored.step))])
      return (checkpoint, refused)
    }
    return (nil, refused)
  }

  /// A checkpoint that could not be used.
  package struct Refusal: Sendable {
    package let path: String
    package let reason: ArchiveError
  }

  /// Publishes a checkpoint, then removes those that two newer ones of this attempt make useless.
  ///
  /// Saving the same step again with the same bytes is fine.
  package func save(_ checkpoint: Checkpoint) throws(ArchiveError) {
    try checkFence()
    guard checkpoint.run == run.id else {
      throw ArchiveError.wrongRun(path: path, found: checkpoint.run, expected: run.id)
    }
    let target = "\(path)/\(CheckpointFile.name(step: checkpoint.step))"
    do throws(ArchiveError) {
      try CheckpointFile.write(checkpoint, to: target)
    } catch {
      guard case .exists = error, try CheckpointFile.read(target, run: run.id) == checkpoint else {
        throw error
      }
    }
    // Checkpoints of older attempts stay until this one has two of its own: a damaged disk may need them.
    let all = try run.checkpoints()
    let mine = all.filter { $0.attempt == attempt }
    guard mine.count >= 2 else { return }
    try FaultPoint.checkpointBeforeRemoval.pass(target)
    for stored in all where !mine.prefix(2).contains(stored) { try Folder.remove(stored.path) }
    try FaultPoint.checkpointAfterRemoval.pass(target)
  }

  /// Publishes the run: the weights first (nil leaves the file out), then the result that names them.
  ///
  /// What is published already with the same bytes is fine. With other bytes, the new file is kept in this
  /// attempt's folder.
  ///
  /// - Throws: `superseded`, `conflict`, `unwritable` for weights other than those the result names.
  package func publish(_ result: RunResult, weights: [NamedArray]?) throws(ArchiveError) {
    try checkFence()
    guard result.run == run.id else {
      throw ArchiveError.wrongRun(path: run.resultPath, found: result.run, expected: run.id)
    }
    if let weights {
      guard weightsDigest(weights) == result.weights else {
        throw ArchiveError.unwritable(
          file: run.weightsPath, object: "/parameters", reason: "they are not the weights the result names")
      }
      try once(at: run.weightsPath) { path throws(ArchiveError) in
        _ = try WeightsFile.write(weights, run: run.id, to: path)
      }
    }
    try FaultPoint.afterWeights.pass(run.weightsPath)
    try checkFence()
    try once(at: run.resultPath) { path throws(ArchiveError) in try ResultFile.write(result, to: path) }
    progress.withLock { $0.keptWeights = weights != nil }
  }

  private func once(
    at target: String, _ write: (String) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    do throws(ArchiveError) { try write(target) } catch {
      guard case .exists = error else { throw error }
      let kept = "\(path)/conflict-\(name(of: target))"
      try write(kept)
      guard try verify(kept).content == verify(target).content else {
        throw ArchiveError.conflict(path: target, kept: kept)
      }
      try Folder.remove(kept)
    }
  }

  /// Writes `end.json` and lets go of the run. Nothing can be published through this claim afterwards.
  package func end(
    _ outcome: Outcome, failure: FailureClass? = nil, message: String? = nil, cost: AttemptCost? = nil
  ) throws(ArchiveError) {
    let (now, usage) = (Machine.monotonic, Machine.usage)
    defer {
      progress.withLock { $0.hasEnded = true }
      _ = flock(lock.number, LOCK_UN)
    }
    try JSONFile.publish(
      AttemptEnd(
        attempt: attempt, outcome: outcome, failure: failure, message: message, ended: Machine.now,
        monotonic: now,
        seconds: now - began, userSeconds: usage.userSeconds, systemSeconds: usage.systemSeconds,
        peakBytes: usage.peakBytes, resumedFrom: progress.withLock { $0.resumedFrom },
        keptWeights: progress.withLock { $0.keptWeights }, cost: cost),
      at: "\(path)/end.json")
    try FaultPoint.claimBeforeUnlock.pass("\(path)/end.json")
  }
}

/// What came of trying to claim a run.
package enum ClaimOutcome: Sendable {
  case claimed(Claim)
  /// Somebody holds it.
  case busy
  /// It is done: there is nothing to compute.
  case done
}

extension RunDirectory {
  /// Tries to claim this run for computing; waits for nobody, but for three beats of another machine's lease.
  ///
  /// - Throws: `corrupt` where a damaged result is in the way, `damaged` for a damaged specification.
  package func claim(_ provenance: Provenance) throws(ArchiveError) -> ClaimOutcome {
    try Claim.make(self, provenance)
  }

  /// Removes all checkpoints of a finished run; refused while it has no intact result.
  package func removeCheckpoints() throws(ArchiveError) {
    _ = try verify(resultPath)
    for stored in try checkpoints() { try Folder.remove(stored.path) }
  }
}
