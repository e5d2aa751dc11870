import Records

extension Figure {
  /// The figure as curves: for every line a measured and a published one, and what was computed, in every panel.
  package var picture: Picture {
    let panels = self.panels.map { panel in
      Picture.Panel(
        title: title(of: panel), yTitle: KeyWords.axis(specification.y, unit: table.unit),
        power: table.unit.power, range: range, curves: curves(in: panel))
    }
    let xs = Set(panels.flatMap(\.curves).flatMap { $0.points.map(\.x) }).sorted()
    let roles = Set(panels.flatMap(\.curves).map(\.source))
    var legend = table.groups.enumerated().map { index, group in
      let isMeasured = group.measured.contains { $0.planned > 0 }
      return Picture.Key(
        text: name(of: group), role: isMeasured ? .measured(index) : .published(index), isGeneral: false)
    }
    if roles.contains("published") {
      legend.append(
        Picture.Key(text: "measured, tier \(table.heading.tier)", role: .measured(0), isGeneral: true))
      legend.append(Picture.Key(text: "published", role: .published(0), isGeneral: true))
    }
    legend += table.extras.enumerated().map {
      Picture.Key(text: $0.element.label, role: .computed($0.offset), isGeneral: true)
    }
    return Picture(
      name: specification.name, panels: panels, xTitle: KeyWords.axis(specification.x),
      scale: Figure.isWide(xs) ? .powersOfTwo : .linear, ticks: xs, legend: legend,
      caption: table.caption(of: table.measure) + table.notes.filter(isCaption),
      facts: facts)
  }

  /// Whether whoever sees the picture alone must know it.
  private func isCaption(_ note: String) -> Bool { note.hasPrefix("Partial") || note.hasPrefix("Damaged") }

  /// Numbers that grow by factors, from one to four times it and beyond, have equal room for equal factors.
  private static func isWide(_ xs: [Double]) -> Bool {
    guard let least = xs.first, let greatest = xs.last else { return false }
    return least > 0 && greatest >= 4 * least
  }

  private func title(of panel: Panel) -> String {
    let title = specification.panels.map { KeyWords.phrase($0, panel.label.isEmpty ? "–" : panel.label) }
    guard specification.reference != nil else { return title ?? "" }
    guard let published = panel.published else {
      return ([title].compactMap(\.self) + ["nothing published"]).joined(separator: " · ")
    }
    guard let title else { return "" }
    return published == panel.label ? title : "\(title) · published: \(published)"
  }

  /// One range for all panels, so that they can be compared.
  private var range: ClosedRange<Double>? {
    let scale = table.unit.isFraction ? 100.0 : 1
    let cells =
      table.groups.flatMap { $0.measured + ($0.published ?? []) } + table.extras.flatMap(\.cells)
    return .around(
      cells.compactMap(\.summary).flatMap { summary in
        let deviation = summary.deviation ?? 0
        return [(summary.mean - deviation) * scale, (summary.mean + deviation) * scale]
      }.filter(\.isFinite))
  }

  private func curves(in panel: Panel) -> [Picture.Curve] {
    var curves: [Picture.Curve] = table.extras.enumerated().map { index, extra in
      Picture.Curve(
        name: extra.label, source: "computed", role: .computed(index),
        points: points(of: extra.cells, in: panel).compactMap { x, cell in
          cell.summary.map { Picture.Point(x: x, y: $0.mean) }
        })
    }
    for (index, group) in table.groups.enumerated() {
      curves.append(
        Picture.Curve(
          name: name(of: group), source: "published", role: .published(index),
          points: points(of: group.published ?? [], in: panel).compactMap { x, cell in
            cell.summary.map {
              Picture.Point(x: x, y: $0.mean, deviation: $0.deviation, count: $0.count)
            }
          }))
    }
    for (index, group) in table.groups.enumerated() {
      curves.append(
        Picture.Curve(
          name: name(of: group), source: "measured", role: .measured(index),
          points: points(of: group.measured, in: panel).filter { $0.cell.planned > 0 }.map { x, cell in
            Picture.Point(
              x: x, y: cell.summary?.mean, deviation: cell.summary?.deviation, count: cell.finished,
              runs: cell.samples.map(\.run.short))
          }))
    }
    return curves.filter { !$0.points.isEmpty }
  }

  private func name(of group: Table.Group) -> String {
    let words = group.labels.filter { !$0.isEmpty }
    return words.isEmpty ? "–" : words.joined(separator: " ")
  }

  private var facts: [String] {
    let panels = specification.panels.map { ", a panel for each \($0)" } ?? ""
    let pairs = specification.publishedAs.pairs.map {
      "\($0.key) \($0.measured) beside the published \($0.published)"
    }
    return [
      "\(specification.name): \(specification.y) over \(specification.x), a curve for each "
        + specification.lines.joined(separator: ", ") + panels,
      "x: \(specification.x) of the runs' settings",
      "y: \(specification.y) as stored, in \(table.unit.symbol)"
        + "\(table.unit.isFraction ? " (a fraction; the picture shows percent)" : ""), the mean of the runs",
      "deviation: their sample standard deviation; unknown for one run",
      "count: how many finished runs the mean is of; nan: no number",
    ] + (pairs.isEmpty ? [] : ["pairs: \(pairs.joined(separator: ", "))"])
      + (specification.reference.map { ["published: from \($0)"] } ?? [])
      + table.notes.filter { !isCaption($0) }
  }
}
