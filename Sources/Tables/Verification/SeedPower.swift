import Records

/// What the planned seeds of a table can show, before they are run: how far two cells must be apart to be told from
/// chance with probability 0.8, and how many seeds a wanted difference takes.
package struct SeedPower: Sendable {
  /// How far single runs of one cell spread.
  package struct Deviation: Sendable, Equatable {
    /// `smallest`, `typical`, `largest`; `unknown` where none was measured.
    package let name: String
    /// Sample standard deviation in the stored unit; nil where none was measured.
    package let value: Double?
    /// By a two-sided test of one comparison, in the stored unit, or in deviations of one run where none was measured.
    /// Nil for a single seed.
    package let detectable: Double?
    /// The same where all comparisons of the table are made, corrected by Holm at its strictest step.
    package let detectableCorrected: Double?
    /// How many seeds the wanted difference takes, corrected; nil where nobody asked, or it cannot be said.
    package let seeds: Int?
  }

  package let name: String
  package let metric: String
  package let unit: Unit
  package let heading: Heading
  /// The seeds of a cell: the fewest of any.
  package let planned: Int
  /// Pairs of rows in every column.
  package let comparisons: Int
  package let deviations: [Deviation]
  /// Where the deviations come from, as a sentence.
  package let basis: String
  package let alpha: Double
  /// The wanted difference, in the stored unit.
  package let difference: Double?
  let wanted: Margin?

  /// More seeds than these are not looked for.
  static let mostSeeds = 1000

  /// - table: As planned; published numbers play no part.
  /// - elsewhere: The numbers of alike runs of other manifests, grouped by all settings but the seed. They stand in where
  ///   no cell of the table has two finished runs.
  /// - wanted: The difference to ask the number of seeds for; a share is one of the mean of what was measured.
  package init(
    _ table: Table, elsewhere: () throws -> [[Double]], elsewhereName: String, alpha: Double, wanted: Margin?
  ) rethrows {
    (name, metric, unit) = (table.specification.name, table.specification.cell, table.unit)
    (heading, self.alpha, self.wanted) = (table.heading, alpha, wanted)
    let cells = table.groups.flatMap(\.measured).filter { $0.planned > 0 }
    let planned = cells.map(\.planned).min() ?? 0
    self.planned = planned
    comparisons = table.columns.indices.reduce(0) { sum, column in
      let rows = table.groups.count { $0.measured[column].planned > 0 }
      return sum + rows * (rows - 1) / 2
    }
    var groups = cells.map { $0.samples.map(\.value) }.filter { $0.count > 1 }
    if !groups.isEmpty {
      basis =
        "Deviations of \(groups.count) \(groups.count == 1 ? "cell" : "cells") of this table with two finished runs or more."
    } else {
      groups = try elsewhere().filter { $0.count > 1 }
      basis =
        groups.isEmpty
        ? "No measured deviation: no two finished runs differ in their seed alone, here or in \(elsewhereName). Differences are in standard deviations of one run."
        : "Deviations of \(groups.count) \(groups.count == 1 ? "setting" : "settings") of \(elsewhereName): no cell of this table has two finished runs."
    }
    let summaries = groups.compactMap { Moments(of: $0) }
    let mean = Summary(of: summaries.map(\.mean))?.mean
    let difference: Double? =
      switch wanted {
      case .percent?: mean.flatMap { wanted?.size(of: $0, unit: table.unit) }
      default: wanted?.size(of: 0, unit: table.unit)
      }
    self.difference = difference
    let power = Power(alpha: alpha)
    let corrected = Power(alpha: Correction.holm.level(alpha, found: 0, of: max(1, comparisons)))
    let one = planned > 1 ? power.detectable(seeds: planned) : nil
    let all = planned > 1 ? corrected.detectable(seeds: planned) : nil
    deviations = SeedPower.spreads(summaries).map { name, value in
      let scale = value ?? 1
      return Deviation(
        name: name, value: value, detectable: one.map { $0 * scale },
        detectableCorrected: all.map { $0 * scale },
        seeds: value.flatMap { value in
          difference.flatMap {
            corrected.seeds(toFind: $0, deviationOfA: value, deviationOfB: value, most: SeedPower.mostSeeds)
          }
        })
    }
  }

  /// The smallest and largest deviation, and between them the one that all together have.
  private static func spreads(_ cells: [Moments]) -> [(String, Double?)] {
    let sorted = cells.map(\.deviation).sorted()
    guard let smallest = sorted.first, let largest = sorted.last else { return [("unknown", nil)] }
    // By size, so that the sum does not depend on the order of the cells.
    let ordered = cells.sorted { ($0.deviation, $0.count) < ($1.deviation, $1.count) }
    let degrees = ordered.reduce(0) { $0 + $1.degrees }
    let pooled = (ordered.reduce(0) { $0 + $1.degrees * $1.deviation * $1.deviation } / degrees).squareRoot()
    return cells.count == 1
      ? [("typical", pooled)] : [("smallest", smallest), ("typical", pooled), ("largest", largest)]
  }
}
