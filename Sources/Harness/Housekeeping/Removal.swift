package import Archive
package import Records

/// Runs and manifests that are to be taken out of a store, and what stands against it: what `mneme remove` shows before it
/// does anything.
package struct Removal: Sendable {
  package struct Line: Sendable {
    package let run: Digest
    package let name: String
    /// `done`, `running`, `failed`, `interrupted`, `pending`, `corrupt`.
    package let state: String
    package let bytes: Int
    /// The manifests that ask for it and stay, by name and short hash.
    package let neededBy: [String]
  }

  /// In the order of `mneme ls`.
  package let lines: [Line]
  package let manifests: [(hash: Digest, name: String)]
  /// What is damaged, for standard error; empty where nothing is.
  package let complaints: String
  private let store: Store

  /// - Parameters:
  ///   - words: hashes or beginnings of them, of runs and manifests; a manifest's file stands for its hash.
  ///   - selection: which of the runs; all that meet it where no word is given.
  ///   - withRuns: whether the runs that only the named manifests ask for go with them.
  ///   - evenIfNeeded: whether runs go that manifests ask for which stay.
  /// - Throws: `RemovalError`; nothing is removed then.
  package init(
    _ words: [String], where selection: Selection, withRuns: Bool, evenIfNeeded: Bool, in store: Store
  ) throws {
    self.store = store
    var (runs, manifests): (Set<Digest>, [Manifest]) = ([], [])
    for word in words {
      switch try Subject(word, in: store, at: store.root) {
      case .run(let run): runs.insert(run)
      case .manifest(let manifest):
        guard try store.hasManifest(manifest.hash) else {
          throw RemovalError.unstored(file: word, hash: manifest.hash.short)
        }
        if !manifests.contains(where: { $0.hash == manifest.hash }) { manifests.append(manifest) }
      }
    }
    if withRuns, manifests.isEmpty { throw RemovalError.noManifest }
    let needs = try ObjectCheck(store, deep: false)
    let going = Set(manifests.map { "\($0.name) (\($0.hash.short))" })
    let needed = needs.manifests.mapValues { $0.filter { !going.contains($0) } }
    if withRuns {
      let stored = Set(try store.runs())
      runs.formUnion(
        manifests.flatMap(\.runs).map(\.run).filter { stored.contains($0) && needed[$0, default: []].isEmpty }
      )
    }
    let chosen = try ChosenRuns(selection, in: store)
    if !selection.isEverything {
      let meeting = Set(chosen.runs.map(\.run))
      runs = words.isEmpty ? meeting : runs.intersection(meeting)
      guard !runs.isEmpty else {
        throw ReportError.noneChosen(selection.text, of: store.root, count: try store.runs().count)
      }
    }
    lines = try runs.map { run in
      let place = store.run(run)
      let name = chosen.stored.name(of: run, settings: try? place.settings())
      return Line(
        run: run, name: name.text, state: try place.state().word, bytes: StoreSizes.bytes(of: place.path),
        neededBy: needed[run, default: []])
    }.sorted { ($0.name, $0.run) < ($1.name, $1.run) }
    self.manifests = manifests.map { ($0.hash, $0.name) }
    complaints = chosen.damage.text
    if !lines.isEmpty, !evenIfNeeded {
      guard !needs.hasDamagedManifest else { throw RemovalError.unknownNeeds(store: store.root) }
      let kept = lines.filter { !$0.neededBy.isEmpty }
      guard kept.isEmpty else {
        throw RemovalError.needed(kept.map { ($0.run.short, $0.neededBy) }, of: lines.count)
      }
    }
  }

  /// Runs that somebody works on now: none of all is removed while there is one.
  package var running: [Line] { lines.filter { $0.state == "running" } }

  package var bytes: Int { lines.reduce(0) { $0 + $1.bytes } }

  /// What came of it.
  package struct Outcome: Sendable {
    package fileprivate(set) var removed: Set<Digest> = []
    /// Runs that somebody began to work on meanwhile: they stay.
    package fileprivate(set) var busy: [Digest] = []
    /// Whether it was stopped before its end.
    package fileprivate(set) var isStopped = false
  }

  /// Removes the runs, then the manifests: who is killed in between leaves manifests whose runs are pending.
  ///
  /// - Parameter isToStop: asked before each run.
  package func perform(isToStop: () -> Bool) throws(ArchiveError) -> Outcome {
    var outcome = Outcome()
    for line in lines {
      if isToStop() {
        outcome.isStopped = true
        return outcome
      }
      if try store.remove(line.run) {
        outcome.removed.insert(line.run)
      } else {
        outcome.busy.append(line.run)
      }
    }
    guard outcome.busy.isEmpty else { return outcome }
    for manifest in manifests {
      try store.remove(StoredObject(kind: "manifest", id: manifest.hash))
      outcome.removed.insert(manifest.hash)
    }
    return outcome
  }
}

/// Why nothing is removed.
package enum RemovalError: Error, CustomStringConvertible {
  case unstored(file: String, hash: String)
  case noManifest
  case needed([(run: String, by: [String])], of: Int)
  case unknownNeeds(store: String)

  package var description: String {
    switch self {
    case .unstored(let file, let hash):
      "\(file) is manifest \(hash), which this store does not have; `mneme ls --manifests` lists those it has."
    case .noManifest: "--with-runs takes the runs of a manifest with it; expected a manifest's hash or file."
    case .needed(let runs, let count):
      "\(runs.count) of \(counted(count, "run")) \(runs.count == 1 ? "is" : "are") needed by stored manifests, so nothing was removed; "
        + "--even-if-needed removes them all the same, `mneme remove MANIFEST --with-runs` with their manifest:\n"
        + runs.prefix(10).map { "  \($0.run)  \($0.by.joined(separator: ", "))" }.joined(separator: "\n")
        + (runs.count > 10 ? "\n  …" : "")
    case .unknownNeeds(let store):
      "a manifest of \(store) cannot be read, so nobody knows which runs it needs, and nothing was removed; "
        + "`mneme fsck` says which, --even-if-needed removes all the same."
    }
  }
}
