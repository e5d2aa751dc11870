package import Archive
import Records
package import Tables

/// What a table of any runs is to show, as it is asked for on a command line.
package struct TableQuestion: Sendable, Equatable {
  package let rows: [String]
  package let columns: [String]
  package let cells: [String]
  package let over: [String]
  package let show: Show
  package let better: Better?

  /// Each word may be several keys with commas between.
  package init(
    rows: [String], columns: [String], cells: [String], over: [String], show: Show, better: Better?
  ) {
    func keys(_ words: [String]) -> [String] {
      words.flatMap { $0.split { $0 == "," || $0.isWhitespace }.map(String.init) }
    }
    (self.rows, self.columns) = (keys(rows), keys(columns))
    (self.cells, self.over) = (keys(cells), keys(over))
    (self.show, self.better) = (show, better)
  }

  /// Refuses what is no key, with the option it was given to.
  fileprivate func check(isStored: (String) -> Bool) throws(AnyRunsError) {
    for (option, keys) in [("--rows", rows), ("--columns", columns), ("--over", over)] {
      for name in keys {
        guard let key = SelectionKey(name, isStored: isStored) else {
          throw .unknownKey(option: option, name, nearest: SelectionKey.nearest(to: name))
        }
        guard key.holder == .setting else { throw .noAxis(option: option, name) }
      }
    }
    guard !rows.isEmpty else { throw .nothingGiven(option: "--rows", expected: "a key such as model.kind") }
    guard !cells.isEmpty else {
      throw .nothingGiven(option: "--cell", expected: "a metric or cost such as test.accuracy")
    }
    for name in cells {
      guard let key = SelectionKey(name, isStored: isStored) else {
        throw .unknownKey(option: "--cell", name, nearest: SelectionKey.nearest(to: name))
      }
      guard key.holder == .number else { throw .noNumber(name) }
    }
  }

  fileprivate func specification() throws(TablesError) -> TableSpecification {
    try TableSpecification(
      name: ([rows] + (columns.isEmpty ? [] : [columns])).map { $0.joined(separator: ", ") }.joined(
        separator: " × "),
      rows: rows, columns: columns, cell: cells.first ?? "", besides: Array(cells.dropFirst()), over: over,
      show: show, better: better, reference: nil)
  }
}

/// A table of any runs of a store, whichever manifests asked for them. Equal stores give equal tables.
///
/// Stored runs that are not finished are counted in their cells, as the planned runs of a manifest are. Nothing unlike is
/// put together in silence: runs that differ in a setting that is neither shown nor averaged over, tiers, orders of
/// arithmetic, and what models, tasks and training mean.
package struct AnyRunsReport: SheetReport {
  package let owner: String
  package let sheets: [Sheet]
  private let damage: DamageNotes

  /// - Parameter selection: which runs; all of the store where it is of everything.
  package init(_ question: TableQuestion, where selection: Selection, in store: Store) throws {
    try question.check { key in
      ((try? store.runs()) ?? []).contains { (try? store.run($0).settings())?[key] != nil }
    }
    let specification = try question.specification()
    var chosen = try ChosenRuns(selection, in: store)
    guard !chosen.runs.isEmpty else {
      throw ReportError.noneChosen(selection.text, of: store.root, count: try store.runs().count)
    }
    try refuseUnknownMetrics(specification.cells, &chosen)
    let tier = try commonTier(of: chosen.runs, selection)
    var (damage, leftOut): (DamageNotes, [String]) = (chosen.damage, [])
    var units = Survey.costUnits
    var observations: [Observation] = []
    let withCosts = specification.cells.contains { Cost(key: $0) != nil }
    chosen.lookAtAll(withCosts: withCosts)
    for var run in chosen.runs {
      let state = try observed(&run, &chosen.index, withCosts: withCosts)
      switch try run.state(&chosen.index) {
      case .corrupt(let sentence): damage.add(corrupt: run.run, sentence)
      case .done where withCosts: damage.add(beside: run.run, try run.damageBeside())
      default: break
      }
      let settings = run.settings()
      guard !settings.isEmpty else {
        leftOut.append(run.run.short)
        continue
      }
      if let final = try run.final(&chosen.index) { units.merge(final.units) { first, _ in first } }
      observations.append(
        Observation(
          run: run.run, settings: settings, derived: try run.derived(&chosen.index), tier: tier, state: state)
      )
    }
    chosen.index?.save()
    try refuseOtherMeanings(observations, axes: specification.axes)
    let finished = observations.filter { if case .finished = $0.state { true } else { false } }.map(\.run)
    let costs = try withCosts ? CostNotes(nil, finished: finished, in: store) : nil
    let heading = Heading(
      title: selection.isEverything ? "all runs" : selection.text, tier: tier, manifest: nil)
    owner = heading.title
    self.damage = damage
    let notes =
      partial(observations, finished: finished.count)
      + leftOut.map {
        "Left out: run \($0), whose settings cannot be read; `mneme fsck --deep` says what to type."
      }
    sheets = [
      Sheet(
        specification,
        try specification.cells.map { cell in
          do throws(TablesError) {
            return try Table(
              specification.showing(cell), heading: heading, unit: units[cell] ?? .fraction,
              observations: observations, order: choiceOrder(specification.axes), reference: nil,
              extraRows: [],
              notes: notes + (costs?.sentences(about: cell) ?? []))
          } catch {
            guard case .residue(_, let place, let differences, let a, let b) = error else { throw error }
            throw AnyRunsError.unlike(
              place: place, differences: differences.map(\.key), values: differences.map { [$0.a, $0.b] },
              a: a, b: b)
          }
        })
    ]
  }

  /// 1 where damage was found: a table that hides it would pass for a good one.
  package var status: ExitStatus { damage.hasCorrupt ? .finding : .done }

  package var complaints: String { damage.text }
}

