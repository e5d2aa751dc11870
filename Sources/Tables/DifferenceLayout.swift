import Records

extension TableDifference {
  /// One line for each cell: its keys, both numbers, their difference, the verdict.
  var layout: Layout {
    let cap = pairs.flatMap { [$0.a.decimals, $0.b.decimals] }.compactMap(\.self).max()
    let lines = pairs.map { pair in
      let (a, b) = (text(pair.a, cap: cap), text(pair.b, cap: cap))
      return Layout.Line(
        stub: pair.labels.map { $0.isEmpty ? CellText.nothing : $0 },
        cells: [a, b, difference(pair, a, b), verdict(pair)],
        tone: pair.verdict == .identical ? .faint : .plain)
    }
    return Layout(
      caption: ["A: \(named(a))", "B: \(named(b))", summary], stub: keys, axis: "",
      heads: ["A", "B", "B − A", "verdict"], blocks: lines.isEmpty ? [] : [lines], notes: notes
    ).printable()
  }

  private func named(_ list: CellList) -> String {
    let parts = [
      list.name, list.tier.map { "tier \($0)" }, list.manifest.map { "manifest \($0.short)" },
      list.source == list.name ? nil : list.source,
    ]
    return parts.compactMap(\.self).joined(separator: " · ")
  }

  private var summary: String {
    let counts = Verdict.allCases.filter { count(of: $0) > 0 }.map { verdict in
      "\(count(of: verdict)) \(verdict == .differs ? "differ" : verdict.rawValue)"
    }
    let unit = a.unit
    let number = pairs.count == 1 ? "1 cell" : "\(pairs.count) cells"
    let measure =
      quantity == nil ? "\(a.metric) in \(unit.shown), differences in \(unit.shownDifference)" : a.metric
    return "\(measure) · \(number): "
      + (counts.isEmpty ? "none" : counts.joined(separator: ", "))
  }

  /// What a reader must know before believing a difference.
  package var notes: [String] {
    var notes: [String] = []
    if mixesTiers {
      notes.append(
        "Incomparable as repetitions: A is \(a.tier.map { "tier \($0)" } ?? "of no tier"), "
          + "B is \(b.tier.map { "tier \($0)" } ?? "of no tier").")
    }
    for (list, other, name) in [(a, b, "A"), (b, a, "B")] {
      let own = list.keys.filter { !other.keys.contains($0) }
      if !own.isEmpty {
        let labels = own.map { "\($0) (\(list.labels(of: $0).joined(separator: ", ")))" }
        notes.append("Only \(name) tells: \(labels.joined(separator: "; ")).")
      }
    }
    if pairs.contains(where: { $0.a.summary?.deviation != nil || $0.b.summary?.deviation != nil }) {
      notes.append("mean ± sample standard deviation of n runs.")
    }
    return notes
  }

  private func text(_ cell: Cell, cap: Int?) -> CellText {
    var text = CellText(cell, show: .meanAndDeviation, unit: a.unit, cap: cap, quantity: quantity)
    if cell.finished == cell.planned || cell.planned == 0, let count = cell.summary?.count {
      text.marks.append("n=\(count)")
    }
    return text
  }

  private var quantity: Quantity? { Quantity(a.unit, of: a.metric) }

  /// As precise as the less precise side; a difference that is not zero is never shown as zero.
  private func difference(_ pair: Pair, _ a: CellText, _ b: CellText) -> CellText {
    guard let difference = pair.difference else { return CellText(CellText.nothing) }
    if let quantity {
      return CellText((difference > 0 ? "+" : "") + quantity.text(difference))
    }
    let decimal = DecimalText(difference, scaledByTenTo: self.a.unit.power)
    var places = min(a.places, b.places)
    if decimal.rounded(decimals: places).isZero {
      places = decimal.isZero ? places : 1 - decimal.leadingExponent
    }
    return CellText((difference > 0 ? "+" : "") + decimal.fixed(decimals: places))
  }

  private func verdict(_ pair: Pair) -> CellText {
    var text = CellText("")
    text.marks = [pair.verdict.rawValue]
    return text
  }
}
