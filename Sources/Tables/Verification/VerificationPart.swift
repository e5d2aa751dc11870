import Records

/// The checks of one kind, as they are printed.
struct VerificationPart: Tabular {
  let layout: Layout
  /// Lines in the order of `Verification.csvColumns`.
  let lines: [[String]]
  let json: JSON

  var csv: String { lines.map { CSV.line($0) }.joined() }
}

extension Verification {
  static let csvColumns = [
    "table", "check", "name", "metric", "unit", "published", "measured", "difference", "p.least", "p.largest",
    "verdict", "reason",
  ]

  /// Verifications as text that ends in a line feed: part by part, with an empty line between.
  ///
  /// JSON is one object for each. CSV is one list of all, one line for each check: a claim has one from the printed
  /// numbers, and one from those measured here.
  package static func render(
    _ verifications: [Verification], _ format: Format, width: Int, colour: Bool
  ) -> String {
    switch format {
    case .json: JSON.array(verifications.map(\.json)).text
    case .csv: CSV.line(csvColumns) + verifications.flatMap(\.parts).map(\.csv).joined()
    default:
      verifications.flatMap(\.parts).map { $0.rendered(format, width: width, colour: colour) }
        .joined(separator: "\n")
    }
  }

  /// Those that check anything: values, order, claims.
  var parts: [VerificationPart] {
    [values.isEmpty ? nil : valuePart, orders.isEmpty ? nil : orderPart, claims.isEmpty ? nil : claimPart]
      .compactMap(\.self)
  }

  var json: JSON {
    .object([
      ("schema", .string("mneme/verification/v1")), ("table", .string(name)), ("metric", .string(metric)),
      ("unit", .string(unit.symbol)), ("title", .optional(heading?.title)),
      ("tier", .optional(heading?.tier)),
      ("manifest", .optional(heading?.manifest?.hex)), ("published", .optional(published.source)),
      ("published_tier", .optional(published.tier)), ("mixes_tiers", .boolean(mixesTiers)),
      ("alpha", .number(rules.alpha)),
      (
        "counts",
        .object(
          Kind.allCases.map { kind in
            (kind.rawValue, .object(counts(of: kind).map { ($0.verdict.rawValue, .integer($0.count)) }))
          })
      ),
      ("values", valuePart.json), ("order", orderPart.json), ("claims", claimPart.json),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }

  /// How many checks of a kind have each verdict.
  package func counts(of kind: Kind) -> [(verdict: Reproduction, count: Int)] {
    let verdicts = verdicts(of: kind)
    return Reproduction.allCases.map { verdict in (verdict, verdicts.count { $0 == verdict }) }
  }

  /// What is checked, where both sides come from, how it came out.
  func caption(_ kind: Kind, _ what: String) -> [String] {
    let measure = quantity == nil ? "\(metric) in \(unit.shown)" : metric
    let title = heading.map { "\($0.title) · \(name)" } ?? name
    var lines = ["\(title) · \(kind.rawValue): \(measure), \(what)"]
    let source = "published: \(tierText(published.tier))" + (published.source.map { ", \($0)" } ?? "")
    if let heading {
      let manifest = heading.manifest.map { ", manifest \($0.short)" } ?? ""
      lines.append("measured: \(tierText(heading.tier))\(manifest) · \(source)")
    } else {
      lines.append(source)
    }
    if mixesTiers, let heading {
      lines.append(
        "Of different tiers, \(heading.tier) beside \(published.tier ?? "none"): no value here repeats the published experiment."
      )
    }
    let counts = counts(of: kind).filter { $0.count > 0 }.map { "\($0.count) \(text($0.verdict, of: kind))" }
    let total = verdicts(of: kind).count
    lines.append("\(total) \(total == 1 ? "check" : "checks"): \(counts.joined(separator: ", "))")
    return lines
  }

  private func tierText(_ tier: String?) -> String { tier.map { "tier \($0)" } ?? "of no tier" }

  /// A value of another tier is never called reproduced without that word beside it.
  func text(_ verdict: Reproduction, of kind: Kind) -> String {
    guard kind == .values, mixesTiers, verdict == .reproduced, let heading else { return verdict.rawValue }
    return "\(verdict.rawValue) (tier \(heading.tier))"
  }

  var quantity: Quantity? { Quantity(unit, of: metric) }

  /// A difference as shown, with its sign.
  func shown(difference: Double, decimals: Int) -> String {
    let text =
      quantity?.text(difference)
      ?? DecimalText(difference, scaledByTenTo: unit.power).fixed(decimals: decimals)
    return difference > 0 ? "+" + text : text
  }

  /// The places after the point of the published numbers.
  var decimals: Int { published.entries.compactMap(\.cell.decimals).max() ?? 2 }

  /// Words on the left side of a column.
  func words(_ text: String) -> CellText {
    var cell = CellText("")
    cell.marks = [text]
    return cell
  }
}

/// `0.0435`, with as many places as asked for, and no more certainty than a p deserves.
func shown(p: Double, decimals: Int = 3) -> String {
  let smallest = DecimalText(1, scaledByTenTo: -decimals)
  return p < (JSONNumber("1e-\(decimals)")?.value ?? 0)
    ? "<" + smallest.fixed(decimals: decimals) : DecimalText(p, scaledByTenTo: 0).fixed(decimals: decimals)
}

/// A range of p, or the one that both ends are shown as.
func shown(p range: ClosedRange<Double>, decimals: Int = 3) -> String {
  let ends = [range.lowerBound, range.upperBound].map { shown(p: $0, decimals: decimals) }
  return ends[0] == ends[1] ? ends[0] : ends.joined(separator: "–")
}

/// Both ends, or nothing.
func json(_ range: ClosedRange<Double>?) -> JSON {
  range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
}

extension Margin {
  /// `1 % of the published number`, `0.5 percentage points`.
  func described(in unit: Unit, of number: String) -> String {
    switch self {
    case .percent(let percent):
      let text = DecimalText(percent, scaledByTenTo: 0)
      return "\(text.fixed(decimals: text.places)) % of \(number)"
    case .absolute(let size):
      let text = DecimalText(size, scaledByTenTo: 0)
      return unit.shownDifference(text.fixed(decimals: text.places))
    }
  }
}