/// Refuses a metric that no finished run has, before anything is said of the runs themselves.
private func refuseUnknownMetrics(_ cells: [String], _ chosen: inout ChosenRuns) throws {
  let wanted = cells.filter { Cost(key: $0) == nil }
  var known: Set<String> = []
  for var run in chosen.runs where !known.isSuperset(of: wanted) {
    // What is damaged is told where its number is missed.
    let final = try? run.final(&chosen.index)
    known.formUnion((final?.metrics ?? []).map(\.name))
  }
  guard let stranger = wanted.first(where: { !known.contains($0) }), !known.isEmpty else { return }
  throw AnyRunsError.unknownKey(
    option: "--cell", stranger, nearest: nearest(stranger, among: known.sorted()))
}

private func observed(
  _ run: inout RunFacts, _ index: inout ResultIndex?, withCosts: Bool
) throws(ArchiveError) -> Observation.State {
  switch try run.state(&index) {
  case .pending, .interrupted: return .waiting
  case .running: return .running
  case .failed, .corrupt: return .failed
  case .done: return try run.record(&index, withCosts: withCosts).map { .finished($0) } ?? .failed
  }
}

private func partial(_ observations: [Observation], finished: Int) -> [String] {
  finished < observations.count
    ? ["Partial: \(finished) of \(counted(observations.count, "run")) are finished."] : []
}

/// Names stand in the order in which the program knows them: none, working, short-term, long-term.
private func choiceOrder(_ keys: [String]) -> [String: [Value]] {
  keys.reduce(into: [:]) { order, key in
    guard case .choice(let names)? = SelectionKey.known[key]?.types.first else { return }
    order[key] = names.map(Value.text)
  }
}

/// The tier that all runs have; of several the lowest, since a table claims no more than it must.
private func commonTier(of runs: [RunFacts], _ selection: Selection) throws(AnyRunsError) -> String {
  let terms = selection.terms.filter { $0.key.name == "tier" }
  var common: Set<String>?
  var counts: [String: Int] = [:]
  for run in runs {
    var tiers = Set(run.owners.map(\.tier.rawValue)).filter { tier in
      terms.allSatisfy { $0.holds([.text(tier)]) }
    }
    if tiers.isEmpty { tiers = ["unknown"] }
    for tier in tiers { counts[tier, default: 0] += 1 }
    common = common.map { $0.intersection(tiers) } ?? tiers
  }
  let order = Tier.allCases.map(\.rawValue) + ["unknown"]
  guard let tier = order.first(where: { common?.contains($0) ?? false }) else {
    throw .severalTiers(order.compactMap { tier in counts[tier].map { (tier: tier, count: $0) } })
  }
  return tier
}

/// Refuses runs that are alike in name only: of other orders of arithmetic, or of a model, task or training that meant
/// something else.
private func refuseOtherMeanings(_ runs: [Observation], axes: [String]) throws(AnyRunsError) {
  let meanings: [(key: String, of: String?)] = [
    (key: "numerics", of: nil), (key: "semantics.model", of: RunSchema.modelKind),
    (key: "semantics.task", of: RunSchema.taskKind), (key: "semantics.training", of: nil),
  ]
  for meaning in meanings where !axes.contains(meaning.key) {
    var found: [String: [String: Int]] = [:]
    for run in runs {
      let owner = meaning.of.map { run.settings[$0]?.description ?? "" } ?? ""
      found[owner, default: [:]][run.settings[meaning.key]?.description ?? "absent", default: 0] += 1
    }
    for (owner, counts) in found.sorted(by: { $0.key < $1.key }) where counts.count > 1 {
      throw .severalMeanings(
        key: meaning.key, owner: owner,
        counts.sorted { $0.key < $1.key }.map { (value: $0.key, count: $0.value) })
    }
  }
}

extension FinalNumbers {
  /// Percent is a way of printing and never stored; a file that says so tells no unit.
  fileprivate var units: [String: Unit] {
    metrics.reduce(into: [:]) { units, metric in
      if !metric.unit.isEmpty, metric.unit != "%" { units[metric.name] = Unit(metric.unit) }
    }
  }
}
