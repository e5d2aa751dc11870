package import Archive
package import Records
package import Tables

/// The runs of a manifest as the store has them now, every number read from a file whose bytes were verified.
package struct Survey: Sendable {
  /// Every planned run, in the manifest's order.
  package let observations: [Observation]
  /// The runs that are corrupt: they count as failed, and are never left out in silence.
  package let corrupt: [(run: Digest, label: String, sentence: String)]
  /// What to say about those, and about damage beside results.
  package let damage: DamageNotes
  /// Units of the metrics of finished runs, as stored.
  private let units: [String: Unit]
  /// What was measured of works of which no run is finished: the name of a first run, and the cost.
  private let measured: [(label: String, cost: MeasuredCost)]

  /// What to say below costs; nil where no table of the manifest has any.
  private let costNotes: CostNotes?

  /// Looks at every run; a nil store holds nothing yet.
  package init(_ manifest: Manifest, in store: Store?) throws {
    let labels = RunLabels(manifest)
    var damage = DamageNotes(in: store?.root ?? "")
    var corrupt: [(run: Digest, label: String, sentence: String)] = []
    var units: [String: Unit] = Survey.costUnits
    let newest = try Survey.measured(for: manifest, in: store)
    let sights = try Sight.all(of: manifest.runs, in: store)
    observations = zip(manifest.runs, sights).map { run, sight in
      let state: Observation.State
      switch sight {
      case .state(let known): state = known
      case .finished(let record, let found, let beside):
        units.merge(found) { first, _ in first }
        if !beside.isEmpty { damage.add(beside: run.run, label: labels.label(of: run), beside) }
        state = .finished(record)
      case .corrupt(let sentence):
        let label = labels.label(of: run)
        damage.add(corrupt: run.run, label: label, sentence)
        corrupt.append((run.run, label, sentence))
        state = .failed
      }
      return Observation(
        run: run.run, settings: run.settings, derived: run.derived, tier: manifest.tier.rawValue,
        state: state,
        extrapolated: newest[run.storedSettings]?.basis?.costs ?? [:])
    }
    measured = Survey.unfinished(manifest, observations, newest, labels)
    let finished = observations.compactMap { run -> Digest? in
      if case .finished(let record) = run.state { record.run } else { nil }
    }
    costNotes =
      Survey.wantsCosts(manifest) ? try CostNotes(manifest, finished: finished, in: store) : nil
    (self.damage, self.corrupt) = (damage, corrupt)
    self.units = units
  }

  /// How many runs have their numbers.
  package var finished: Int {
    observations.count { if case .finished = $0.state { true } else { false } }
  }

  /// The unit in which a metric or cost is stored; nil while no run has it.
  package func unit(of metric: String) -> Unit? { units[metric] }

  /// Where the extrapolated numbers of a cost come from: a formula for each work that has one, then what was timed, when
  /// and where. Nothing for a metric.
  func extrapolations(of key: String) -> [String] {
    guard let cost = Cost(key: key) else { return [] }
    var (formulas, bases): ([String], [String]) = ([], [])
    let found = measured.compactMap { label, found in
      found.basis.flatMap { basis in basis.formula(of: cost).map { (label, found, basis, $0) } }
    }
    // What is the same for all works is said once.
    let isOne = [.peakBytes, .steps].contains(cost) && Set(found.map(\.3)).count == 1
    for (label, found, basis, formula) in found {
      let name = label.isEmpty || isOne ? "" : " of \(label)"
      let line = "\(key) ~\(name) = \(formula)."
      if !formulas.contains(line) { formulas.append(line) }
      let sentence = "Timed on \(found.machine), \(found.date): \(basis.basis)."
      if !bases.contains(sentence) { bases.append(sentence) }
    }
    return formulas + bases
  }

  private static func wantsCosts(_ manifest: Manifest) -> Bool {
    manifest.tables.contains { $0.specification.cells.contains { Cost(key: $0) != nil } }
  }

  /// What else a reader of a cost must know; nothing for a metric.
  func costNotes(of key: String) -> [String] { costNotes?.sentences(about: key) ?? [] }

  /// What was measured, where a table of the manifest has use for it.
  private static func measured(
    for manifest: Manifest, in store: Store?
  ) throws -> [Settings: MeasuredCost] {
    guard wantsCosts(manifest), let store else { return [:] }
    let wanted = Set(manifest.runs.map(\.storedSettings))
    return try store.newestMeasured { wanted.contains($0.settings) }
  }

  /// One for every work: runs that differ in nothing but the seed take the same, and a finished one is believed first.
  private static func unfinished(
    _ manifest: Manifest, _ observations: [Observation], _ newest: [Settings: MeasuredCost],
    _ labels: RunLabels
  ) -> [(label: String, cost: MeasuredCost)] {
    guard !newest.isEmpty else { return [] }
    var finished: Set<Settings> = []
    var first: [(work: Settings, label: String, cost: MeasuredCost)] = []
    for (run, observation) in zip(manifest.runs, observations) {
      let settings = run.storedSettings
      let work = Costs.work(of: settings)
      if case .finished = observation.state { finished.insert(work) }
      guard let cost = newest[settings], !first.contains(where: { $0.work == work }) else { continue }
      first.append((work, labels.label(of: run), cost))
    }
    return first.filter { !finished.contains($0.work) }.map { ($0.label, $0.cost) }
  }

  static let costUnits = Dictionary(uniqueKeysWithValues: Cost.allCases.map { ($0.key, Unit($0.unit)) })
}
