package import Archive
import Records

/// Asks a selection of one run after another, and notices when its words can mean nothing in what it saw.
struct Sieve {
  private let selection: Selection
  /// What was read, to look further.
  private(set) var index: ResultIndex?
  /// Metrics of the finished runs that were asked for one.
  private var metrics: Set<String> = []
  /// The runs among those asked that are corrupt, and what is wrong with each.
  private(set) var corrupt: [(run: Digest, sentence: String)] = []
  /// What was written about runs and manifests; nil where nobody asks, or nothing is stored.
  private let notebook: Notebook?

  /// - Parameter store: nil where nothing is stored yet.
  init(_ selection: Selection, index: ResultIndex?, in store: Store?) throws(ArchiveError) {
    (self.selection, self.index) = (selection, index)
    let asks = selection.terms.contains { ["tag", "note"].contains($0.key.name) }
    if asks, let store { notebook = try Notebook(of: store) } else { notebook = nil }
  }

  /// Whether the run meets the selection; nothing that follows is looked up after a term that it does not meet.
  mutating func passes(_ run: inout RunFacts) throws(ArchiveError) -> Bool {
    for term in selection.terms {
      let written = remarks(about: run, term.key.name)
      let values = if let written { written } else { try run.values(of: term.key, &index) }
      if term.key.holder.rawValue >= SelectionKey.Holder.state.rawValue {
        if case .corrupt(let sentence) = try run.state(&index), corrupt.last?.run != run.run {
          corrupt.append((run.run, sentence))
        }
        if term.key.holder == .number, let final = try run.final(&index) {
          metrics.formUnion(final.metrics.map(\.name))
        }
      }
      guard term.holds(values) else { return false }
    }
    return true
  }

  /// What was written about a run and the manifests that ask for it; nil for a key that asks something else.
  private func remarks(about run: RunFacts, _ key: String) -> [Value]? {
    guard ["tag", "note"].contains(key) else { return nil }
    guard let notebook else { return [] }
    return ([run.run] + run.owners.map(\.hash)).flatMap { id in
      key == "tag" ? notebook.tags(of: id) : notebook.notes(on: id).map(\.text)
    }.map(Value.text)
  }

  /// Refuses a metric that none of the runs has which were asked for it, and a manifest that is not there.
  ///
  /// - Parameter manifests: names and hashes of the manifests there are.
  func refuseStrangers(among manifests: [RunFacts.Owner]) throws(SelectionError) {
    for term in selection.terms {
      if term.key.holder == .number, !term.key.name.hasPrefix("cost."), !metrics.isEmpty,
        !metrics.contains(term.key.name)
      {
        let known = metrics.sorted()
        let near = nearest(term.key.name, among: known)
        throw SelectionError(
          selection.text, term.place,
          "no finished run has \(term.key.name)"
            + (near.map { "; did you mean \($0)?" } ?? "; known are \(known.joined(separator: ", "))."))
      }
      if term.key.name == "tag" { try refuseStrangers(in: term) }
      guard term.key.name == "manifest" else { continue }
      for value in term.values {
        let facts = manifests.flatMap { [Value.text($0.hash.hex), .text($0.name)] }
        let lone = Selection.Term(
          key: term.key, relation: .equal, isDenied: false, values: [value], place: term.place)
        guard !lone.holds(facts) else { continue }
        let near = nearest(value.description, among: manifests.map(\.name))
        throw SelectionError(
          selection.text, term.place,
          "no manifest here is called \(shortened(value.description)), or has a hash that begins so"
            + (near.map { "; did you mean \($0)?" } ?? "; `mneme ls --manifests` lists those of the store."))
      }
    }
  }
}

extension Sieve {
  /// Refuses a tag that nothing in the store has.
  private func refuseStrangers(in term: Selection.Term) throws(SelectionError) {
    let known = notebook?.tags ?? []
    for case .text(let tag) in term.values where !known.contains(tag) {
      throw SelectionError(
        selection.text, term.place,
        "nothing here has the tag \(shortened(tag))"
          + (nearest(tag, among: known).map { "; did you mean \($0)?" }
            ?? "; `mneme note --tag TAG HASH` gives it, `mneme note` lists all."))
    }
  }
}

/// The runs of a store that meet a selection, in the order of their ids.
struct ChosenRuns {
  var runs: [RunFacts]
  let stored: StoredRuns
  /// What was found damaged on the way.
  let damage: DamageNotes
  var index: ResultIndex?

  init(_ selection: Selection, in store: Store) throws {
    stored = try StoredRuns(store)
    var sieve = try Sieve(selection, index: ResultIndex(of: store), in: store)
    var runs: [RunFacts] = []
    for run in try store.runs() {
      var facts = stored.facts(of: run, in: store)
      if try sieve.passes(&facts) { runs.append(facts) }
    }
    try sieve.refuseStrangers(among: stored.manifests.map(RunFacts.Owner.init))
    self.runs = runs
    var damage = stored.damage
    for (run, sentence) in sieve.corrupt { damage.add(corrupt: run, sentence) }
    self.damage = damage
    index = sieve.index
  }
}

extension ChosenRuns {
  /// Looks at every run by all processors, so that what is asked of them later is at hand. What cannot be looked at is
  /// looked at again when it is asked for, and complained about then.
  mutating func lookAtAll(withCosts: Bool) {
    let index = index
    let looks = inParallel(runs) { run in
      var run = run
      let reading = (try? run.look(index)) ?? nil
      if withCosts { try? run.lookUpAccount() }
      return (run, reading)
    }
    runs = looks.map(\.0)
    for case let reading? in looks.map(\.1) { self.index?.keep(reading) }
  }
}

extension Manifest {
  /// The same manifest with none but the runs that meet a selection; its hash and name stay, and its tables say what they
  /// are of.
  ///
  /// - Parameter store: nil where nothing has been stored yet: then every run is pending.
  package func selecting(_ selection: Selection, in store: Store?) throws -> Manifest {
    guard !selection.isEverything else { return self }
    let owner = RunFacts.Owner(self)
    var sieve = try Sieve(selection, index: store.map { ResultIndex(of: $0) }, in: store)
    let runs = try self.runs.filter { run in
      var facts = RunFacts(
        run.run, owners: [owner], specification: run, directory: store?.run(run.run))
      return try sieve.passes(&facts)
    }
    try sieve.refuseStrangers(among: [owner])
    guard !runs.isEmpty else {
      throw ReportError.noneChosen(selection.text, of: name, count: self.runs.count)
    }
    return keeping(runs, selection: selection.text)
  }
}
