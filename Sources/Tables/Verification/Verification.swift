/// A measured table held against the published one: its values, the order of its rows, and what the paper claimed.
package struct Verification: Sendable {
  /// What can be checked.
  package enum Kind: String, Sendable, CaseIterable {
    case values, order, claims
  }

  /// The table as the manifest calls it, or the file where nothing is measured.
  package let name: String
  package let metric: String
  package let unit: Unit
  /// Nil where a published table is checked by itself.
  package let heading: Heading?
  package let published: CellList
  package let rules: VerificationRules
  /// The keys of rows, then of columns.
  let keys: [String]
  package let values: [ValueCheck]
  package let orders: [OrderCheck]
  package let claims: [ClaimCheck]
  package let notes: [String]

  /// - table: Measured cells with the published ones beside them.
  /// - published: The published table as it is, under its own labels.
  /// - claims: Those about the published table and its metric.
  /// - others: Other published tables that claims speak of, by the names of their files.
  package init(
    _ table: Table, published: CellList, claims: [Claim], others: [String: CellList], rules: VerificationRules
  ) throws(TablesError) {
    let specification = table.specification
    (name, metric, unit) = (specification.name, specification.cell, table.unit)
    (heading, self.published, self.rules) = (table.heading, published, rules)
    keys = specification.axes
    var values: [ValueCheck] = []
    for group in table.groups {
      for (column, cell) in (group.published ?? []).enumerated() where cell.summary != nil {
        values.append(
          ValueCheck(
            labels: group.labels + table.columns[column], measured: group.measured[column], published: cell,
            unit: unit, rules: rules))
      }
    }
    self.values = values
    let (orders, ties) = OrderCheck.all(table, rules: rules)
    self.orders = orders
    let measured = table.measuredCells.underPublishedLabels(specification.publishedAs)
    var checks: [ClaimCheck] = []
    for claim in claims {
      checks.append(
        try ClaimCheck(claim, published: published, others: others, measured: measured, rules: rules))
    }
    self.claims = checks
    notes = table.notes + Verification.notes(table, ties: ties)
  }

  /// A published table by itself: what the paper claims about it, from its own numbers.
  package init(
    published: CellList, name: String, claims: [Claim], others: [String: CellList], rules: VerificationRules
  ) throws(TablesError) {
    (self.name, metric, unit) = (name, published.metric, published.unit)
    (heading, self.published, self.rules) = (nil, published, rules)
    (keys, values, orders, notes) = ([], [], [], [])
    var checks: [ClaimCheck] = []
    for claim in claims {
      checks.append(try ClaimCheck(claim, published: published, others: others, measured: nil, rules: rules))
    }
    self.claims = checks
  }

  /// Whether measured and published numbers are of different tiers: then nothing measured repeats what was published.
  package var mixesTiers: Bool { heading.map { $0.tier != published.tier } ?? false }

  /// Every verdict of a kind, in order.
  package func verdicts(of kind: Kind) -> [Reproduction] {
    switch kind {
    case .values: values.map(\.outcome.verdict)
    case .order: orders.map(\.outcome.verdict)
    case .claims: claims.flatMap(\.verdicts)
    }
  }

  private static func notes(_ table: Table, ties: Int) -> [String] {
    var notes: [String] = []
    let bare = table.groups.reduce(0) { count, group in
      count
        + table.columns.indices.count {
          group.measured[$0].planned > 0 && group.published?[$0].summary == nil
        }
    }
    if bare > 0 {
      notes.append("\(bare) measured \(bare == 1 ? "cell has" : "cells have") no published number beside it.")
    }
    if ties > 0 {
      notes.append(
        "\(ties) \(ties == 1 ? "pair of published numbers is" : "pairs of published numbers are") equal within rounding, "
          + "which states no order.")
    }
    return notes
  }
}

extension CellList {
  /// The same cells under the labels of the published values they stand for.
  fileprivate func underPublishedLabels(_ pairing: PublishedAs) -> CellList {
    CellList(
      name: name, tier: tier, manifest: manifest, source: source, keys: keys, metric: metric, unit: unit,
      entries: entries.map { entry in
        Entry(labels: zip(entry.labels, keys).map { pairing.published($0, of: $1) }, cell: entry.cell)
      })
  }
}
