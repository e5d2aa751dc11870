/// What came of a folder of oracle files, for people and programs.
package struct OracleSummary: Sendable {
  package let reports: [OracleReport]

  package init(_ reports: [OracleReport]) { self.reports = reports }

  /// Files with a quantity out of tolerance.
  package var failed: [OracleReport] { reports.filter { $0.firstFailure != nil } }

  /// Files that should have been replayed and could not be.
  package var unreadable: [OracleReport] {
    reports.filter { if case .unreadable = $0.outcome { true } else { false } }
  }

  /// How many files were computed again.
  package var replayed: Int {
    reports.count { if case .replayed = $0.outcome { true } else { false } }
  }

  /// Every quantity of every file, then why files were left out, then the verdict.
  package var text: String {
    var text = ""
    for report in reports {
      switch report.outcome {
      case .replayed(let quantities):
        text += "\(report.file)\n"
        let rows = quantities.map { quantity in
          [
            "  \(quantity.name)", OracleSummary.short(quantity.difference),
            quantity.tolerance == 0 ? "equal" : "≤ \(OracleSummary.short(quantity.tolerance))",
            quantity.isWithinTolerance ? "ok" : "FAILED at \(quantity.place)",
          ]
        }
        text += inColumns([["  quantity", "difference", "allowed", ""]] + rows, numbersRight: true)
      case .skipped(let reason): text += "\(report.file): skipped: \(reason)\n"
      case .unreadable(let reason): text += "\(report.file): could not be read: \(reason)\n"
      }
    }
    return text + verdict + "\n"
  }

  private var verdict: String {
    let skipped = reports.count - replayed - unreadable.count
    var parts = ["\(counted(replayed, "file")) replayed"]
    if skipped > 0 { parts.append("\(skipped) skipped") }
    if !unreadable.isEmpty { parts.append("\(unreadable.count) could not be read") }
    guard let first = failed.first, let quantity = first.firstFailure else {
      return parts.joined(separator: ", ") + (replayed > 0 ? ": all within tolerance" : "")
    }
    return parts.joined(separator: ", ")
      + ", \(failed.count) failed; first \(first.file): \(quantity.name) differs by "
      + "\(OracleSummary.short(quantity.difference)) at \(quantity.place), allowed \(OracleSummary.short(quantity.tolerance))"
  }

  /// Two digits and a power of ten: `3.1e-06`, `0` for nothing.
  private static func short(_ number: Double) -> String {
    guard number.isFinite else { return "\(number)" }
    guard number > 0 else { return "0" }
    var (mantissa, exponent) = (number, 0)
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    if exponent >= 0 && exponent < 3 {
      return NumberText.fixed(number, digits: 0) == "\(number)"
        ? NumberText.fixed(number, digits: 0) : NumberText.fixed(number, digits: 1)
    }
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return "\(NumberText.fixed(mantissa, digits: 1))e\(exponent < 0 ? "-" : "+")\(digits)"
  }

  /// A list of objects, one a file.
  package var json: String {
    jsonText(
      reports.map { report in
        switch report.outcome {
        case .replayed(let quantities):
          FileJSON(
            file: report.file, outcome: report.firstFailure == nil ? "within tolerance" : "failed",
            first_failure: report.firstFailure?.name, quantities: quantities.map { QuantityJSON($0) })
        case .skipped(let reason): FileJSON(file: report.file, outcome: "skipped", reason: reason)
        case .unreadable(let reason): FileJSON(file: report.file, outcome: "unreadable", reason: reason)
        }
      })
  }

  private struct FileJSON: Encodable {
    let file: String
    let outcome: String
    var reason: String?
    var first_failure: String?
    var quantities: [QuantityJSON]?
  }

  private struct QuantityJSON: Encodable {
    let name: String
    /// Absent where it is infinite: other shapes, or not a number.
    let difference: Double?
    let tolerance: Double
    let place: String
    let ok: Bool

    init(_ quantity: OracleQuantity) {
      (name, tolerance, place) = (quantity.name, quantity.tolerance, quantity.place)
      difference = quantity.difference.isFinite ? quantity.difference : nil
      ok = quantity.isWithinTolerance
    }
  }
}
