import Records

extension Table {
  /// One line for each cell, in full precision: the form that `CellList(csv:)` reads back.
  ///
  /// Keys come first, under their dotted names. A computed row has its label in `source` and no row keys.
  var csv: String {
    CSV.line(specification.axes + lineColumns + metricColumns)
      + csvLines.map { CSV.line($0.place + $0.numbers) }.joined()
  }

  /// The metric and what is told of it.
  var metricColumns: [String] {
    [specification.cell] + Statistic.allCases.map { "\(specification.cell).\($0.rawValue)" }
  }

  /// The lines: keys and what the line is, then the fields of the metric.
  ///
  /// What was measured is of the kind `measured`; `at-least` where some of it was lost, `extrapolated` where it is of
  /// runs that were not made.
  var csvLines: [(place: [String], numbers: [String])] {
    var lines: [(place: [String], numbers: [String])] = []
    func add(_ labels: [String], _ cell: Cell, kind: String, source: String, tier: String, manifest: String) {
      let summary = cell.summary
      let isMeasured = cell.planned > 0
      let fields =
        [summary.map { "\($0.mean)" } ?? "", unit.symbol]
        + [summary?.deviation, isMeasured ? summary?.median : nil].map { $0.map { "\($0)" } ?? "" }
        + [isMeasured ? "\(cell.finished)" : summary?.count.map { "\($0)" } ?? ""]
        + [cell.planned, cell.running, cell.failed].map { isMeasured ? "\($0)" : "" }
      lines.append((labels + [kind, source, tier, manifest], fields))
    }
    for group in groups {
      for (column, cell) in zip(columns, group.measured) where cell.planned > 0 {
        add(
          group.labels + column, cell,
          kind: cell.isExtrapolated ? "extrapolated" : cell.isLowerBound ? "at-least" : "measured",
          source: heading.title, tier: heading.tier, manifest: heading.manifest?.hex ?? "")
      }
      for (column, cell) in zip(columns, group.published ?? []) where cell.summary != nil {
        // Under the labels it was published with, which a pairing may have replaced.
        let labels = zip(specification.axes, group.labels + column).map {
          specification.publishedAs.published($1, of: $0)
        }
        add(labels, cell, kind: "published", source: source ?? "", tier: "", manifest: "")
      }
    }
    for extra in extras {
      let labels = specification.rows.map { _ in "" }
      for (column, cell) in zip(columns, extra.cells) where cell.summary != nil {
        add(labels + column, cell, kind: "computed", source: extra.label, tier: "", manifest: "")
      }
    }
    return lines
  }
}
