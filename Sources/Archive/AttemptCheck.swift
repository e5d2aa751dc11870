import Records

/// Looks at every file of one attempt at a run.
struct AttemptCheck {
  let run: RunDirectory
  let number: Int
  /// Whether somebody works on the run now.
  let isHeld: Bool
  let isDeep: Bool

  private var path: String { run.attemptPath(number) }

  func check(_ findings: inout FindingList) {
    let names = findings.names(in: path, run: run.id)
    // Without both, a process died while beginning, and is in nobody's way.
    if names.contains("end.json"), !names.contains("attempt.json") {
      findings.add(
        Finding(
          kind: .damage, path: path,
          sentence: "\(path) has no attempt.json: what an attempt took is told without who made it.",
          run: run.id, remedy: .restore))
    }
    for name in names { check("\(path)/\(name)", name, &findings) }
  }

  private func check(_ path: String, _ name: String, _ findings: inout FindingList) {
    switch name {
    case "attempt.json":
      // A record in the way of an unfinished run may be removed; of a finished one it is in nobody's.
      let remedy: Finding.Remedy = Folder.exists(run.resultPath) ? .restore : .restoreOrRemove
      findings.add(damageOf: path, run: run.id, remedy: remedy) { () throws(ArchiveError) in
        _ = try Attempt.start(number, of: run)
      }
    case "end.json":
      findings.add(damageOf: path, run: run.id, remedy: .restoreOrRemove) { () throws(ArchiveError) in
        if let end = try Attempt.end(number, of: run) { try checkClocks(end, path) }
      }
    case "live.jsonl":
      findings.add(damageOf: path, run: run.id, remedy: .remove([path])) { () throws(ArchiveError) in
        let lines = try LiveLog(at: path).damagedLines
        guard !lines.isEmpty else { return }
        throw ArchiveError.corrupt(
          path: path, found: "damaged lines \(lines.prefix(5).map(String.init).joined(separator: ", "))",
          expected: "lines that their checksums fit; the rest can be read, and no result is made of it")
      }
    case "log", Claim.beatsName: break
    case _ where CheckpointFile.step(ofName: name) != nil: checkCheckpoint(path, name, &findings)
    case _ where name.hasPrefix("conflict-"):
      findings.add(
        Finding(
          kind: .conflict, path: path,
          sentence:
            "\(path): an attempt gave this, and \(run.path) holds another result of the same settings.",
          run: run.id, remedy: .compare))
    default:
      if !isHeld || !name.contains(Publication.mark) { findings.add(.stray(path, name, run: run.id)) }
    }
  }

  private func checkCheckpoint(_ path: String, _ name: String, _ findings: inout FindingList) {
    findings.add(damageOf: path, run: run.id, remedy: .remove([path])) { () throws(ArchiveError) in
      guard isDeep else { return try look(path, .checkpoint, run.id) }
      let found = try CheckpointFile.read(path, run: run.id).step
      guard CheckpointFile.name(step: found) == name else {
        throw ArchiveError.malformed(
          file: path, object: "attribute step", found: "\(found)", expected: "the step in the file's name")
      }
    }
  }

  /// An attempt that wrote its own end took what its two clock readings are apart.
  private func checkClocks(_ end: AttemptEnd, _ path: String) throws(ArchiveError) {
    // A start that cannot be read is a finding of its own.
    guard isDeep, end.userSeconds != nil,
      let start = (try? Attempt.start(number, of: run)) ?? nil
    else { return }
    let apart = end.monotonic - start.monotonic
    guard abs(apart - end.seconds) <= 1e-3 else {
      throw ArchiveError.corrupt(
        path: path, found: "\(end.seconds) seconds from begin to end",
        expected: "the \(apart) by which the clock moved on since attempt.json")
    }
  }
}
