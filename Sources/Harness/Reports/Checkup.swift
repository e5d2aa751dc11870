package import Archive
package import Records

/// Whether everything in a store is what was put there: what `mneme fsck` says. Changes nothing.
package struct Checkup: Sendable {
  /// Something that is not as it should be: what was found, and what to type next.
  package struct Finding: Sendable, Equatable {
    package let kind: Archive.Finding.Kind
    package let path: String
    package let sentence: String
    /// The run whose file it is; nil for what is no run's.
    package let run: Digest?
    /// A line for a shell.
    package let next: String
  }

  package let findings: [Finding]
  /// The same for people.
  private let groups: [FindingGroup]
  package let runs: Int
  package let objects: Int
  /// Nil without `deep`.
  package let sizes: StoreSizes?
  /// Whether a manifest is damaged, so that nobody can tell which runs none needs.
  private let isBlind: Bool

  /// - Parameter deep: whether every byte is compared with its digest, and what nothing needs is looked for; otherwise
  ///   specifications, user blocks and lengths.
  package init(_ store: Store, deep: Bool) throws {
    let shelf = try ObjectCheck(store, deep: deep)
    var all = try store.check(deep: deep) + shelf.findings
    isBlind = deep && shelf.hasDamagedManifest
    if deep { all += try Checkup.orphans(of: store, isBlind ? nil : shelf.manifests, beside: all) }
    let advice = Advice(store: store.root, manifests: shelf.manifests)
    findings = all.map {
      Finding(kind: $0.kind, path: $0.path, sentence: $0.sentence, run: $0.run, next: advice.next(after: $0))
    }
    groups = FindingGroup.all(of: all, advice)
    runs = try store.runs().count
    objects = try store.objects().count
    sizes = deep ? StoreSizes(of: store) : nil
  }

  /// What is intact and nothing needs: checkpoints of finished runs, and runs that none of `manifests` asks for, unless
  /// that is nil.
  private static func orphans(
    of store: Store, _ manifests: [Digest: [String]]?, beside known: [Archive.Finding]
  ) throws -> [Archive.Finding] {
    let told = Set(known.map(\.path))
    var orphans: [Archive.Finding] = []
    for run in try store.runs() {
      let place = store.run(run)
      guard !told.contains(place.path), let state = try? place.state(verifying: true) else { continue }
      if state == .done {
        for checkpoint in try place.checkpoints() where !told.contains(checkpoint.path) {
          orphans.append(
            .init(
              kind: .orphan, path: checkpoint.path,
              sentence: "\(checkpoint.path) is a checkpoint of a finished run; nothing reads it any more.",
              run: run, remedy: .tidy))
        }
      }
      guard let manifests, manifests[run] == nil else { continue }
      orphans.append(
        .init(
          kind: .orphan, path: place.path,
          sentence: "\(place.path), \(StoreSizes.bytes(of: place.path).grouped) bytes, \(state.word): "
            + "no manifest of this store needs this run.", run: run, remedy: .look))
    }
    return orphans
  }

  /// 1 for damage and for two results of the same settings, 2 for what could not be looked at. What a killed process left
  /// behind harms nothing, nor does what nothing needs.
  package var status: ExitStatus {
    if damage > 0 { return .finding }
    return unseen > 0 ? .unable : .done
  }

  private var damage: Int { findings.count { $0.kind == .damage || $0.kind == .conflict } }
  private var unseen: Int { findings.count { $0.kind == .unseen } }

  /// What was found and what to type, then what it comes to, then how large everything is.
  package var text: String {
    let looked =
      sizes != nil ? "every byte compared" : "specifications, headers and lengths; --deep compares every byte"
    let verdict = damage == 0 ? "no damage" : "\(damage) damaged"
    let others = findings.count - damage - unseen
    return groups.map(\.text).joined()
      + "\(counted(runs, "run")), \(counted(objects, "object")) (\(looked)): \(verdict)"
      + (unseen > 0 ? ", \(unseen) not looked at" : "") + (others > 0 ? ", \(others) to tidy up" : "") + ".\n"
      + (isBlind ? "Which runs no manifest needs is not told: a manifest cannot be read.\n" : "")
      + (sizes.map(sizeText) ?? "")
  }

  private func sizeText(_ sizes: StoreSizes) -> String {
    var rows = StoreSizes.Part.allCases.compactMap { part in
      sizes.files[part].map {
        [part.rawValue, counted($0, "file"), "\((sizes.bytes[part] ?? 0).grouped) bytes"]
      }
    }
    rows.append(["all", counted(sizes.allFiles, "file"), "\(sizes.allBytes.grouped) bytes"])
    return inColumns(rows, indentation: "  ", numbersRight: true)
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      CheckupJSON(
        deep: sizes != nil, runs: runs, objects: objects, damaged: damage, unseen: unseen,
        sizes: sizes?.members,
        findings: findings.map {
          .init(
            kind: $0.kind.rawValue, path: $0.path, sentence: $0.sentence, run: $0.run?.hex, next: $0.next)
        }))
  }
}

private struct CheckupJSON: Encodable {
  struct Finding: Encodable {
    let kind: String
    let path: String
    let sentence: String
    let run: String?
    let next: String
  }

  let deep: Bool
  let runs: Int
  let objects: Int
  let damaged: Int
  let unseen: Int
  let sizes: [String: StoreSizes.Member]?
  let findings: [Finding]
}
