import Records

extension Table {
  /// One line for each cell, in full precision: the form that `CellList(csv:)` reads back.
  ///
  /// Keys come first, under their dotted names. A computed row has its label in `source` and no row keys.
  var csv: String {
    let metric = specification.cell
    let statistics = Statistic.allCases.map { "\(metric).\($0.rawValue)" }
    var text = CSV.line(specification.axes + lineColumns + [metric] + statistics)
    func add(_ labels: [String], _ cell: Cell, kind: String, source: String, tier: String, manifest: String) {
      let summary = cell.summary
      let isMeasured = kind == "measured"
      let fields =
        labels + [kind, source, tier, manifest] + [summary.map { "\($0.mean)" } ?? "", unit.symbol]
        + [summary?.deviation, isMeasured ? summary?.median : nil].map { $0.map { "\($0)" } ?? "" }
        + [isMeasured ? "\(cell.finished)" : summary?.count.map { "\($0)" } ?? ""]
        + [cell.planned, cell.running, cell.failed].map { isMeasured ? "\($0)" : "" }
      text += CSV.line(fields)
    }
    for group in groups {
      for (column, cell) in zip(columns, group.measured) where cell.planned > 0 {
        add(
          group.labels + column, cell, kind: "measured", source: heading.title, tier: heading.tier,
          manifest: heading.manifest?.hex ?? "")
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
    return text
  }
}
