import Records
package import Tables

extension TableComparison {
  /// A manifest's tables against the numbers published beside them; those without any are left out.
  ///
  /// - Parameter word: what named the manifest.
  package init(
    paperBeside report: TableReport, named word: String, metric: String? = nil, asked: ComparisonRules,
    isTestGiven: Bool
  ) throws {
    let judging = Judging(asked: asked, isTestGiven: isTestGiven)
    var parts: [Part] = []
    var bare: [ReportError] = []
    for table in report.tables {
      let name = table.specification.name
      let cell = table.specification.cell
      guard let published = try report.manifest.tables(named: name).first?.published(of: cell) else {
        bare.append(ReportError.noReference(table: name))
        continue
      }
      if isTestGiven, !published.allows(asked.test) {
        throw ReportError.testOfPublished(asked.test.rawValue, table: report.name(of: table))
      }
      let beside = try published.relabelled(by: table.specification.publishedAs)
      parts.append(
        Part(
          name: report.name(of: table),
          difference: try judging.compared(
            table.measuredCells, beside, like: table.specification, isPublishedB: true, report)))
    }
    if parts.isEmpty, let first = bare.first { throw first }
    self.init(
      try TableComparison.chosen(metric, of: parts), owner: word, complaints: report.complaints,
      hasCorrupt: report.survey.damage.hasCorrupt, notes: bare.map { "left out: \($0)\n" }.joined())
  }
}

/// By what rules tables are compared, as far as the command line says so.
struct Judging {
  let asked: ComparisonRules
  let isTestGiven: Bool

  /// - Parameter table: declares what was not asked.
  func compared(
    _ a: CellList, _ b: CellList, like table: TableSpecification? = nil, better: Better? = nil,
    isPublishedB: Bool = false, _ reports: TableReport...
  ) throws(TablesError) -> TableDifference {
    var rules = table.map { asked.filled(from: $0, isTestGiven: isTestGiven) } ?? asked
    if let better { rules.better = better }
    let settings = reports.flatMap(\.survey.observations).map { ($0.run, $0.settings) }
    return try TableDifference(
      a, b, rules: rules, isPublishedB: isPublishedB, settings: Dictionary(settings) { one, _ in one })
  }
}

extension CellList {
  /// Whether these numbers hold what a test needs.
  func allows(_ test: ComparisonRules.Test) -> Bool {
    switch test {
    case .exact: true
    case .welch: entries.contains { $0.cell.summary?.deviation != nil && ($0.cell.summary?.count ?? 0) > 1 }
    case .paired, .permutation: entries.contains { $0.cell.samples.count > 1 }
    }
  }
}
