import Records

extension TableDifference {
  /// One line for each cell, in full precision.
  var csv: String {
    let metric = a.metric
    let sides = ["a", "b"].flatMap { side in [side, "\(side).deviation", "\(side).runs"] }
    var text = CSV.line(keys + ["metric", "unit"] + sides + ["difference", "verdict"])
    for pair in pairs {
      let numbers = [pair.a, pair.b].flatMap { cell in
        [
          cell.summary.map { "\($0.mean)" }, cell.summary?.deviation.map { "\($0)" },
          cell.summary?.count.map { "\($0)" },
        ]
      }
      text += CSV.line(
        pair.labels + [metric, a.unit.symbol] + numbers.map { $0 ?? "" }
          + [pair.difference.map { "\($0)" } ?? "", pair.verdict.rawValue])
    }
    return text
  }

  /// One versioned object: both sides, the counts of the verdicts, then the cells.
  var json: JSON {
    .object([
      ("schema", .string("mneme/difference/v1")),
      ("a", json(a)),
      ("b", json(b)),
      ("metric", .string(a.metric)),
      ("unit", .string(a.unit.symbol)),
      ("keys", .array(keys.map { .string($0) })),
      ("identical", .boolean(isIdentical)),
      ("mixes_tiers", .boolean(mixesTiers)),
      ("counts", .object(Verdict.allCases.map { ($0.rawValue, .integer(count(of: $0))) })),
      ("cells", .array(pairs.map(json))),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }

  private func json(_ list: CellList) -> JSON {
    .object([
      ("name", .string(list.name)), ("tier", .optional(list.tier)),
      ("manifest", .optional(list.manifest?.hex)),
      ("source", .optional(list.source)),
    ])
  }

  private func json(_ pair: Pair) -> JSON {
    .object([
      ("at", place(keys, pair.labels)), ("verdict", .string(pair.verdict.rawValue)), ("a", json(pair.a)),
      ("b", json(pair.b)), ("difference", .optional(pair.difference)),
    ])
  }

  private func json(_ cell: Cell) -> JSON {
    guard let summary = cell.summary else { return .null }
    return .object([
      ("mean", .number(summary.mean)), ("deviation", .optional(summary.deviation)),
      ("runs", .optional(summary.count)),
      ("values", .array(cell.samples.map { .number($0.value) })),
    ])
  }
}
