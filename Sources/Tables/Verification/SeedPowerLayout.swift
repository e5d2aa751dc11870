import Records

extension SeedPower: Tabular {
  /// As text that ends in a line feed.
  package func render(_ format: Format, width: Int, colour: Bool) -> String {
    rendered(format, width: width, colour: colour)
  }

  var layout: Layout {
    let wantsSeeds = difference != nil
    let lines = deviations.map { deviation in
      var cells = [
        shown(deviation.value), shown(deviation.detectable, isMeasured: deviation.value != nil),
        shown(deviation.detectableCorrected, isMeasured: deviation.value != nil),
      ]
      if wantsSeeds {
        let isOpen = deviation.value == nil || deviation.value == 0
        cells.append(
          CellText(deviation.seeds.map { "\($0)" } ?? (isOpen ? CellText.nothing : ">\(SeedPower.mostSeeds)"))
        )
      }
      return Layout.Line(stub: [deviation.name], cells: cells)
    }
    let seeds = planned == 1 ? "1 seed" : "\(planned) seeds"
    return Layout(
      caption: [
        "\(heading.title) · \(name) · power: what \(seeds) a cell can show of \(metric) in \(unit.shown)",
        "tier \(heading.tier) · level \(text(alpha)), power 0.8, \(comparisons) \(comparisons == 1 ? "comparison" : "comparisons")",
      ],
      stub: ["deviation"], axis: "",
      heads: ["of one run", "detectable", "of all, by Holm"] + (wantsSeeds ? ["seeds needed"] : []),
      blocks: [lines], notes: notes
    ).printable()
  }

  private var notes: [String] {
    var notes = [basis]
    if planned < 2 {
      notes.append("One seed a cell shows no difference at any size: chance is reckoned from two runs on.")
    } else {
      notes.append(
        "detectable: the difference of two cells of \(planned) runs that Student's t-test finds with probability 0.8; Welch's finds it less often, with 3 runs 0.7 instead of 0.8."
      )
    }
    guard let wanted else { return notes }
    let described = wanted.described(in: unit, of: "the mean of what was measured")
    notes.append(
      difference == nil
        ? "Seeds needed: a difference of \(described) cannot be put in numbers before something was measured; give it as shown, such as 1abs."
        : "seeds needed: runs a cell to find a difference of \(described), corrected by Holm.")
    return notes
  }

  private func text(_ number: Double) -> String {
    let decimal = DecimalText(number, scaledByTenTo: 0)
    return decimal.fixed(decimals: decimal.places)
  }

  /// Three digits: a difference is compared with one that a person asks for.
  private func shown(_ number: Double?, isMeasured: Bool = true) -> CellText {
    guard let number else { return CellText(CellText.nothing) }
    let decimal = DecimalText(number, scaledByTenTo: isMeasured ? unit.power : 0).rounded(significant: 3)
    let places = decimal.isZero ? 0 : max(0, 2 - decimal.leadingExponent)
    return CellText(decimal.fixed(decimals: places) + (isMeasured ? "" : " std"))
  }

  var csv: String {
    var text = CSV.line([
      "table", "metric", "unit", "planned", "comparisons", "alpha", "deviation", "value", "detectable",
      "detectable.corrected", "difference", "seeds",
    ])
    for deviation in deviations {
      text += CSV.line([
        name, metric, unit.symbol, "\(planned)", "\(comparisons)", "\(alpha)", deviation.name,
        deviation.value.map { "\($0)" } ?? "", deviation.detectable.map { "\($0)" } ?? "",
        deviation.detectableCorrected.map { "\($0)" } ?? "", difference.map { "\($0)" } ?? "",
        deviation.seeds.map { "\($0)" } ?? "",
      ])
    }
    return text
  }

  var json: JSON {
    .object([
      ("schema", .string("mneme/power/v1")), ("table", .string(name)), ("metric", .string(metric)),
      ("unit", .string(unit.symbol)), ("tier", .string(heading.tier)), ("planned", .integer(planned)),
      ("comparisons", .integer(comparisons)), ("alpha", .number(alpha)), ("power", .number(0.8)),
      ("difference", .optional(difference)), ("basis", .string(basis)),
      (
        "deviations",
        .array(
          deviations.map {
            .object([
              ("name", .string($0.name)), ("deviation", .optional($0.value)),
              ("in_deviations", .boolean($0.value == nil)), ("detectable", .optional($0.detectable)),
              ("detectable_corrected", .optional($0.detectableCorrected)), ("seeds", .optional($0.seeds)),
            ])
          })
      ),
    ])
  }
}
