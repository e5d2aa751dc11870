import Records

/// Something in a store that should not be as it is.
package struct Finding: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// A file that is not what was published.
    case damage
    /// A file aside, left by a process that died while publishing.
    case leftover
    /// A file or folder that no store has.
    case stranger
    /// Two different results of the same settings.
    case conflict
  }

  package let kind: Kind
  package let path: String
  /// What was found, and what to do.
  package let sentence: String
}

extension Store {
  /// Looks at every file of the store; changes none.
  ///
  /// - Parameter deep: whether to compare every byte with its digest and read every file back. Otherwise only
  ///   specifications, user blocks and lengths are looked at.
  package func check(deep: Bool) throws(ArchiveError) -> [Finding] {
    var findings: [Finding] = []
    for name in try Folder.names(in: root)
    where !["VERSION", "objects", "runs", ResultIndex.folderName].contains(name) {
      if !ScratchStore.isOne(name) {
        findings.append(stray("\(root)/\(name)", name))
      } else if ScratchStore.isAbandoned(name, in: self) {
        findings.append(
          Finding(
            kind: .leftover, path: "\(root)/\(name)",
            sentence: "\(root)/\(name) was left by a `mneme rerun` that was killed; the next one removes it.")
        )
      }
    }
    try checkIndex(&findings)
    let index = ResultIndex(of: self)
    for (shelf, path) in try shelves("runs", &findings) {
      for name in try Folder.names(in: path) {
        if let id = Digest(hex: name), name.hasPrefix(shelf) {
          try check(run(id), index, deep: deep, &findings)
        } else {
          findings.append(stray("\(path)/\(name)", name))
        }
      }
    }
    for (shelf, path) in try shelves("objects", &findings) {
      for name in try Folder.names(in: path) {
        guard name.hasPrefix(shelf), let object = StoredObject(name: name) else {
          findings.append(stray("\(path)/\(name)", name))
          continue
        }
        damage("\(path)/\(name)", &findings) { () throws(ArchiveError) in _ = try self.object(object) }
      }
    }
    return findings
  }

  private func shelves(
    _ kind: String, _ findings: inout [Finding]
  ) throws(ArchiveError) -> [(name: String, path: String)] {
    var shelves: [(name: String, path: String)] = []
    for name in try Folder.names(in: "\(root)/\(kind)") {
      let path = "\(root)/\(kind)/\(name)"
      let isShelf = name.utf8.count == 2 && Folder.isFolder(path)
      if isShelf { shelves.append((name, path)) } else { findings.append(stray(path, name)) }
    }
    return shelves
  }

  private func checkIndex(_ findings: inout [Finding]) throws(ArchiveError) {
    for name in try Folder.names(in: folder(of: ResultIndex.path(in: self))) {
      let path = "\(root)/\(ResultIndex.folderName)/\(name)"
      if name != ResultIndex.fileName {
        findings.append(stray(path, name))
      } else if !ResultIndex.isIntact(path) {
        findings.append(
          Finding(
            kind: .leftover, path: path,
            sentence:
              "\(path) cannot be read, and nothing is read from it; the next `mneme table` writes it anew."))
      }
    }
  }

  /// Whether the index says of a result what the result says of itself.
  private func compare(
    _ result: RunResult, at path: String, with index: ResultIndex, _ findings: inout [Finding]
  ) throws(ArchiveError) {
    guard let kept = index.final(of: try verify(path)), kept != result.final else { return }
    let place = ResultIndex.path(in: self)
    findings.append(
      Finding(
        kind: .damage, path: place,
        sentence:
          "\(place) says of run \(result.run.short) what its result does not, and tables believe it. Remove "
          + "\(place), and print the tables again."))
  }

