import Records

extension TableDifference {
  /// One line for each cell: its keys, both numbers, their difference, the verdict.
  var layout: Layout {
    let cap = pairs.flatMap { [$0.a.decimals, $0.b.decimals] }.compactMap(\.self).max()
    let lines = pairs.map { pair in
      let (a, b) = (text(pair.a, cap: cap), text(pair.b, cap: cap))
      let difference = difference(pair, a, b)
      return Layout.Line(
        stub: pair.labels.map { $0.isEmpty ? CellText.nothing : $0 },
        cells: [a, b, difference] + columns.map { $0.text(pair.judgement, difference.places) }
          + [verdict(pair)],
        tone: pair.verdict == .identical ? .faint : .plain)
    }
    return Layout(
      caption: (tierNote.map { [$0] } ?? []) + ["A: \(named(a))", "B: \(named(b))", summary], stub: keys,
      axis: "",
      heads: ["A", "B", "B − A"] + columns.map(\.head) + ["verdict"], blocks: lines.isEmpty ? [] : [lines],
      notes: notesBelow
    ).printable()
  }

  private typealias Column = (head: String, text: (Judgement, _ places: Int) -> CellText)

  /// What was reckoned, where something was.
  private var columns: [Column] {
    let judgements = pairs.map(\.judgement)
    var columns: [Column] = []
    if judgements.contains(where: { $0.interval != nil }) {
      columns.append(
        (
          "\(DecimalText(1 - rules.alpha, scaledByTenTo: 2).fixed(decimals: 0)) % CI",
          { judgement, places in
            CellText(
              judgement.interval.map {
                "\(self.signed($0.lowerBound, places)) … \(self.signed($0.upperBound, places))"
              } ?? CellText.nothing)
          }
        ))
    }
    if judgements.contains(where: { $0.adjusted != nil }) {
      columns.append(("p", { judgement, _ in CellText(judgement.adjusted.map(shownP) ?? CellText.nothing) }))
    }
    if judgements.contains(where: { $0.detectable != nil }) {
      columns.append(
        (
          "sees",
          { judgement, places in
            guard let detectable = judgement.detectable else { return CellText("") }
            return CellText(self.signed(detectable, places).trimmingSign)
          }
        ))
    }
    if judgements.contains(where: { $0.moreSeeds != nil }) {
      columns.append(("add", { judgement, _ in CellText(judgement.moreSeeds.map { "\($0)" } ?? "") }))
    }
    return columns
  }

  /// A difference in the shown unit, with its sign.
  private func signed(_ difference: Double, _ places: Int) -> String {
    let text =
      quantity?.text(difference)
      ?? DecimalText(difference, scaledByTenTo: a.unit.power).fixed(decimals: max(places, 1))
    return (difference > 0 ? "+" : "") + text
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

  private func text(_ cell: Cell, cap: Int?) -> CellText {
    var text = CellText(cell, show: .meanAndDeviation, unit: a.unit, cap: cap, quantity: quantity)
    if cell.finished == cell.planned || cell.planned == 0, let count = cell.summary?.count {
      text.marks.append("n=\(count)")
    }
    if let converged = rules.converged(of: cell), converged < cell.samples.count {
      text.marks.append("\(converged)/\(cell.samples.count) converged")
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
    text.marks = [
      [pair.verdict.sign, pair.verdict.rawValue, pair.judgement.reason.map { "(\($0))" }].compactMap(\.self)
        .joined(separator: " ")
    ]
    return text
  }
}

extension TableDifference.Verdict {
  /// As benchstat and asv have them; what is identical or missing has none.
  fileprivate var sign: String? {
    switch self {
    case .improved: "+"
    case .regressed: "−"
    case .same: "~"
    case .changed, .differs: "≠"
    case .higher: ">"
    case .lower: "<"
    case .unclear: "?"
    case .incomparable: "x"
    case .identical, .missing, .missingA, .missingB: nil
    }
  }
}

/// Three digits; a p below a thousandth says no more than that, whatever its digits.
private func shownP(_ p: Double) -> String {
  p < 0.001 ? "<0.001" : DecimalText(p, scaledByTenTo: 0).fixed(decimals: 3)
}

extension String {
  fileprivate var trimmingSign: String { hasPrefix("+") ? String(dropFirst()) : self }
}
