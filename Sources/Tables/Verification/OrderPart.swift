extension Verification {
  /// One line for each pair of rows in each column.
  var orderPart: VerificationPart {
    let rows = Array(keys.prefix(orders.first?.first.count ?? 0))
    let columns = Array(keys.dropFirst(rows.count))
    let lines = orders.map { check in
      Layout.Line(
        stub: [named(check.first), named(check.second)]
          + check.column.map { $0.isEmpty ? CellText.nothing : $0 },
        cells: [
          CellText(shown(difference: check.published.value, decimals: decimals)),
          CellText(check.measured.map { shown(difference: $0, decimals: decimals) } ?? CellText.nothing),
          CellText(check.p.map { Tables.shown(p: $0) } ?? CellText.nothing),
          words(check.outcome.verdict.rawValue), words(check.outcome.reason),
        ], tone: check.outcome.verdict == .inconclusive ? .faint : .plain)
    }
    let layout = Layout(
      caption: caption(.order, "A − B of every pair of rows, published and measured"),
      stub: ["A: \(rows.joined(separator: " "))", "B"] + columns, axis: "",
      heads: ["published", "measured", "p", "verdict", "because"], blocks: [lines],
      notes: [
        "p: \(test) of the measured difference, two-sided, corrected by Holm over all that could be tested (\(orders.count { $0.p != nil }))."
      ]
    ).printable()
    return VerificationPart(
      layout: layout, lines: orders.map { csv($0, rows, columns) },
      json: .array(orders.map { json($0, rows, columns) }))
  }

  /// Which one was made was declared, and is not chosen by its p.
  private var test: String {
    let kinds = Set(orders.compactMap(\.test?.kind))
    guard kinds.contains(.paired) else { return "Welch's t-test" }
    return kinds.contains(.welch)
      ? "the paired t-test by seed, Welch's where seeds do not match," : "the paired t-test by seed"
  }

  private func named(_ labels: [String]) -> String {
    labels.map { $0.isEmpty ? CellText.nothing : $0 }.joined(separator: " ")
  }

  private func csv(_ check: OrderCheck, _ rows: [String], _ columns: [String]) -> [String] {
    let column = check.column.isEmpty ? "" : " at " + described(columns, check.column)
    let p = check.p.map { "\($0)" } ?? ""
    return [
      name, "order", "\(described(rows, check.first)) against \(described(rows, check.second))\(column)",
      metric,
      unit.symbol, "\(check.published.value)", check.measured.map { "\($0)" } ?? "", "", p, p,
      check.outcome.verdict.rawValue, check.outcome.reason,
    ]
  }

  private func json(_ check: OrderCheck, _ rows: [String], _ columns: [String]) -> JSON {
    .object([
      ("a", place(rows, check.first)), ("b", place(rows, check.second)), ("at", place(columns, check.column)),
      ("verdict", .string(check.outcome.verdict.rawValue)), ("reason", .string(check.outcome.reason)),
      ("published", .number(check.published.value)), ("measured", .optional(check.measured)),
      ("test", .optional(check.test?.kind.rawValue)), ("p", .optional(check.test?.p())),
      ("p_corrected", .optional(check.p)),
    ])
  }
}
