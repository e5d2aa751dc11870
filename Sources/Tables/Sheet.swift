import Records

/// One table as it is printed: a metric, or several side by side, each with columns of its own.
///
/// Every metric is a `Table` of the same rows, columns and runs. Of one metric, the sheet is that table to the last
/// byte.
package struct Sheet: Sendable {
  /// As the manifest asks for it, with all metrics.
  package let specification: TableSpecification
  /// One for each metric, in the order of the specification.
  package let tables: [Table]

  /// - tables: Made for `specification.showing(metric)`, one for each metric, of the same observations and reference.
  package init(_ specification: TableSpecification, _ tables: [Table]) {
    guard tables.map(\.specification.cell) == specification.cells else {
      fatalError("a sheet of \(specification.cells) was given tables of \(tables.map(\.specification.cell))")
    }
    (self.specification, self.tables) = (specification, tables)
  }

  package func render(_ format: Format, width: Int, colour: Bool) -> String {
    rendered(format, width: width, colour: colour)
  }
}

extension Sheet: Tabular {
  /// The columns of all metrics beside each other; a row of published numbers is there where any metric has one.
  var layout: Layout {
    guard let first = tables.first, tables.count > 1 else { return tables[0].layout }
    let shown = Set(tables.flatMap { table in table.groups.indices.filter { table.hasPublished($0) } })
    var (layout, lines) = (first.layout, first.lines(withPublished: shown))
    for table in tables.dropFirst() {
      for (index, line) in table.lines(withPublished: shown).enumerated() { lines[index].cells += line.cells }
    }
    let measures = tables.map(\.measure)
    layout.caption = first.caption(
      of: measures.dropLast().joined(separator: ", ") + " and " + (measures.last ?? ""))
    layout.heads = tables.flatMap { table in
      table.columns.map { ($0.isEmpty ? "" : table.head($0) + " ") + table.specification.cell }
    }
    layout.sections = nil
    layout.blocks = [lines, computed].filter { !$0.isEmpty }
    layout.notes = union(tables.map { $0.legend }) + union(tables.map(\.notes))
    layout.remarks = union(tables.map(\.remarkLines))
    return layout.printable()
  }

  /// Computed rows by their labels; a metric without a row of that label has nothing there.
  private var computed: [Layout.Line] {
    union(tables.map { $0.extras.map(\.label) }).map { label in
      Layout.Line(
        stub: [label],
        cells: tables.flatMap { table in
          table.computedLines.first { $0.stub == [label] }?.cells
            ?? table.columns.map { _ in
              CellText(CellText.nothing)
            }
        })
    }
  }

  /// One line for each place and kind, the columns of every metric in it: each is read back by its name.
  var csv: String {
    guard tables.count > 1 else { return tables[0].csv }
    var head: [String] = []
    var order: [[String]] = []
    var fields: [[String]: [Int: [String]]] = [:]
    for (index, table) in tables.enumerated() {
      head += table.metricColumns
      for line in table.csvLines {
        if fields[line.place] == nil { order.append(line.place) }
        fields[line.place, default: [:]][index] = line.numbers
      }
    }
    let lines = order.map { place in
      CSV.line(
        place
          + tables.enumerated().flatMap { index, table in
            fields[place]?[index]
              ?? table.metricColumns.map { $0.hasSuffix(".unit") ? table.unit.symbol : "" }
          })
    }
    return CSV.line(specification.axes + lineColumns + head) + lines.joined()
  }

  /// What all metrics share, and under `measures` the object of each by itself.
  var json: JSON {
    guard tables.count > 1, let first = tables.first else { return tables[0].json }
    return .object([
      ("schema", .string("mneme/sheet/v1")), ("title", .string(first.heading.title)),
      ("table", .string(specification.name)), ("tier", .string(first.heading.tier)),
      ("manifest", .optional(first.heading.manifest?.hex)),
      ("metrics", .array(specification.cells.map { .string($0) })),
      ("measures", .array(tables.map(\.json))),
    ])
  }
}

/// Every text once, in the order of appearance.
private func union(_ lists: [[String]]) -> [String] {
  lists.joined().reduce(into: []) { texts, text in if !texts.contains(text) { texts.append(text) } }
}
