package import Archive
package import Records

/// All chosen runs that are finished, as one table: a row a run, a column a key. Every number is read from a file whose
/// bytes were verified; equal stores give equal tables.
package struct ExportTable: Sendable {
  /// One series of all runs, one below the other.
  package struct Long: Sendable, Equatable {
    /// `train`, `validation`.
    package let name: String
    /// For every line, the row of its run in the table.
    package fileprivate(set) var rows: [UInt32] = []
    package fileprivate(set) var steps: [UInt64] = []
    /// NaN where a run has no such column.
    package fileprivate(set) var columns: [Series.Column] = []
  }

  /// As `mneme ls` orders them.
  package private(set) var runs: [Digest] = []
  package private(set) var columns: [ExportColumn] = []
  package private(set) var series: [Long] = []
  /// How many chosen runs are not finished or not intact, by their state.
  package private(set) var leftOut: [String: Int] = [:]
  /// What is damaged of runs and manifests.
  private var damage: DamageNotes
  private let notebookDamage: ArchiveError?
  private var places: [String: Int] = [:]

  /// - Parameter withSeries: whether the history of metrics is read, too.
  /// - Throws: `ReportError.noneChosen`, `ExportError.noneFinished`.
  package init(where selection: Selection, in store: Store, withSeries: Bool) throws {
    var chosen = try ChosenRuns(selection, in: store)
    guard !chosen.runs.isEmpty else {
      throw ReportError.noneChosen(selection.text, of: store.root, count: try store.runs().count)
    }
    chosen.lookAtAll(withCosts: true)
    damage = chosen.damage
    let notebook = try Notebook(of: store)
    notebookDamage = notebook.damage
    let named = chosen.runs.map { run in
      var run = run
      return (run: run, name: chosen.stored.name(of: run.run, settings: run.settings()).text)
    }
    for (run, name) in named.sorted(by: { ($0.name, $0.run.run) < ($1.name, $1.run.run) }) {
      var run = run
      do throws(ArchiveError) {
        let state = try run.state(&chosen.index)
        if case .corrupt(let sentence) = state { damage.add(corrupt: run.run, sentence) }
        guard state == .done, let final = try run.final(&chosen.index),
          let record = try run.record(&chosen.index, withCosts: true)
        else {
          leftOut[state.word, default: 0] += 1
          continue
        }
        let directory = store.run(run.run)
        let series = withSeries ? try directory.series() : []
        let attempts = try directory.attempts()
        addIdentity(of: run, name, notebook)
        add(run.settings(), final, record, attempts)
        add(series)
        damage.add(beside: run.run, try run.damageBeside())
      } catch {
        let place = store.run(run.run)
        damage.add(
          corrupt: run.run, RunDirectory.Damage(to: place.resultPath, of: place, error).sentence)
        leftOut["corrupt", default: 0] += 1
      }
    }
    chosen.index?.save()
    guard !runs.isEmpty else { throw ExportError.noneFinished(leftOut: leftOut) }
    fillUp()
    let order = Dictionary(uniqueKeysWithValues: ExportTable.roles.enumerated().map { ($1, $0) })
    columns = columns.enumerated().sorted {
      let (one, other) = (order[$0.element.role, default: 0], order[$1.element.role, default: 0])
      if one != other { return one < other }
      // What names a run stands in the order in which it is said; all else by key.
      return $0.element.role == .identity ? $0.offset < $1.offset : $0.element.key < $1.element.key
    }.map(\.element)
    series.sort { $0.name < $1.name }
  }

  private static let roles: [ExportColumn.Role] = [
    .identity, .setting, .derived, .metric, .cost, .provenance,
  ]

  /// What is damaged, for standard error; empty where nothing is.
  package var complaints: String {
    damage.text + (notebookDamage.map { "damaged: \($0)\n" } ?? "")
  }

  /// Whether some run has lost its number, or a manifest or note cannot be read.
  package var isDamaged: Bool { damage.hasCorrupt || notebookDamage != nil }

  /// Begins a row.
  private mutating func addIdentity(of run: RunFacts, _ name: String, _ notebook: Notebook) {
    runs.append(run.run)
    set("run", .identity, .text(run.run.hex))
    set("name", .identity, .text(name))
    set("manifest", .identity, .text(run.owners.map(\.hash.hex).joined(separator: " ")))
    set("tier", .identity, .text(Set(run.owners.map(\.tier.rawValue)).sorted().joined(separator: " ")))
    let (tags, notes) = (notebook.tags(of: run.run), notebook.notes(on: run.run).map(\.text))
    if !tags.isEmpty { set("tag", .identity, .text(tags.joined(separator: " "))) }
    if !notes.isEmpty { set("note", .identity, .text(notes.joined(separator: "\n"))) }
  }

  private mutating func add(
    _ settings: Settings, _ final: FinalNumbers, _ record: Record, _ attempts: [Attempt]
  ) {
    for key in settings.keys { set(key, .setting, settings[key]) }
    for key in final.derived.keys { set(key, .derived, final.derived[key]) }
    for metric in final.metrics {
      set(metric.name, .metric, .real(metric.value), unit: metric.unit, better: metric.better)
    }
    for (key, value) in record.cost.sorted(by: { $0.key < $1.key }) {
      set(key, .cost, .real(value), unit: Cost(key: key)?.unit)
    }
    set("weights", .provenance, .text(final.weights.hex))
    guard let publisher = attempts.last(where: { $0.end?.outcome == .done }) else { return }
    set("attempt.number", .provenance, .integer(publisher.number))
    set("attempt.ended", .provenance, (publisher.end?.ended).map(Value.text))
    guard let start = publisher.start else { return }
    set("attempt.started", .provenance, .text(start.started))
    set("attempt.host", .provenance, .text(start.host))
    set("attempt.cpu", .provenance, .text(start.cpu))
    set("attempt.threads", .provenance, .integer(start.threads))
    set("attempt.instructions", .provenance, start.instructions.map(Value.text))
    set("attempt.code", .provenance, start.code.map(Value.text))
    set("attempt.git_commit", .provenance, start.gitCommit.map(Value.text))
  }

  /// The value of the newest row under a key; the first of two of one name stays.
  private mutating func set(
    _ key: String, _ role: ExportColumn.Role, _ value: Value?, unit: String? = nil, better: String? = nil
  ) {
    guard let value else { return }
    let place = places[key] ?? columns.count
    if place == columns.count {
      places[key] = place
      columns.append(ExportColumn(key: key, role: role, unit: unit, better: better))
    }
    let missing = runs.count - 1 - columns[place].values.count
    guard missing >= 0 else { return }
    columns[place].values += Array(repeating: nil, count: missing) + [value]
  }

  private mutating func add(_ found: [Series]) {
    for one in found {
      let place = series.firstIndex { $0.name == one.name } ?? series.count
      if place == series.count { series.append(Long(name: one.name)) }
      let before = series[place].steps.count
      series[place].rows += Array(repeating: UInt32(runs.count - 1), count: one.steps.count)
      series[place].steps += one.steps
      for column in one.columns {
        let index =
          series[place].columns.firstIndex { $0.name == column.name } ?? series[place].columns.count
        if index == series[place].columns.count {
          series[place].columns.append(
            Series.Column(name: column.name, unit: column.unit, better: column.better, values: []))
        }
        let missing = before - series[place].columns[index].values.count
        series[place].columns[index].values += Array(repeating: .nan, count: missing) + column.values
      }
    }
  }

  /// Makes all columns as long as there are rows.
  private mutating func fillUp() {
    for place in columns.indices {
      columns[place].values += Array(repeating: nil, count: runs.count - columns[place].values.count)
    }
    for place in series.indices {
      for index in series[place].columns.indices {
        let missing = series[place].steps.count - series[place].columns[index].values.count
        series[place].columns[index].values += Array(repeating: .nan, count: missing)
      }
    }
  }
}
