package import Archive
import Foundation
import Records
package import Tables

/// Two sides compared cell by cell: manifests, CSV tables, runs, or a manifest and the numbers published beside it.
package struct TableComparison: Sendable {
  package struct Part: Sendable {
    /// The table, or the metric of two runs.
    package let name: String
    package let difference: TableDifference
  }

  package let parts: [Part]
  /// What was found damaged on either side, for standard error.
  package let complaints: String
  /// Whether a run has lost its number.
  package let hasCorrupt: Bool
  /// What was left out of the comparison, for standard error; empty if nothing was.
  package let notes: String
  private let owner: String

  init(_ parts: [Part], owner: String, complaints: String, hasCorrupt: Bool, notes: String) {
    (self.parts, self.owner) = (parts, owner)
    (self.complaints, self.hasCorrupt, self.notes) = (complaints, hasCorrupt, notes)
  }

  /// Compares what two words of a command line name: a manifest's file or hash, a run's hash, a CSV file, and as `b`
  /// the word `paper` for the references of A's tables.
  ///
  /// - Parameter name: the table to compare; nil compares all of A's, beside `paper` those that name a reference.
  /// - Parameter asked: how differences are judged, as the command line says; what it leaves open a table declares.
  package init(
    _ a: String, _ b: String, table name: String?, metric: String? = nil, asked: ComparisonRules,
    isTestGiven: Bool, where selection: Selection = .everything, in store: Store?, at place: String
  ) throws {
    guard a != "paper" else { throw ReportError.paperFirst }
    let first = try Side(a, table: name, where: selection, in: store, at: place)
    if case .tables(let report) = first, b == "paper" {
      self = try TableComparison(
        paperBeside: report, named: a, metric: metric, asked: asked, isTestGiven: isTestGiven)
      return
    }
    if b == "paper" { throw ReportError.paperAlone(a) }
    owner = a
    let judging = Judging(asked: asked, isTestGiven: isTestGiven)
    let second = try Side(b, besides: ["paper"], table: nil, where: selection, in: store, at: place)
    var damage = first.damage
    damage.add(second.damage)
    (complaints, hasCorrupt) = (damage.text, damage.hasCorrupt)
    notes = ""
    let parts: [Part]
    switch (first, second) {
    case (.tables(let a), .tables(let b)):
      parts = try a.tables.map { table in
        let name = table.specification.name
        let cell = table.specification.cell
        guard
          let other = b.tables.first(where: { $0.specification.name == name && $0.specification.cell == cell }
          )
            ?? b.tables.first(where: { $0.specification.name == name })
        else {
          throw ReportError.unknownTable(
            name, owner: b.manifest.name, known: b.tables.map(\.specification.name))
        }
        return Part(
          name: a.name(of: table),
          difference: try judging.compared(
            table.measuredCells, other.measuredCells, like: table.specification, a, b))
      }
    case (.tables(let report), .file(let file)):
      parts = try TableComparison.only(report, because: "\(b) holds one").map { table in
        let list = try file.cells(metric: table.specification.cell)
        return Part(
          name: report.name(of: table),
          difference: try judging.compared(table.measuredCells, list, like: table.specification, report))
      }
    case (.file(let file), .tables(let report)):
      parts = try TableComparison.only(report, named: name, because: "\(a) holds one").map { table in
        let list = try file.cells(metric: table.specification.cell)
        return Part(
          name: report.name(of: table),
          difference: try judging.compared(list, table.measuredCells, like: table.specification, report))
      }
    case (.file(let a), .file(let b)):
      let list = try a.cells(metric: metric)
      parts = [Part(name: list.metric, difference: try judging.compared(list, b.cells(metric: list.metric)))]
    case (.run(let a), .run(let b)):
      parts = try a.metrics.compactMap { metric in
        guard let other = b.metrics.first(where: { $0.name == metric.name }) else { return nil }
        return Part(
          name: metric.name,
          difference: try judging.compared(
            a.cells(of: metric), b.cells(of: other), better: metric.better.flatMap(Better.init)))
      }
    case (.run, .tables), (.tables, .run): throw ReportError.unlikeSubjects(a, b)
    case (.run, .file), (.file, .run): throw ReportError.incomparable(a, b)
    }
    self.parts = try TableComparison.chosen(metric, of: parts)
  }

  /// The parts of a metric, or all.
  static func chosen(_ metric: String?, of parts: [Part]) throws -> [Part] {
    guard let metric else { return parts }
    let some = parts.filter { $0.difference.a.metric == metric }
    guard !some.isEmpty else {
      let known = parts.map(\.difference.a.metric)
      throw ReportError.unknownMetric(metric, known: Array(Set(known)).sorted())
    }
    return some
  }

  /// The differences as text that ends in a line feed; the name before each, where a reader could not tell.
  package func text(_ format: Format, isSingle: Bool, page: Page) throws -> String {
    try joined(parts.map(\.name), owner: owner, as: format, isSingle: isSingle && parts.count == 1) { index in
      parts[index].difference.render(format, width: page.width, colour: page.isColoured)
    }
  }

  /// The one table of a report, by metric.
  private static func only(
    _ report: TableReport, named name: String? = nil, because: String
  ) throws -> [Table] {
    let names = report.sheets.map(\.specification.name)
    if let name {
      guard let sheet = report.sheets.first(where: { $0.specification.name == name }) else {
        throw ReportError.unknownTable(name, owner: report.manifest.name, known: names)
      }
      return sheet.tables
    }
    guard let sheet = report.sheets.first, report.sheets.count == 1 else {
      throw ReportError.severalTables(owner: report.manifest.name, known: names, because: because)
    }
    return sheet.tables
  }
}

