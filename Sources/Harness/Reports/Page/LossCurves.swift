import Archive
import Records
import Tables

/// The training loss of all runs of a manifest as one picture: a panel for each column of its first table, a colour for
/// each row.
struct LossCurves: Sendable {
  static let metric = "train.loss"

  /// Nil where no run has got so far.
  let picture: Picture?
  /// What is not in it, a sentence each.
  let notes: [String]

  /// Reads what every run measured; a nil store holds nothing yet.
  init(_ manifest: Manifest, in store: Store?, at place: String) {
    let histories = RunHistories(of: manifest.runs.map(\.run), in: store, at: place)
    let keys = LossCurves.keys(of: manifest)
    let specifications = Dictionary(manifest.runs.map { ($0.run, $0) }) { first, _ in first }
    var unfinished: [String] = []
    let runs = histories.found.compactMap { found -> HistoryPanels.Run? in
      guard let run = specifications[found.run],
        let (series, column) = LossCurves.column(of: found.series), !series.steps.isEmpty
      else { return nil }
      if found.source != "result" { unfinished.append("\(found.run.short) \(found.source)") }
      func values(_ keys: [String]) -> [Value?] { keys.map { run.settings[$0] ?? run.derived[$0] } }
      return HistoryPanels.Run(
        panel: values(keys.panel), kind: values(keys.kind), repetition: values(keys.repetition),
        history: History(
          label: "", source: "run \(found.run.short), \(found.source)", metric: LossCurves.metric,
          unit: column.unit, steps: series.steps, values: column.values))
    }
    guard !runs.isEmpty else {
      (picture, notes) = (nil, [])
      return
    }
    let what = "\(LossCurves.metric) by step of \(counted(runs.count, "run"))"
    let parts = [
      keys.panel.isEmpty ? "" : "a panel for each \(keys.panel.joined(separator: ", "))",
      keys.kind.isEmpty ? "" : "a colour for each \(keys.kind.joined(separator: ", "))",
      keys.repetition.isEmpty ? "" : "told apart by \(keys.repetition.joined(separator: ", "))",
    ].filter { !$0.isEmpty }
    let panels = HistoryPanels(
      runs, panelKeys: keys.panel, repetitionKeys: keys.repetition, metric: LossCurves.metric,
      name: "loss-curves",
      caption: [([what] + parts).joined(separator: ", ") + ". Nothing is smoothed."])
    picture = panels.picture
    var notes: [String] = []
    if !unfinished.isEmpty {
      let more = unfinished.count > 3 ? " and \(unfinished.count - 3) more" : ""
      notes.append(
        "Not finished, and drawn as far as their newest checkpoints: \(unfinished.prefix(3).joined(separator: ", "))\(more)."
      )
    }
    let without = manifest.runs.count - runs.count
    if without > 0 {
      notes.append(
        "\(counted(without, "run")) \(without == 1 ? "has" : "have") no intact history yet, and no curve.")
    }
    if panels.leftOut > 0 {
      notes.append(
        "\(counted(panels.leftOut, "run")) more would be more curves than can be told apart; "
          + "`mneme plot \(manifest.hash.short) --y \(LossCurves.metric) --where …` draws those of your choice."
      )
    }
    self.notes = notes
  }

  private static func column(of series: [Series]) -> (series: Series, column: Series.Column)? {
    for one in series {
      if let column = one.columns.first(where: { "\(one.name).\($0.name)" == metric }) {
        return (one, column)
      }
    }
    return nil
  }

  /// The keys that tell panels, colours and dashes apart: those of the first table, and whatever else tells runs apart.
  private static func keys(of manifest: Manifest) -> (panel: [String], kind: [String], repetition: [String]) {
    let table = manifest.tables.first?.specification
    let (columns, rows) = (table?.columns ?? [], table?.rows ?? [])
    let all = RunLabels(manifest).keys
    let axes = Set(columns + rows)
    func place(_ run: Specification, _ keys: some Sequence<String>) -> [Value?] {
      keys.map { run.settings[$0] ?? run.derived[$0] }
    }
    // A setting that a column follows from, such as the length beside the segments, tells nothing more.
    let others = all.filter { key in
      guard !axes.contains(key) else { return false }
      var known: [[Value?]: Set<Value?>] = [:]
      for run in manifest.runs { known[place(run, columns + rows), default: []].insert(run.settings[key]) }
      return known.values.contains { $0.count > 1 }
    }
    return table == nil
      ? ([], all.filter { $0 != "seed" }, all.filter { $0 == "seed" }) : (columns, rows, others)
  }
}
