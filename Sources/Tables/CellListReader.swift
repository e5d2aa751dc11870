import Records

extension CellList {
  /// Reads a table from CSV: published numbers, or what `Table.csv` wrote.
  ///
  /// The first line names the columns. A metric is a column with its unit in another column of the same
  /// name and `.unit`: `%` for a fraction printed in percent, otherwise the unit in which the metric is
  /// stored. Further columns of the metric, each of which may be missing or empty: `.deviation` (sample
  /// standard deviation, same unit), `.median`, `.runs` (how many were averaged), `.planned`, `.running`,
  /// `.failed`. Columns named `kind`, `source`, `tier` and `manifest` tell of the line; all others are
  /// dotted keys.
  ///
  /// Computed and extrapolated rows (`kind`) are not read; of a file with measured rows, the published ones beside them are
  /// not read either. `metric` may be nil for a file that holds one.
  package init(csv bytes: [UInt8], file: String, metric: String?) throws(TablesError) {
    let records = try CSV.records(bytes, file: file)
    guard let head = records.first else {
      throw .malformed(
        file: file, line: 1, column: nil, found: "an empty file", expected: "a line of column names")
    }
    let columns = try ColumnMeaning(head, file: file, metric: metric)
    var lines = records.dropFirst().map { Line(record: $0, file: file, columns: columns) }
    for line in lines { try line.refuseWrongLength() }
    lines.removeAll { ["computed", "extrapolated"].contains($0["kind"]) }
    let measured = ["measured", "at-least"]
    if lines.contains(where: { measured.contains($0["kind"] ?? "") }) {
      lines.removeAll { !measured.contains($0["kind"] ?? "") }
    }

    var unit: Unit?
    var entries: [Entry] = []
    for line in lines {
      let own = try line.unit()
      if let unit, unit != own {
        throw .unlikeUnits(
          metric: columns.metric, a: unit.symbol, b: own.symbol, list: "line \(line.number) of \(file)")
      }
      unit = own
      entries.append(Entry(labels: line.labels, cell: try line.cell(isFraction: own.isFraction)))
    }
    guard let unit else {
      throw .malformed(
        file: file, line: head.line, column: nil, found: "no cell", expected: "one line for each cell")
    }
    let tiers = Set(lines.compactMap { $0["tier"].map(printable) }).sorted()
    guard tiers.count < 2 else { throw .mixture(table: file, of: "tier", values: tiers) }
    let sources = Set(lines.compactMap { $0["source"].map(printable) }).sorted()
    let manifests = Set(lines.compactMap { $0["manifest"] })
    self.init(
      name: file, tier: tiers.first,
      manifest: manifests.count == 1 ? Digest(hex: manifests.first ?? "") : nil,
      source: sources.isEmpty ? nil : sources.joined(separator: "; "), keys: columns.keys.map(\.name),
      metric: columns.metric, unit: unit, entries: entries)
  }
}

/// Words in the first line that are no keys: they tell of a line.
let lineColumns = ["kind", "source", "tier", "manifest"]

/// What may follow a metric's name.
enum Statistic: String, CaseIterable {
  case unit, deviation, median, runs, planned, running, failed
}

/// Which column holds what.
private struct ColumnMeaning {
  let metric: String
  let keys: [(name: String, position: Int)]
  /// Every named column.
  let positions: [String: Int]

  init(_ head: CSV.Record, file: String, metric: String?) throws(TablesError) {
    var positions: [String: Int] = [:]
    for (position, name) in head.fields.enumerated() {
      let isKey = name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
        !word.isEmpty
          && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
      }
      guard isKey else {
        throw .malformed(
          file: file, line: head.line, column: nil, found: "\"\(printable(name))\" as column \(position + 1)",
          expected: "a dotted key such as task.segments")
      }
      guard positions.updateValue(position, forKey: name) == nil else {
        throw .malformed(
          file: file, line: head.line, column: nil, found: "column \(name) twice", expected: "each name once")
      }
    }
    let metrics = head.fields.filter { positions["\($0).unit"] != nil }
    guard let chosen = metric ?? (metrics.count == 1 ? metrics.first : nil), metrics.contains(chosen) else {
      throw .noMetricColumn(file: file, metric: metric, known: metrics)
    }
    var taken = Set(lineColumns)
    for metric in metrics {
      taken.insert(metric)
      taken.formUnion(Statistic.allCases.map { "\(metric).\($0.rawValue)" })
    }
    self.metric = chosen
    self.positions = positions
    keys = head.fields.enumerated().filter { !taken.contains($0.element) }.map { ($0.element, $0.offset) }
  }
}

