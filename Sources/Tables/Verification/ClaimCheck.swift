/// A claim of the paper, recomputed in its own form: from the numbers it printed, and from those measured here.
package struct ClaimCheck: Sendable, Equatable {
  package let claim: Claim
  /// From the published numbers alone.
  package let published: ClaimReading
  /// From the measured ones; nil where the form is arithmetic on printed numbers, or nothing was measured.
  package let measured: ClaimReading?

  /// Both verdicts.
  package var verdicts: [Reproduction] { [published, measured].compactMap { $0?.outcome.verdict } }
}

/// What some numbers make of a claim.
package struct ClaimReading: Sendable, Equatable {
  /// A p, or the value of a difference in the stored unit; nil for claims that count.
  package let value: Double?
  /// What rounding leaves open of it.
  package let range: ClosedRange<Double>?
  /// How many comparisons hold, of how many; nil for claims of one number.
  package let holds: (count: Int, of: Int)?
  /// Tests beside the paper's own: `welch`, `paired`.
  package let besides: [(name: String, p: Double)]
  /// What contradicts it.
  package let against: [String]
  package let outcome: Outcome

  init(
    value: Double? = nil, range: ClosedRange<Double>? = nil, holds: (Int, Int)? = nil,
    besides: [(name: String, p: Double)] = [], against: [String] = [], _ outcome: Outcome
  ) {
    (self.value, self.range, self.holds) = (value, range, holds.map { (count: $0.0, of: $0.1) })
    (self.besides, self.against, self.outcome) = (besides, against, outcome)
  }

  package static func == (a: ClaimReading, b: ClaimReading) -> Bool {
    a.value == b.value && a.range == b.range && a.holds?.count == b.holds?.count && a.holds?.of == b.holds?.of
      && a.besides.map(\.name) == b.besides.map(\.name) && a.besides.map(\.p) == b.besides.map(\.p)
      && a.against == b.against && a.outcome == b.outcome
  }
}

extension ClaimCheck {
  /// - published: The published table that the claim is about.
  /// - others: Other published tables, by the names of their files.
  /// - measured: The measured cells under published labels; nil where nothing is measured.
  init(
    _ claim: Claim, published list: CellList, others: [String: CellList], measured: CellList?,
    rules: VerificationRules
  ) throws(TablesError) {
    self.claim = claim
    let cells = try list.cells(along: claim.keys)
    let contrasts = try claim.contrasts(among: Array(cells.keys))
    switch claim.form {
    case .tGreater: published = try .ofTest(claim, contrasts[0], cells)
    case .difference: published = try .ofDifference(claim, contrasts[0], cells)
    case .equal: published = try .ofEquality(claim, contrasts, cells, others: others)
    default: published = .ofSigns(contrasts, cells)
    }
    guard let measured, ![.difference, .equal].contains(claim.form) else {
      self.measured = nil
      return
    }
    let missing = claim.keys.filter { !measured.keys.contains($0) }
    guard missing.isEmpty else {
      let outcome = Outcome(.inconclusive, "the table has no axis \(missing.joined(separator: ", "))")
      self.measured = ClaimReading(outcome)
      return
    }
    let own = try measured.cells(along: claim.keys)
    self.measured =
      claim.form == .tGreater
      ? .ofTest(measured: own, contrasts[0], alpha: rules.alpha)
      : .ofSigns(measured: own, contrasts, alpha: rules.alpha)
  }
}
