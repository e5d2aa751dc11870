package import Records

/// What a manifest asks to see: which keys are rows, which are columns, which number stands in a cell.
package struct TableSpecification: Sendable, Hashable {
  package let name: String
  package let rows: [String]
  package let columns: [String]
  /// The metric (`test.accuracy`) or cost (`cost.seconds`) of a cell.
  package private(set) var cell: String
  /// Further metrics or costs, each with columns of its own beside those of `cell`: Table 9 has time and memory.
  package private(set) var besides: [String]
  /// The keys that a cell averages over; every other setting must agree within a cell.
  package let over: [String]
  package let show: Show
  /// Which direction is better, if any: the best measured number of a column is emphasized.
  package let better: Better?
  /// The published table to print beside the measured one, as the manifest names it.
  package let reference: String?
  /// Which published value stands beside a measured one.
  package let publishedAs: PublishedAs
  /// What is said about the numbers under the table, if anything.
  package let remarks: RemarkSpecification?
  /// How the table is compared with another.
  package let comparison: ComparisonSpecification

  /// Refuses a table without rows, a key that is used twice, and parts that speak of keys it does not have.
  package init(
    name: String, rows: [String], columns: [String], cell: String, besides: [String] = [], over: [String],
    show: Show, better: Better?, reference: String?, publishedAs: PublishedAs = PublishedAs(),
    remarks: RemarkSpecification? = nil, comparison: ComparisonSpecification = ComparisonSpecification()
  ) throws(TablesError) {
    guard !rows.isEmpty else { throw .noRows(table: name) }
    var seen: Set<String> = []
    for key in rows + columns + over + [cell] + besides where !seen.insert(key).inserted {
      throw .repeatedKey(table: name, key: key)
    }
    self.name = name
    self.rows = rows
    self.columns = columns
    self.cell = cell
    self.besides = besides
    self.over = over
    self.show = show
    self.better = better
    self.reference = reference
    self.publishedAs = publishedAs
    self.remarks = remarks
    self.comparison = comparison
    try publishedAs.check(table: name, axes: rows + columns)
    try remarks?.check(table: name, axes: rows + columns, better: better)
  }

  /// Every metric or cost of the table.
  package var cells: [String] { [cell] + besides }

  /// The same table of one of its metrics alone.
  package func showing(_ cell: String) -> TableSpecification {
    var single = self
    (single.cell, single.besides) = (cell, [])
    return single
  }

  /// The keys that name a cell: rows, then columns.
  package var axes: [String] { rows + columns }

  /// The table as settings, for the hash of a manifest. An absent choice is left out.
  package var settings: Settings {
    var settings = Settings()
    settings["name"] = .text(name)
    settings["rows"] = .list(rows.map { .text($0) })
    settings["columns"] = .list(columns.map { .text($0) })
    // One is written as it always was: the hashes of older manifests stay.
    settings["cell"] = besides.isEmpty ? .text(cell) : .list(cells.map { .text($0) })
    settings["over"] = .list(over.map { .text($0) })
    settings["show"] = .text(show.rawValue)
    if let better { settings["better"] = .text(better.rawValue) }
    if let reference { settings["reference"] = .text(reference) }
    if !publishedAs.isEmpty { settings["published_as"] = publishedAs.value }
    if let remarks { settings = settings.merging(remarks.settings.prefixed("remarks")) }
    return settings.merging(comparison.settings)
  }
}

/// How the runs of a cell become text.
package enum Show: String, Sendable, Hashable, CaseIterable {
  case meanAndDeviation = "mean±std"
  case mean
  case median
}

/// The direction in which a metric improves.
package enum Better: String, Sendable, Hashable, CaseIterable {
  case higher, lower

  func prefers(_ candidate: Double, to other: Double) -> Bool {
    self == .higher ? candidate > other : candidate < other
  }
}
