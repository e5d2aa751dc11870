import Records

extension TableDifference {
  /// One line for each cell, in full precision.
  var csv: String {
    let metric = a.metric
    let sides = ["a", "b"].flatMap { side in [side, "\(side).deviation", "\(side).runs"] }
    var text = CSV.line(
      keys + ["metric", "unit"] + sides
        + [
          "difference", "low", "high", "margin", "test", "p", "p_adjusted", "p_equivalence", "detectable",
          "more_seeds", "verdict",
        ])
    for pair in pairs {
      let numbers = [pair.a, pair.b].flatMap { cell in
        [
          cell.summary.map { "\($0.mean)" }, cell.summary?.deviation.map { "\($0)" },
          cell.summary?.count.map { "\($0)" },
        ]
      }
      text += CSV.line(
        pair.labels + [metric, a.unit.symbol] + numbers.map { $0 ?? "" }
          + [pair.difference.map { "\($0)" } ?? ""] + fields(pair.judgement) + [pair.verdict.rawValue])
    }
    return text
  }

  private func fields(_ judgement: Judgement) -> [String] {
    let numbers = [
      judgement.p, judgement.adjusted, judgement.equivalence, judgement.detectable,
    ]
    let bounds = [judgement.interval?.lowerBound, judgement.interval?.upperBound, judgement.margin]
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    return bounds.map(text) + [judgement.method ?? ""] + numbers.map(text)
      + [judgement.moreSeeds.map { "\($0)" } ?? ""]
  }

  /// One versioned object: both sides, the counts of the verdicts, then the cells.
  var json: JSON {
    .object([
      ("schema", .string("mneme/difference/v2")),
      ("a", json(a)),
      ("b", json(b)),
      ("metric", .string(a.metric)),
      ("unit", .string(a.unit.symbol)),
      ("keys", .array(keys.map { .string($0) })),
      ("identical", .boolean(isIdentical)),
      ("mixes_tiers", .boolean(mixesTiers)),
      ("published", .optional(published?.rawValue)),
      ("rules", json(rules)),
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
      ("statistics", json(pair.judgement)),
      (
        "unlisted",
        .object(
          pair.unlike.map { ($0.key, .array([.array($0.a.map(JSON.label)), .array($0.b.map(JSON.label))])) })
      ),
    ])
  }

  private func json(_ rules: ComparisonRules) -> JSON {
    .object([
      ("test", .string(rules.test.rawValue)), ("correction", .string(rules.correction.rawValue)),
      ("alpha", .number(rules.alpha)), ("margin", .optional(rules.margin?.description)),
      ("converged", .optional(rules.converged)), ("better", .optional(rules.better?.rawValue)),
    ])
  }

  /// Null where there was nothing to reckon.
  private func json(_ judgement: Judgement) -> JSON {
    guard judgement.p != nil || judgement.reason != nil else { return .null }
    func test(_ test: TTest?) -> JSON {
      guard let test else { return .null }
      return .object([
        ("test", .string(test.kind.rawValue)), ("t", .number(test.statistic)),
        ("degrees", .number(test.degrees)), ("standard_error", .number(test.standardError)),
        ("p", .number(test.p())),
      ])
    }
    return .object([
      ("test", .optional(judgement.method)), ("p", .optional(judgement.p)),
      ("p_adjusted", .optional(judgement.adjusted)),
      (
        "interval",
        judgement.interval.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
      ),
      ("margin", .optional(judgement.margin)), ("p_equivalence", .optional(judgement.equivalence)),
      ("detectable", .optional(judgement.detectable)), ("more_seeds", .optional(judgement.moreSeeds)),
      ("reason", .optional(judgement.reason)), ("by_t", test(judgement.test)),
      ("by_other_pairing", test(judgement.other)),
    ])
  }

  private func json(_ cell: Cell) -> JSON {
    guard let summary = cell.summary else { return .null }
    return .object([
      ("mean", .number(summary.mean)), ("deviation", .optional(summary.deviation)),
      ("runs", .optional(summary.count)), ("converged", .optional(rules.converged(of: cell))),
      ("values", .array(cell.samples.map { .number($0.value) })),
    ])
  }
}

extension Judgement {
  /// The test whose p it is.
  var method: String? { isPermuted && p != nil ? "permutation" : test?.kind.rawValue }
}
