import Records

extension Store {
  /// Looks at every file of the store; changes none.
  ///
  /// - Parameter deep: whether to compare every byte with its digest and read every file back. Otherwise only
  ///   specifications, user blocks and lengths are looked at.
  /// - Throws: where not even the store's own folder can be listed; what cannot be looked at below it is a finding.
  package func check(deep: Bool) throws(ArchiveError) -> [Finding] {
    var findings = FindingList()
    for name in try Folder.names(in: root, following: true)
    where ![
      "VERSION", "objects", "runs", Store.jobsName, ResultIndex.folderName, Notebook.fileName,
    ].contains(name) {
      checkRoot(name, &findings)
    }
    checkIndex(&findings)
    findings.add(damageOf: Notebook.path(in: self), remedy: .restore) { () throws(ArchiveError) in
      if let damage = try Notebook(of: self).damage { throw damage }
    }
    let index = ResultIndex(of: self)
    for (shelf, path) in shelves("runs", &findings) {
      for name in findings.names(in: path) {
        if let id = Digest(hex: name), name.hasPrefix(shelf), Folder.isFolder("\(path)/\(name)") {
          RunCheck(run: run(id), isDeep: deep, index: index, indexPath: ResultIndex.path(in: self))
            .check(&findings)
        } else {
          findings.add(.stray("\(path)/\(name)", name))
        }
      }
    }
    for (shelf, path) in shelves("objects", &findings) {
      for name in findings.names(in: path) {
        guard name.hasPrefix(shelf), let object = StoredObject(name: name) else {
          findings.add(.stray("\(path)/\(name)", name))
          continue
        }
        // Manifests are kept anew by the next run; what else there is was measured, and is measured again.
        let isManifest = object.kind == "manifest"
        findings.add(
          damageOf: "\(path)/\(name)",
          remedy: isManifest ? .compute(removing: ["\(path)/\(name)"]) : .remove(["\(path)/\(name)"])
        ) { () throws(ArchiveError) in _ = try self.object(object) }
      }
    }
    return findings.all
  }

  private func checkRoot(_ name: String, _ findings: inout FindingList) {
    let path = "\(root)/\(name)"
    if name == Store.trashName, Folder.isFolder(path) {
      for name in findings.names(in: path) {
        findings.add(
          Finding(
            kind: .leftover, path: "\(path)/\(name)",
            sentence: "\(path)/\(name) was being removed by a process that was killed; `mneme gc` goes on.",
            remedy: .tidy))
      }
    } else if !ScratchStore.isOne(name) {
      findings.add(.stray(path, name))
    } else if ScratchStore.isAbandoned(name, in: self) {
      findings.add(
        Finding(
          kind: .leftover, path: path,
          sentence: "\(path) was left by a `mneme rerun` that was killed; the next one removes it.",
          remedy: .remove([path])))
    } else if ScratchStore.isWaiting(name, in: self) {
      findings.add(
        Finding(
          kind: .leftover, path: path,
          sentence: "\(path) was left by a `mneme rerun` that was stopped; the same command goes on with it. "
            + "Remove it if nobody will.", remedy: .remove([path])))
    }
  }

  private func shelves(
    _ kind: String, _ findings: inout FindingList
  ) -> [(name: String, path: String)] {
    var shelves: [(name: String, path: String)] = []
    for name in findings.names(in: "\(root)/\(kind)") {
      let path = "\(root)/\(kind)/\(name)"
      let isShelf = name.utf8.count == 2 && Folder.isFolder(path)
      if isShelf { shelves.append((name, path)) } else { findings.add(.stray(path, name)) }
    }
    return shelves
  }

  private func checkIndex(_ findings: inout FindingList) {
    for name in findings.names(in: folder(of: ResultIndex.path(in: self))) {
      let path = "\(root)/\(ResultIndex.folderName)/\(name)"
      if name != ResultIndex.fileName {
        findings.add(.stray(path, name))
      } else if !ResultIndex.isIntact(path) {
        findings.add(
          Finding(
            kind: .leftover, path: path,
            sentence:
              "\(path) cannot be read, and nothing is read from it; the next `mneme table` writes it anew.",
            remedy: .remove([path])))
      }
    }
  }
}
