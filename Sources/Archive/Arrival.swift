import Glibc
package import Records

/// What came of bringing a run from another store.
package enum Arrival: Sendable, Equatable {
  /// It came in, or what there was of it.
  case arrived
  /// The same bits are here; weights or records that were missing came in.
  case completed
  /// The same bits are here, or it is finished here and not there.
  case present
  /// It is unfinished in both stores, and not by the same attempts: this one goes on with its own.
  case unfinished
  /// Somebody works on it, there or here; the sentence says where.
  case busy(String)
  /// The same settings have another result here; both stay where they are.
  case conflict(String)
  /// What is there is not what was published, or what is here; a sentence each.
  case refused([String])
}

extension Store {
  /// Brings a run of another store into this one, by the steps in which a worker publishes one: settings, then the lock,
  /// records of attempts, weights, and last the result. Whoever is killed in between leaves an unfinished run, and the
  /// same call goes on.
  ///
  /// Before, every byte there is compared with its digest. Checkpoints come with an unfinished run, which goes on from
  /// them; those of a finished one nobody reads.
  ///
  /// - Parameter isDry: whether nothing is written.
  package func bring(_ id: Digest, from other: Store, isDry: Bool) throws(ArchiveError) -> Arrival {
    let (source, target) = (other.run(id), run(id))
    if try source.isLocked() { return .busy("somebody works on it in \(other.root)") }
    let complaints = RunCheck.complaints(about: source)
    guard complaints.isEmpty else { return .refused(complaints) }
    if target.hasResult { return try compare(source, target, isDry: isDry) }
    if let damage = target.damage(verifying: true) { return .refused([Arrival.damage(damage, here: root)]) }
    if isDry {
      if try target.isLocked() { return .busy("somebody works on it in \(root)") }
      return try RunImport(source, target).isForeign() ? .unfinished : .arrived
    }
    try add(try source.settings())
    return try locked(target) { () throws(ArchiveError) in
      // Whoever had the lock may have finished it.
      if target.hasResult { return try compare(source, target, isDry: true) }
      let work = RunImport(source, target)
      if try work.isForeign() { return .unfinished }
      return try work.perform()
    }
  }

  /// Two results of the same settings.
  private func compare(
    _ source: RunDirectory, _ target: RunDirectory, isDry: Bool
  ) throws(ArchiveError) -> Arrival {
    if let damage = target.damage(verifying: true) { return .refused([Arrival.damage(damage, here: root)]) }
    guard source.hasResult else { return .present }
    let (there, here) = (try verify(source.resultPath), try verify(target.resultPath))
    // Two formats of a file may hold the same result.
    if there.content != here.content, try source.result().digest != target.result().digest {
      return .conflict(
        "\(target.resultPath) is another result of the same settings than \(source.resultPath); `mneme rerun --check "
          + "\(source.id.short)` tells which of the two comes out")
    }
    let work = RunImport(source, target)
    guard try work.hasMissing() else { return .present }
    if isDry { return .completed }
    return try locked(target) { () throws(ArchiveError) in
      try work.complete()
      return .completed
    }
  }

  /// What would come of a run in a store that is not there yet.
  package func look(at id: Digest) throws(ArchiveError) -> Arrival {
    let source = run(id)
    if try source.isLocked() { return .busy("somebody works on it in \(root)") }
    let complaints = RunCheck.complaints(about: source)
    return complaints.isEmpty ? .arrived : .refused(complaints)
  }

  private func locked(
    _ run: RunDirectory, _ body: () throws(ArchiveError) -> Arrival
  ) throws(ArchiveError) -> Arrival {
    try run.refuseLinks()
    guard let lock = try Claim.take(run.lockPath) else { return .busy("somebody works on it in \(root)") }
    defer { _ = flock(lock.number, LOCK_UN) }
    return try body()
  }
}

extension Arrival {
  /// Damage to what is here already, which is not replaced.
  fileprivate static func damage(_ damage: RunDirectory.Damage, here root: String) -> String {
    "what is in \(root) is damaged, and stays: \(damage.sentence); `mneme fsck` there says how it is mended."
  }
}

extension RunCheck {
  /// What keeps a run from being believed, every byte of it read; a sentence each.
  static func complaints(about run: RunDirectory) -> [String] {
    let links = strangers(in: run.path)
    guard links.isEmpty else {
      return links.map {
        "\($0) is a link, pipe or device; a store has none, and what it leads to is not read."
      }
    }
    var findings = FindingList()
    RunCheck(run: run, isDeep: true, index: ResultIndex.empty, indexPath: "").check(&findings)
    return findings.all.filter { [.damage, .conflict, .unseen].contains($0.kind) }.map(\.sentence)
  }

  /// Whatever lies below a path and is neither a file nor a folder.
  private static func strangers(in path: String) -> [String] {
    var status = stat()
    guard lstat(path, &status) == 0 else { return [] }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return []
    case S_IFDIR: return ((try? Folder.names(in: path)) ?? []).flatMap { strangers(in: "\(path)/\($0)") }
    default: return [path]
    }
  }
}
