import Records
import Tables

/// The baselines of every column as extra rows of a table.
///
/// A column has a number where all its runs agree on it: a table with several tasks in one column has none there.
struct BaselineRows {
  let rows: [ExtraRow]
  /// Whether some run's task is not known to this program, so that rows may be missing.
  let isIncomplete: Bool

  /// - Parameter baselines: looks scores up, and remembers them.
  init(
    _ specification: TableSpecification, of manifest: Manifest, from baselines: inout Baselines
  ) {
    // Baselines are scores in the task's metric, on the test split.
    guard specification.cell == "test.accuracy" else { (rows, isIncomplete) = ([], false); return }
    var names: [String] = []
    var reaches: [String] = []
    var found: [String: [[Value]: Set<Double>]] = [:]
    var isIncomplete = false
    var works: Set<Settings> = []
    let isBySeed = specification.columns.contains(RunSchema.seed)
    for run in manifest.runs {
      // Runs that differ in nothing but the seed have the same baselines, in the same column unless that tells seeds.
      let work = isBySeed ? run.settings : Costs.work(of: run.settings)
      guard works.insert(work).inserted else { continue }
      let column = specification.columns.compactMap { run.settings[$0] ?? run.derived[$0] }
      guard column.count == specification.columns.count else { continue }
      guard let scores = baselines.scores(for: run) else {
        isIncomplete = true
        continue
      }
      func add(_ accuracy: Double, to row: String, among rows: inout [String]) {
        if found[row] == nil { rows.append(row) }
        found[row, default: [:]][column, default: []].insert(accuracy)
      }
      for score in scores {
        add(score.accuracy, to: score.name.split(separator: "-").joined(separator: " "), among: &names)
      }
      if let reach = baselines.reachOracle(for: run) {
        add(reach.accuracy, to: "\(reach.model) reach oracle", among: &reaches)
      }
    }
    // What a reach allows lies between what no memory allows and what all of the prompt does.
    rows = (names.dropLast() + reaches + names.suffix(1)).map { name in
      let values = (found[name] ?? [:]).compactMapValues { $0.count == 1 ? $0.first : nil }
      return ExtraRow(label: name, values: values)
    }.filter { !$0.values.isEmpty }
    self.isIncomplete = isIncomplete
  }
}