  private func check(
    _ run: RunDirectory, _ index: ResultIndex, deep: Bool, _ findings: inout [Finding]
  ) throws(ArchiveError) {
    if let damage = run.damageOfSettings() {
      findings.append(Finding(kind: .damage, path: damage.path, sentence: damage.sentence))
    } else if !Folder.exists(run.specificationPath) {
      // The folder is made before the settings are: who dies in between has lost nothing.
      findings.append(
        Finding(
          kind: .leftover, path: run.path,
          sentence:
            "\(run.path) was left by a process that died before it wrote the run's settings; `mneme run` with "
            + "its manifest goes on there."))
    }
    // Whoever works on a run has files aside, by right.
    let isHeld = try run.isLocked()
    for name in try Folder.names(in: run.path) where !["spec", "lock", "attempts"].contains(name) {
      let path = "\(run.path)/\(name)"
      switch name {
      case "result.h5":
        var differences: [Finding] = []
        damage(path, &findings) { () throws(ArchiveError) in
          if deep {
            try compare(try run.result(), at: path, with: index, &differences)
          } else {
            try look(path, .result, run.id)
          }
        }
        findings += differences
      case "weights.h5":
        damage(path, &findings) { () throws(ArchiveError) in
          guard deep else { return try look(path, .weights, run.id) }
          let named = Folder.exists(run.resultPath) ? try? run.final().weights : nil
          _ = try WeightsFile.read(path, run: run.id, digest: named)
        }
      default:
        if !isHeld || !name.contains(Publication.mark) { findings.append(stray(path, name)) }
      }
    }
    if Folder.exists(run.resultPath), !Folder.exists(run.weightsPath) {
      // A record that cannot be read is a finding of its own, below.
      if (try? run.keepsWeights()) == true {
        findings.append(
          Finding(
            kind: .damage, path: run.weightsPath,
            sentence: "\(run.weightsPath) was published and is gone. Bring it back from a copy, or remove "
              + "\(run.resultPath) and run again."))
      }
    }
    for name in try Folder.names(in: run.attemptsPath) {
      let path = "\(run.attemptsPath)/\(name)"
      guard let number = Int(name), run.attemptPath(number) == path, Folder.isFolder(path) else {
        findings.append(stray(path, name))
        continue
      }
      try check(attempt: path, of: run, isHeld: isHeld, deep: deep, &findings)
    }
  }

  private func check(
    attempt folder: String, of run: RunDirectory, isHeld: Bool, deep: Bool, _ findings: inout [Finding]
  ) throws(ArchiveError) {
    for name in try Folder.names(in: folder) {
      let path = "\(folder)/\(name)"
      switch name {
      case "attempt.json":
        damage(path, &findings) { () throws(ArchiveError) in
          _ = try JSONFile.read(AttemptStart.self, at: path)
        }
      case "end.json":
        damage(path, &findings) { () throws(ArchiveError) in _ = try JSONFile.read(AttemptEnd.self, at: path)
        }
      case "live.jsonl":
        let lines = try LiveLog(at: path).damagedLines
        if !lines.isEmpty {
          let found = "damaged lines \(lines.prefix(5).map(String.init).joined(separator: ", "))"
          findings.append(
            Finding(kind: .damage, path: path, sentence: "\(path): \(found); the rest can be read."))
        }
      case "log": break
      case _ where CheckpointFile.step(ofName: name) != nil:
        damage(path, &findings) { () throws(ArchiveError) in
          if deep {
            _ = try CheckpointFile.read(path, run: run.id)
          } else {
            try look(path, .checkpoint, run.id)
          }
        }
      case _ where name.hasPrefix("conflict-"):
        findings.append(
          Finding(
            kind: .conflict, path: path,
            sentence:
              "\(path): an attempt gave this, and \(run.path) holds another result of the same settings."))
      default:
        if !isHeld || !name.contains(Publication.mark) { findings.append(stray(path, name)) }
      }
    }
  }

  /// Looks at user block and length only.
  private func look(_ path: String, _ kind: FileKind, _ run: Digest) throws(ArchiveError) {
    let block = try readUserBlock(path)
    guard block.kind == kind else {
      throw ArchiveError.wrongKind(path: path, found: block.kind.rawValue, expected: kind.rawValue)
    }
    guard block.run == run else { throw ArchiveError.wrongRun(path: path, found: block.run, expected: run) }
  }

  private func damage(
    _ path: String, _ findings: inout [Finding], _ read: () throws(ArchiveError) -> Void
  ) {
    do throws(ArchiveError) { try read() } catch {
      findings.append(Finding(kind: .damage, path: path, sentence: error.description))
    }
  }

  private func stray(_ path: String, _ name: String) -> Finding {
    name.contains(Publication.mark)
      ? Finding(
        kind: .leftover, path: path,
        sentence: "\(path) was left by a process that died while writing; remove it.")
      : Finding(kind: .stranger, path: path, sentence: "\(path) belongs to no store; move it away.")
  }
}
