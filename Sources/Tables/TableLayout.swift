import Records

extension Table {
  /// Rows and columns as text: what was measured, below it what was published, at the end what was computed.
  var layout: Layout {
    let shown = groups.indices.filter { hasPublished($0) }
    let lines = lines(withPublished: Set(shown))
    return Layout(
      caption: caption(of: measure), stub: stub, axis: specification.columns.joined(separator: " / "),
      heads: columns.map { $0.isEmpty ? specification.cell : head($0) }, sections: sections,
      blocks: [lines, computedLines].filter { !$0.isEmpty }, notes: legend + notes, remarks: remarkLines
    ).printable()
  }

  /// Names of the leading columns.
  var stub: [String] { specification.rows + (source == nil ? [] : ["source"]) }

  /// Whether a group has a published number somewhere.
  func hasPublished(_ group: Int) -> Bool { groups[group].published?.contains { $0.summary != nil } ?? false }

  /// What was measured; below it, in some groups, what was published.
  func lines(withPublished shown: Set<Int>) -> [Layout.Line] {
    let caps = decimalCaps
    let best = columns.indices.map { self.best(inColumn: $0) }
    var lines: [Layout.Line] = []
    for (index, group) in groups.enumerated() {
      let labels = described(group.labels, of: specification.rows)
      var measured = Layout.Line(stub: labels, cells: texts(group.measured, caps: caps))
      for column in columns.indices { measured.cells[column].isBest = best[column].contains(index) }
      guard let published = group.published else {
        lines.append(measured)
        continue
      }
      measured.stub.append(heading.tier)
      lines.append(measured)
      guard shown.contains(index) else { continue }
      lines.append(
        Layout.Line(
          stub: labels.map { _ in "" } + ["published"], cells: texts(published, caps: caps), tone: .faint))
    }
    return lines
  }

  var computedLines: [Layout.Line] {
    let caps = decimalCaps
    return extras.map { Layout.Line(stub: [$0.label], cells: texts($0.cells, caps: caps)) }
  }

  private var sections: Layout.Sections? {
    guard let axis = specification.columns.last, specification.columns.count > 1 else { return nil }
    let keys = specification.columns.dropLast()
    let labels = columns.map { described($0, of: specification.columns) }
    return Layout.Sections(
      names: labels.map { zip(keys, $0).map { "\($0) \($1)" }.joined(separator: ", ") },
      heads: labels.compactMap(\.last), axis: axis)
  }

  private func texts(_ cells: [Cell], caps: [Int?]) -> [CellText] {
    zip(cells, caps).map { CellText($0, show: specification.show, unit: unit, cap: $1, quantity: quantity) }
  }

  /// What stands above a column.
  func head(_ column: [String]) -> String {
    described(column, of: specification.columns).joined(separator: " / ")
  }

  /// Labels for people: an absent one as a dash, one that stands for another with that one in brackets.
  private func described(_ labels: [String], of keys: [String]) -> [String] {
    zip(labels, keys).map { label, key in
      if label.isEmpty { return CellText.nothing }
      return source == nil ? label : specification.publishedAs.described(label, of: key)
    }
  }

  /// The places of the published numbers of each column; of all, for a column without any.
  private var decimalCaps: [Int?] {
    let published = columns.indices.map { column in
      groups.compactMap { $0.published?[column].decimals }.max()
    }
    let most = published.compactMap(\.self).max()
    return published.map { $0 ?? most }
  }

  private var quantity: Quantity? { Quantity(unit, of: specification.cell) }

  /// `test.accuracy in %`; a quantity carries its unit.
  var measure: String {
    quantity == nil ? "\(specification.cell) in \(unit.shown)" : specification.cell
  }

  /// What the numbers are and where they come from.
  func caption(of measures: String) -> [String] {
    let shown: String =
      switch specification.show {
      case .meanAndDeviation: "mean ± sample standard deviation over \(runsOfCell)"
      case .mean: "mean of \(runsOfCell)"
      case .median: "median of \(runsOfCell)"
      }
    let number = runCounts == 1...1 ? "one \(noun(1))" : shown
    let manifest = heading.manifest.map { " · manifest \($0.short)" } ?? ""
    return [
      "\(heading.title) · \(specification.name): \(measures), \(number)",
      "tier \(heading.tier)\(manifest)" + (source.map { " · published: \($0)" } ?? ""),
    ]
  }

  /// How many runs were planned for a cell, over all cells that have any.
  private var runCounts: ClosedRange<Int> {
    let counts = groups.flatMap(\.measured).map(\.planned).filter { $0 > 0 }
    return (counts.min() ?? 0)...(counts.max() ?? 0)
  }

  private var runsOfCell: String {
    let counts = runCounts
    let isUniform = counts.lowerBound == counts.upperBound
    let number = isUniform ? "\(counts.lowerBound)" : "\(counts.lowerBound)–\(counts.upperBound)"
    return "\(number) \(noun(counts.upperBound))"
  }

  private func noun(_ count: Int) -> String {
    let word = specification.over == ["seed"] ? "seed" : "run"
    return count == 1 ? word : word + "s"
  }

  /// What the signs mean, for the signs that are there.
  var legend: [String] {
    let cells = groups.flatMap(\.measured)
    var lines: [String] = []
    let texts = cells.map { CellText($0, show: specification.show, unit: unit, cap: nil) }
    if texts.contains(where: { $0.marks.contains(CellText.identical) }) {
      lines.append("= after ±0: every \(noun(1)) gave the same number, bit for bit.")
    }
    if texts.contains(where: { $0.marks.last?.contains("/") == true }) {
      lines.append("n/N: n of N planned \(noun(2)) are finished, and the number is theirs.")
    }
    if cells.contains(where: { $0.running > 0 }) { lines.append("…: running.") }
    if cells.contains(where: { $0.failed > 0 }) {
      lines.append("✗: failed; `mneme status` and `mneme logs` say why.")
    }
    if cells.contains(where: \.isExtrapolated) {
      lines.append("~: not run; extrapolated from segments that were timed.")
    }
    if cells.contains(where: \.isLowerBound) {
      lines.append(
        "≥: at least; an attempt was killed, or has no intact record, and what it took is not in it.")
    }
    if cells.contains(where: { $0.unknown > 0 }) {
      lines.append(
        "?: finished, but no attempt kept this cost: it was killed, or its record is damaged or older.")
    }
    return lines
  }
}