/// One side of a comparison.
private enum Side {
  case tables(TableReport)
  case file(TableFile)
  case run(FinalNumbers)

  init(
    _ word: String, besides others: [String] = [], table name: String?, where selection: Selection,
    in store: Store?, at place: String
  ) throws {
    if word.lowercased().hasSuffix(".csv") {
      guard selection.isEverything else { throw ReportError.nothingToChoose(word) }
      self = .file(try TableFile(word))
      return
    }
    switch try Subject(word, besides: others, in: store, at: place) {
    case .manifest(let manifest):
      self = .tables(
        try TableReport(manifest.selecting(selection, in: store), table: name, in: store))
    case .run(let run):
      guard selection.isEverything else { throw ReportError.nothingToChoose(word) }
      guard let directory = store?.run(run) else { throw ReportError.unfinished(run: run.short) }
      switch try directory.state(verifying: true) {
      case .done: self = .run(try directory.final())
      case .corrupt(let sentence):
        throw ReportError.corrupt(run: run.short, sentence, next: DamageNotes.next(in: place))
      default: throw ReportError.unfinished(run: run.short)
      }
    }
  }

  var damage: DamageNotes {
    if case .tables(let report) = self { report.survey.damage } else { DamageNotes(in: "") }
  }
}

/// A CSV file as somebody named it.
private struct TableFile {
  let name: String
  let bytes: [UInt8]

  init(_ name: String) throws(ManifestError) {
    self.name = name
    bytes = try SourceText.bytes(of: SourceFile(named: name).path, shown: name)
  }

  func cells(metric: String?) throws(TablesError) -> CellList {
    try CellList(csv: bytes, file: name, metric: metric)
  }
}

extension FinalNumbers {
  /// One metric as a table of one cell.
  fileprivate func cells(of metric: FinalMetric) -> CellList {
    let isReadable = !metric.unit.isEmpty && metric.unit != "%"
    let summary = Summary(mean: metric.value, median: metric.value, deviation: nil, count: 1)
    return CellList(
      name: "run \(run.short)", tier: nil, manifest: nil, source: nil, keys: ["metric"], metric: metric.name,
      unit: isReadable ? Unit(metric.unit) : .fraction,
      entries: [CellList.Entry(labels: [metric.name], cell: Cell(summary: summary))])
  }
}
