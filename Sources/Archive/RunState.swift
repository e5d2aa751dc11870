/// What can be said of a run: derived from its files and its lock each time, stored nowhere.
package enum RunState: Sendable, Equatable {
  /// A result is published.
  case done
  /// Somebody holds the lock.
  case running(Owner)
  /// The last attempt ended without a result; `attempts` counts all that failed.
  case failed(FailureClass, attempts: Int)
  /// The last attempt did not end, or was asked to stop: it can go on.
  case interrupted
  /// Nobody has begun.
  case pending
  /// The result is damaged, or whatever tells how far an unfinished run is: its number is not known. The sentence is that
  /// of `RunDirectory.Damage`.
  case corrupt(String)

  /// Who works on a run: as much as its newest `attempt.json` tells.
  package struct Owner: Sendable, Equatable {
    package let attempt: Int?
    package let host: String?
    package let pid: Int32?
    package let started: String?

    package init(attempt: Int?, host: String?, pid: Int32?, started: String?) {
      (self.attempt, self.host, self.pid, self.started) = (attempt, host, pid, started)
    }
  }
}

extension RunDirectory {
  /// A file of a run that is not what it should be.
  package struct Damage: Sendable, Equatable {
    package let path: String
    /// Which file of the run, in general what is wrong with it, then what was found and expected:
    /// `result.h5 is damaged: its digest is 12ab…, 34cd… was published`.
    package let sentence: String

    package init(to path: String, of run: RunDirectory, _ error: ArchiveError) {
      self.path = path
      let isInside = path.hasPrefix(run.path + "/")
      sentence = "\(isInside ? String(path.dropFirst(run.path.count + 1)) : path) \(error.fault)"
    }
  }

  /// What can be said of this run now.
  ///
  /// Takes no claim; the lock is tried and let go of at once, which a claim that comes at that moment waits out.
  ///
  /// - Parameter verifying: whether the digest of a published result is compared too. Without it, only its user
  ///   block and its length are looked at; every read of a number compares the digest anyway.
  /// - Parameter known: the canonical bytes that the run is named by, where the caller has them: bytes that are the same
  ///   need not be read as settings to be right.
  package func state(
    verifying: Bool = false, known: [UInt8]? = nil
  ) throws(ArchiveError) -> RunState {
    if let damage = damage(verifying: verifying, known: known) { return .corrupt(damage.sentence) }
    // Damage beside a result takes nothing from it: who needs a damaged record says so himself.
    if hasResult { return .done }
    let isHeld = try isLocked()
    let attempts = try attempts()
    if isHeld || seemsBeating(attempts.last) {
      let start = attempts.last?.start
      return .running(
        RunState.Owner(
          attempt: attempts.last?.number, host: start?.host, pid: start?.pid, started: start?.started))
    }
    guard let last = attempts.last else { return .pending }
    guard let end = last.end else { return .interrupted }
    switch end.outcome {
    // A result that was published and is not there was removed, as damage asks for: it can be computed again.
    case .stopped, .done: return .interrupted
    case .failed:
      return .failed(end.failure ?? .error, attempts: attempts.count { $0.end?.outcome == .failed })
    }
  }

  /// The first file that keeps this run from being done or gone on with; nil where there is none.
  ///
  /// - Parameters verifying, known: as for `state`.
  package func damage(verifying: Bool, known: [UInt8]? = nil) -> Damage? {
    do throws(ArchiveError) { try refuseLinks() } catch { return Damage(to: path, of: self, error) }
    // A result has its own copy of the settings, whose hash is the run's name, and needs no other file.
    if hasResult {
      return damage(resultPath) { () throws(ArchiveError) in
        try look(resultPath, .result, verifying: verifying)
      }
    }
    if let damage = damageOfSettings(known: known) { return damage }
    // Weights without their result are published again, if they are the same: those beyond reading never are.
    if Folder.exists(weightsPath) {
      let damage = damage(weightsPath) { () throws(ArchiveError) in
        try look(weightsPath, .weights, verifying: true)
      }
      if let damage { return damage }
    }
    // How far an unfinished run is, its attempts alone tell.
    return ((try? attempts()) ?? []).lazy.compactMap(\.damage.first).first
  }

  /// What is damaged beside the result of a finished run: its settings, and the records of its attempts.
  ///
  /// - Parameter known: as for `state`.
  package func damageBeside(known: [UInt8]? = nil) throws(ArchiveError) -> [Damage] {
    guard hasResult else { return [] }
    return (damageOfSettings(known: known).map { [$0] } ?? []) + (try attempts().flatMap(\.damage))
  }

  /// What is wrong with the settings that the run is named by; nil where nothing is, or nothing was begun.
  ///
  /// - Parameter known: as for `state`.
  package func damageOfSettings(known: [UInt8]? = nil) -> Damage? {
    if let known, (try? Folder.contents(of: specificationPath)) == known { return nil }
    // Settings come first into a new place; what stands there without them has lost them.
    guard [specificationPath, resultPath, attemptsPath].contains(where: Folder.exists) else { return nil }
    return damage(specificationPath) { () throws(ArchiveError) in _ = try settings() }
  }

  /// Whether something stands where the result is published.
  package var hasResult: Bool { Folder.exists(resultPath) }

  private func look(_ path: String, _ kind: FileKind, verifying: Bool) throws(ArchiveError) {
    let block = verifying ? try verify(path) : try readUserBlock(path)
    guard block.kind == kind else {
      throw ArchiveError.wrongKind(path: path, found: block.kind.rawValue, expected: kind.rawValue)
    }
    guard block.run == id else { throw ArchiveError.wrongRun(path: path, found: block.run, expected: id) }
  }

  private func damage(
    _ path: String, _ read: () throws(ArchiveError) -> Void
  ) -> Damage? {
    do throws(ArchiveError) {
      try read()
      return nil
    } catch {
      return Damage(to: path, of: self, error)
    }
  }
}
