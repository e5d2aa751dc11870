import Records

/// Looks at every file of one run.
struct RunCheck {
  let run: RunDirectory
  let isDeep: Bool
  let index: ResultIndex
  let indexPath: String

  func check(_ findings: inout FindingList) {
    let names = findings.names(in: run.path, run: run.id)
    // Whoever works on a run has files aside, by right.
    let isHeld = (try? run.isLocked()) ?? false
    checkSettings(isHeld: isHeld, &findings)
    for name in names where !["spec", "lock"].contains(name) {
      let path = "\(run.path)/\(name)"
      switch name {
      case "result.h5": checkResult(&findings)
      case "weights.h5": checkWeights(&findings)
      case "attempts" where Folder.isFolder(path):
        for name in findings.names(in: path, run: run.id) {
          let folder = "\(path)/\(name)"
          if let number = Int(name), RunDirectory.attemptRange.contains(number),
            run.attemptPath(number) == folder, Folder.isFolder(folder)
          {
            AttemptCheck(run: run, number: number, isHeld: isHeld, isDeep: isDeep).check(&findings)
          } else {
            findings.add(.stray(folder, name, run: run.id))
          }
        }
      default:
        if !isHeld || !name.contains(Publication.mark) { findings.add(.stray(path, name, run: run.id)) }
      }
    }
    // Attempts that cannot be read are findings of their own.
    if !Folder.exists(run.resultPath),
      (try? run.attempts())?.contains(where: { $0.end?.outcome == .done }) == true
    {
      findings.add(
        Finding(
          kind: .damage, path: run.resultPath,
          sentence: "\(run.resultPath) was published and is gone.", run: run.id,
          remedy: .compute(removing: [])))
    }
    if Folder.exists(run.resultPath), !Folder.exists(run.weightsPath) {
      // A record that cannot be read is a finding of its own.
      if (try? run.keepsWeights()) == true {
        findings.add(
          Finding(
            kind: .damage, path: run.weightsPath,
            sentence: "\(run.weightsPath) was published and is gone.", run: run.id,
            remedy: .compute(removing: [run.resultPath])))
      }
    }
  }

  private func checkSettings(isHeld: Bool, _ findings: inout FindingList) {
    if let damage = run.damageOfSettings() {
      findings.add(
        Finding(
          kind: .damage, path: damage.path, sentence: "\(run.path)/\(damage.sentence).", run: run.id,
          remedy: .compute(removing: [])))
    } else if !Folder.exists(run.specificationPath), !isHeld {
      // The folder is made before the settings are: who dies in between has lost nothing.
      findings.add(
        Finding(
          kind: .leftover, path: run.path,
          sentence:
            "\(run.path) was left by a process that died before it wrote the run's settings; `mneme run` with "
            + "its manifest goes on there.", run: run.id, remedy: .remove([run.path])))
    }
  }

  private func checkResult(_ findings: inout FindingList) {
    let path = run.resultPath
    // Weights come with a result: a run that has one is not computed again.
    findings.add(damageOf: path, run: run.id, remedy: .compute(removing: [path])) {
      () throws(ArchiveError) in
      if isDeep { _ = try run.result() } else { try look(path, .result, run.id) }
    }
    guard isDeep, let result = try? run.result(), let block = try? verify(path),
      let kept = index.final(of: block), kept != result.final
    else { return }
    findings.add(
      Finding(
        kind: .damage, path: indexPath,
        sentence:
          "\(indexPath) says of run \(run.id.short) what its result does not, and tables believe it.",
        run: run.id, remedy: .remove([indexPath])))
  }

  private func checkWeights(_ findings: inout FindingList) {
    let path = run.weightsPath
    let removed = [path, run.resultPath].filter(Folder.exists)
    findings.add(damageOf: path, run: run.id, remedy: .compute(removing: removed)) {
      () throws(ArchiveError) in
      guard isDeep else { return try look(path, .weights, run.id) }
      let named = Folder.exists(run.resultPath) ? try? run.final().weights : nil
      _ = try WeightsFile.read(path, run: run.id, digest: named)
    }
  }
}

/// Looks at user block and length only.
func look(_ path: String, _ kind: FileKind, _ run: Digest) throws(ArchiveError) {
  let block = try readUserBlock(path)
  guard block.kind == kind else {
    throw ArchiveError.wrongKind(path: path, found: block.kind.rawValue, expected: kind.rawValue)
  }
  guard block.run == run else { throw ArchiveError.wrongRun(path: path, found: block.run, expected: run) }
}
