extension Verification {
  /// One line for each claim: what was printed, what the printed numbers give, what the measured ones do.
  var claimPart: VerificationPart {
    let hasMeasured = claims.contains { $0.measured != nil }
    let lines = claims.map { check in
      var cells = [
        words(check.claim.printedText.isEmpty ? CellText.nothing : check.claim.printedText),
        words(text(check.published, of: check.claim)), words(check.published.outcome.verdict.rawValue),
      ]
      if hasMeasured {
        cells += [
          words(check.measured.map { text($0, of: check.claim) } ?? CellText.nothing),
          words(check.measured?.outcome.verdict.rawValue ?? CellText.nothing),
        ]
      }
      return Layout.Line(stub: [check.claim.name], cells: cells)
    }
    let layout = Layout(
      caption: caption(.claims, "the paper's own, in its own form"), stub: ["claim"], axis: "",
      heads: ["printed", "from its numbers", "verdict"] + (hasMeasured ? ["measured here", "verdict"] : []),
      blocks: [lines], notes: claimNotes
    ).printable()
    return VerificationPart(layout: layout, lines: claims.flatMap(csv), json: .array(claims.map(json)))
  }

  /// Every sentence once, then what contradicts a claim and what other tests say.
  private var claimNotes: [String] {
    var sentences: [(text: String, names: [String])] = []
    for check in claims {
      let text = "“\(check.claim.sentence)” (\(check.claim.source))"
      if let place = sentences.firstIndex(where: { $0.text == text }) {
        sentences[place].names.append(check.claim.name)
      } else {
        sentences.append((text, [check.claim.name]))
      }
    }
    var notes = sentences.map { sentence in
      let names = sentence.names
      return (names.count > 3 ? "\(names[0]) to \(names[names.count - 1])" : names.joined(separator: ", "))
        + ": \(sentence.text)"
    }
    for check in claims {
      for (reading, numbers) in [(check.published, "printed"), (check.measured, "measured")] {
        guard let reading else { continue }
        if !reading.against.isEmpty {
          notes.append(
            "\(check.claim.name): not so by the \(numbers) numbers for \(reading.against.joined(separator: "; "))."
          )
        }
        if reading.outcome.verdict == .inconclusive {
          notes.append("\(check.claim.name), \(numbers): \(reading.outcome.reason).")
        }
        if !reading.besides.isEmpty {
          let tests = reading.besides.map { "\($0.name) p \(Tables.shown(p: $0.p, decimals: 4))" }
          notes.append(
            "\(check.claim.name), \(numbers): beside the paper's test, \(tests.joined(separator: ", ")).")
        }
      }
    }
    if claims.contains(where: { $0.claim.form == .tGreater }) {
      notes.append(
        "t-greater: Student's t-test with pooled variance, one-tailed; in brackets what the rounding of the printed numbers leaves open."
      )
    }
    return notes
  }

  private func text(_ reading: ClaimReading, of claim: Claim) -> String {
    if let holds = reading.holds { return "\(holds.count) of \(holds.of)" }
    guard let value = reading.value else { return CellText.nothing }
    guard claim.form == .tGreater else {
      return shown(difference: value, decimals: decimals) + (unit.isFraction && quantity == nil ? "%" : "")
    }
    let range = reading.range.map { " (\(Tables.shown(p: $0, decimals: 4)))" } ?? ""
    return Tables.shown(p: value, decimals: 4) + range
  }

  private func csv(_ check: ClaimCheck) -> [[String]] {
    [("claim", check.published), ("claim here", check.measured)].compactMap { kind, reading in
      guard let reading else { return nil }
      let isTest = check.claim.form == .tGreater
      let value = reading.value.map { "\($0)" } ?? reading.holds.map { "\($0.count)/\($0.of)" } ?? ""
      let range = isTest ? reading.range ?? reading.value.map { $0...$0 } : nil
      return [
        name, kind, check.claim.name, metric, unit.symbol, check.claim.printed.map { "\($0.value)" } ?? "",
        value,
        "", range.map { "\($0.lowerBound)" } ?? "", range.map { "\($0.upperBound)" } ?? "",
        reading.outcome.verdict.rawValue, reading.outcome.reason,
      ]
    }
  }

  private func json(_ check: ClaimCheck) -> JSON {
    .object([
      ("claim", .string(check.claim.name)), ("form", .string(check.claim.form.rawValue)),
      ("text", .string(check.claim.sentence)), ("source", .string(check.claim.source)),
      ("printed", .optional(check.claim.printed?.value)), ("published", json(check.published)),
      ("measured", check.measured.map { json($0) } ?? .null),
    ])
  }

  private func json(_ reading: ClaimReading) -> JSON {
    .object([
      ("verdict", .string(reading.outcome.verdict.rawValue)), ("reason", .string(reading.outcome.reason)),
      ("value", .optional(reading.value)), ("range", Tables.json(reading.range)),
      ("holds", .optional(reading.holds?.count)), ("of", .optional(reading.holds?.of)),
      ("against", .array(reading.against.map { .string($0) })),
      ("p", .object(reading.besides.map { ($0.name, .number($0.p)) })),
    ])
  }
}
