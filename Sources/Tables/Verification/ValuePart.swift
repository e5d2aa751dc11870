import Records

extension Verification {
  /// One line for each published number.
  var valuePart: VerificationPart {
    let lines = values.map { check in
      Layout.Line(
        stub: check.labels.map { $0.isEmpty ? CellText.nothing : $0 },
        cells: [
          number(check.published), number(check.measured),
          CellText(
            check.difference.map { shown(difference: $0.value, decimals: decimals) } ?? CellText.nothing),
          CellText(check.p.map { Tables.shown(p: $0) } ?? CellText.nothing),
          words(text(check.outcome.verdict, of: .values)), words(check.outcome.reason),
        ], tone: check.outcome.verdict == .inconclusive ? .faint : .plain)
    }
    let layout = Layout(
      caption: caption(.values, "measured against published"), stub: keys, axis: "",
      heads: ["published", "measured", "difference", "p", "verdict", "because"], blocks: [lines],
      notes: valueNotes + notes
    ).printable()
    return VerificationPart(layout: layout, lines: values.map(csv), json: .array(values.map(json)))
  }

  private var valueNotes: [String] {
    var notes: [String] = []
    let kinds = Set(values.compactMap(\.test?.rawValue)).sorted()
    let level = DecimalText(rules.alpha, scaledByTenTo: 0)
    let alpha = level.fixed(decimals: level.places)
    if kinds.contains(TTest.Kind.prediction.rawValue) {
      let confidence = DecimalText(1 - rules.alpha, scaledByTenTo: 2).rounded(significant: 6)
      notes.append(
        "Beside a bare number: the \(confidence.fixed(decimals: confidence.places)) % prediction interval, where one more run would lie."
      )
    }
    if kinds.contains(TTest.Kind.welch.rawValue) {
      notes.append("Beside a published deviation: Welch's t-test from both summaries.")
    }
    if !kinds.isEmpty {
      notes.append(
        "p is two-sided, at level \(alpha), for each cell by itself; a range is what the rounding of the published numbers leaves open."
      )
      notes.append(marginNote)
    }
    return notes
  }

  private var marginNote: String {
    guard let margin = rules.margin else {
      return "No margin is declared within which two numbers count as the same; `--margin` gives one."
    }
    return
      "Margin: \(margin.described(in: unit, of: "the published number")), within which the difference must be shown to lie (two one-sided tests)."
  }

  private func number(_ cell: Cell) -> CellText {
    var text = CellText(cell, show: .meanAndDeviation, unit: unit, cap: decimals, quantity: quantity)
    if cell.isComplete || cell.planned == 0, let count = cell.summary?.count, count > 1 {
      text.marks.append("n=\(count)")
    }
    return text
  }

  private func csv(_ check: ValueCheck) -> [String] {
    [
      name, "value", described(keys, check.labels), metric, unit.symbol,
      check.published.summary.map { "\($0.mean)" } ?? "", check.measured.summary.map { "\($0.mean)" } ?? "",
      check.difference.map { "\($0.value)" } ?? "", check.p.map { "\($0.lowerBound)" } ?? "",
      check.p.map { "\($0.upperBound)" } ?? "", text(check.outcome.verdict, of: .values),
      check.outcome.reason,
    ]
  }

  private func json(_ check: ValueCheck) -> JSON {
    .object([
      ("at", place(keys, check.labels)), ("verdict", .string(check.outcome.verdict.rawValue)),
      ("reason", .string(check.outcome.reason)), ("published", side(check.published)),
      ("round_off", .optional(check.published.roundOff)), ("measured", side(check.measured)),
      ("difference", .optional(check.difference?.value)), ("test", .optional(check.test?.rawValue)),
      ("p", Tables.json(check.p)), ("margin", .optional(check.margin)),
      ("p_equivalence", Tables.json(check.equivalence)),
    ])
  }

  private func side(_ cell: Cell) -> JSON {
    .object([
      ("mean", .optional(cell.summary?.mean)), ("deviation", .optional(cell.summary?.deviation)),
      ("runs", .optional(cell.summary?.count)), ("values", .array(cell.samples.map { .number($0.value) })),
    ])
  }
}