/// One line after the first.
private struct Line {
  let record: CSV.Record
  let file: String
  let columns: ColumnMeaning

  var number: Int { record.line }

  func refuseWrongLength() throws(TablesError) {
    guard record.fields.count == columns.positions.count else {
      throw .malformed(
        file: file, line: number, column: nil, found: "\(record.fields.count) fields",
        expected: "\(columns.positions.count) as in the first line")
    }
  }

  /// The text of a column, nil where the column is missing or the field is empty.
  subscript(_ name: String) -> String? {
    guard let position = columns.positions[name], !record.fields[position].isEmpty else { return nil }
    return record.fields[position]
  }

  var labels: [String] { columns.keys.map { label(text: record.fields[$0.position]) } }

  private func text(_ statistic: Statistic) -> String? { self["\(columns.metric).\(statistic.rawValue)"] }

  func unit() throws(TablesError) -> Unit {
    guard let symbol = text(.unit) else {
      throw malformed("no unit of \(columns.metric)", "% or the unit in which it is stored")
    }
    return symbol == "%" ? .fraction : Unit(printable(symbol))
  }

  func cell(isFraction: Bool) throws(TablesError) -> Cell {
    var cell = Cell()
    let isPercent = text(.unit) == "%"
    let runs = try count(.runs)
    if let text = self[columns.metric] {
      let mean = try number(text, isPercent: isPercent)
      let deviation = try number(.deviation, isPercent: isPercent)
      if let deviation, deviation < 0 { throw malformed("the deviation \(deviation)", "zero or more") }
      cell.summary = Summary(
        mean: mean, median: try number(.median, isPercent: isPercent), deviation: deviation, count: runs)
      if self["kind"] != "measured" {
        cell.decimals = decimals(text, isPercent: isPercent, isFraction: isFraction)
        cell.roundOff = Rounded(printed: text, isPercent: isPercent)?.half
        cell.deviationRoundOff = self.text(.deviation).flatMap {
          Rounded(printed: $0, isPercent: isPercent)?.half
        }
      }
    }
    cell.finished = runs ?? 0
    cell.planned = try count(.planned) ?? 0
    cell.running = try count(.running) ?? 0
    cell.failed = try count(.failed) ?? 0
    return cell
  }

  private func count(_ statistic: Statistic) throws(TablesError) -> Int? {
    guard let text = text(statistic) else { return nil }
    guard let count = Int(text), count >= 0, count <= 1_000_000_000 else {
      throw malformed("\"\(printable(text))\" in \(columns.metric).\(statistic.rawValue)", "a whole number")
    }
    return count
  }

  private func number(_ statistic: Statistic, isPercent: Bool) throws(TablesError) -> Double? {
    guard let text = text(statistic) else { return nil }
    return try number(text, isPercent: isPercent)
  }

  /// A percentage is divided by moving its point, so that 36.19 % is the Double nearest to 0.3619.
  private func number(_ text: String, isPercent: Bool) throws(TablesError) -> Double {
    guard let number = JSONNumber(text)?.value, number.isFinite else {
      throw malformed("\"\(printable(text))\" as \(columns.metric)", "a number such as 36.19, or nothing")
    }
    guard isPercent else { return number }
    return JSONNumber(text + "e-2")?.value ?? number / 100
  }

  /// How many places the number was published with, as the table shows it.
  private func decimals(_ text: String, isPercent: Bool, isFraction: Bool) -> Int? {
    guard !text.contains("e"), !text.contains("E") else { return nil }
    let places = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 } ?? 0
    return isFraction && !isPercent ? max(0, places - 2) : places
  }

  private func malformed(_ found: String, _ expected: String) -> TablesError {
    .malformed(file: file, line: number, column: nil, found: found, expected: expected)
  }
}
