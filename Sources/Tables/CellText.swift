/// A cell as text, in the parts that a column aligns: number, deviation, mark.
struct CellText: Sendable, Equatable {
  var number: String
  var deviation = ""
  /// `=` all runs gave the same number; `✗` some failed; `…` some are running; `2/3` two of three are there.
  var marks: [String] = []
  var isBest = false

  static let nothing = "–"
  static let identical = "="
  static let failed = "✗"
  static let running = "…"
  /// After a number that was extrapolated; before one that is a lower bound; in place of one that nobody kept.
  static let extrapolated = "~"
  static let atLeast = "≥"
  static let unknown = "?"

  init(_ number: String) { self.number = number }

  /// - `cap`: the most places after the point, those of the published numbers of the column.
  /// - `quantity`: How a cost is said, in place of a plain number.
  init(_ cell: Cell, show: Show, unit: Unit, cap: Int?, quantity: Quantity? = nil) {
    number = CellText.nothing
    if let summary = cell.summary {
      let places = decimals(of: summary, cell: cell, show: show, unit: unit, cap: cap)
      let value = show.number(of: summary)
      number =
        quantity?.text(value, isExact: cell.decimals != nil)
        ?? DecimalText(value, scaledByTenTo: unit.power).fixed(decimals: places)
      if cell.isLowerBound { number = CellText.atLeast + " " + number }
      if cell.isExtrapolated { marks.append(CellText.extrapolated) }
      if show == .meanAndDeviation, let deviation = summary.deviation {
        self.deviation =
          quantity.map { "±" + $0.text(deviation) }
          ?? deviationText(deviation, places: places, unit: unit)
        if summary.isIdentical { marks.append(CellText.identical) }
      }
    } else if cell.unknown > 0 {
      number = CellText.unknown
    }
    let isPartial =
      cell.planned > 1 && cell.finished < cell.planned && cell.finished + cell.running + cell.failed > 0
    var states: [String] = []
    if cell.failed > 0 { states.append(CellText.failed) }
    if cell.running > 0 { states.append(CellText.running) }
    // The state takes the place of a number that is not there.
    if cell.summary == nil, cell.unknown == 0, !states.isEmpty { number = states.removeFirst() }
    marks += states
    if isPartial, cell.failed < cell.planned { marks.append("\(cell.finished)/\(cell.planned)") }
  }

  var text: String { ([number, deviation] + marks).filter { !$0.isEmpty }.joined(separator: " ") }

  /// Whether there is a number at all, and not a sign in its place.
  var hasNumber: Bool { number.last?.isNumber == true }

  /// Digits after the point.
  var places: Int {
    number.firstIndex(of: ".").map { number.distance(from: $0, to: number.endIndex) - 1 } ?? 0
  }
}

/// Places after the point: as published; else two significant digits of the deviation; never more than `cap`.
private func decimals(of summary: Summary, cell: Cell, show: Show, unit: Unit, cap: Int?) -> Int {
  if let published = cell.decimals { return published }
  guard show != .median, let deviation = summary.deviation, deviation > 0 else {
    return cap ?? usualDecimals(summary.mean, unit: unit)
  }
  let twoDigits = DecimalText(deviation, scaledByTenTo: unit.power).rounded(significant: 2)
  return min(max(0, 1 - twoDigits.leadingExponent), cap ?? 6)
}

/// Without a deviation or a published number to go by: two places of a percentage, four digits of other
/// numbers.
private func usualDecimals(_ number: Double, unit: Unit) -> Int {
  if unit.isFraction { return 2 }
  if number == number.rounded() { return 0 }
  return min(max(0, 3 - DecimalText(number, scaledByTenTo: unit.power).leadingExponent), 6)
}

/// A deviation that is smaller than the last shown place is not zero, and does not read as zero.
private func deviationText(_ deviation: Double, places: Int, unit: Unit) -> String {
  let decimal = DecimalText(deviation, scaledByTenTo: unit.power)
  guard deviation > 0, decimal.rounded(decimals: places).isZero else {
    return "±" + decimal.fixed(decimals: places)
  }
  return "±<" + DecimalText(1, scaledByTenTo: -places).fixed(decimals: places)
}
