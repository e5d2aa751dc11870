/// Whether two rows stand in the order in which they were published, in one column.
package struct OrderCheck: Sendable, Equatable {
  /// The labels of both rows and of the column, as measured.
  package let first: [String]
  package let second: [String]
  package let column: [String]
  /// First minus second, in the stored unit.
  package let published: Rounded
  package let measured: Double?
  package let test: TTest?
  /// Of the difference measured, corrected by Holm within the table.
  package let p: Double?
  package let outcome: Outcome
}

extension OrderCheck {
  /// Every pair of published rows in every column. A pair that is equal within rounding states no order and is left out.
  ///
  /// - Returns: the checks, pair by pair, and how many pairs state no order.
  static func all(_ table: Table, rules: VerificationRules) -> (checks: [OrderCheck], ties: Int) {
    var drafts: [Draft] = []
    var ties = 0
    for first in table.groups.indices {
      for second in table.groups.indices.dropFirst(first + 1) {
        for column in table.columns.indices {
          let rows = [table.groups[first], table.groups[second]]
          let published = rows.compactMap { $0.published.flatMap { Rounded($0[column]) } }
          guard published.count == 2 else { continue }
          guard (published[0] - published[1]).sign != nil else {
            ties += 1
            continue
          }
          drafts.append(
            Draft(
              rows: rows.map(\.labels), column: table.columns[column],
              cells: rows.map { $0.measured[column] },
              published: published[0] - published[1],
              isPaired: table.specification.comparison.isPaired))
        }
      }
    }
    // One family: all comparisons of the table that could be tested.
    let tested = drafts.indices.filter { drafts[$0].test != nil }
    let adjusted = Correction.holm.adjusted(tested.compactMap { drafts[$0].test?.p() })
    var p = [Double?](repeating: nil, count: drafts.count)
    for (place, value) in zip(tested, adjusted) { p[place] = value }
    return (zip(drafts, p).map { $0.check(p: $1, alpha: rules.alpha) }, ties)
  }
}

/// A comparison before the family is known.
private struct Draft {
  let rows: [[String]]
  let column: [String]
  let cells: [Cell]
  let published: Rounded
  let test: TTest?
  let measured: Double?

  init(rows: [[String]], column: [String], cells: [Cell], published: Rounded, isPaired: Bool) {
    (self.rows, self.column, self.cells, self.published) = (rows, column, cells, published)
    let numbers = cells.compactMap { $0.shortcoming == nil ? $0.summary : nil }
    let isWhole = numbers.count == 2
    measured = isWhole ? numbers[0].mean - numbers[1].mean : nil
    let moments = numbers.compactMap { Moments($0) }
    let samples = cells.map(\.samples)
    if isPaired, isWhole, !samples[0].isEmpty, samples[0].map(\.over) == samples[1].map(\.over) {
      test = TTest.paired(samples[1].map(\.value), samples[0].map(\.value))
    } else {
      test = isWhole && moments.count == 2 ? TTest.welch(moments[1], moments[0]) : nil
    }
  }

  func check(p: Double?, alpha: Double) -> OrderCheck {
    OrderCheck(
      first: rows[0], second: rows[1], column: column, published: published, measured: measured, test: test,
      p: p, outcome: outcome(p: p, alpha: alpha))
  }

  private func outcome(p: Double?, alpha: Double) -> Outcome {
    for (row, cell) in zip(rows, cells) {
      if let shortcoming = cell.shortcoming {
        return Outcome(.inconclusive, "\(row.joined(separator: " ")): \(shortcoming)")
      }
    }
    guard let p, let measured else {
      let isSingle = cells.contains { ($0.summary?.count ?? 0) < 2 }
      return Outcome(
        .inconclusive, isSingle ? "one run says nothing about chance" : "every seed gave the same number")
    }
    guard p < alpha else { return Outcome(.inconclusive, "not told from chance") }
    return published.sign == (measured > 0 ? 1 : -1)
      ? Outcome(.reproduced, "the same order") : Outcome(.notReproduced, "the other way round")
  }
}
