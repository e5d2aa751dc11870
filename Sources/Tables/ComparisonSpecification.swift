import Records

/// What a table of a manifest says about how it is to be compared.
package struct ComparisonSpecification: Sendable, Hashable {
  /// Whether runs of one seed belong together on both sides: same order of the data, same initial weights.
  package let isPaired: Bool
  /// What does not matter, if that was decided.
  package let margin: Margin?
  /// The number, in the stored unit, from which on a run counts as converged: at least that, or at most where lower is
  /// better.
  package let converged: Double?

  package init(isPaired: Bool = false, margin: Margin? = nil, converged: Double? = nil) {
    (self.isPaired, self.margin, self.converged) = (isPaired, margin, converged)
  }

  /// For the hash of a manifest. What is not declared is left out: older hashes stay.
  var settings: Settings {
    var settings = Settings()
    if isPaired { settings["paired"] = .boolean(true) }
    if let margin { settings["margin"] = .text(margin.description) }
    if let converged { settings["converged"] = .real(converged) }
    return settings
  }
}

/// How two tables are judged. Declared, or asked for; nothing of it is chosen by looking at the numbers.
package struct ComparisonRules: Sendable, Hashable {
  /// What decides whether a difference is more than chance.
  package enum Test: String, Sendable, CaseIterable {
    case welch, paired, permutation
    /// None: numbers are identical or they differ.
    case exact
  }

  package var test: Test
  package var correction: Correction
  /// The p below which a difference is no chance.
  package var alpha: Double
  package var margin: Margin?
  package var converged: Double?
  package var better: Better?
  /// Keys that both tables average over; they may differ within a cell.
  package var over: [String]

  package init(
    test: Test, correction: Correction, alpha: Double, margin: Margin? = nil, converged: Double? = nil,
    better: Better? = nil, over: [String] = []
  ) {
    (self.test, self.correction, self.alpha) = (test, correction, alpha)
    (self.margin, self.converged, self.better, self.over) = (margin, converged, better, over)
  }

  /// Bit for bit, and nothing more.
  package static let exact = ComparisonRules(test: .exact, correction: .none, alpha: 0.05)

  /// These rules for a table of a manifest: what it declares, unless `margin` or the test was asked for.
  package func filled(from table: TableSpecification, isTestGiven: Bool) -> ComparisonRules {
    var rules = self
    if !isTestGiven { rules.test = table.comparison.isPaired ? .paired : .welch }
    rules.margin = margin ?? table.comparison.margin
    rules.converged = table.comparison.converged
    rules.better = table.better
    rules.over = table.over
    return rules
  }

  /// Whether a run ended where it should have.
  func isConverged(_ value: Double) -> Bool? {
    converged.map { better == .lower ? value <= $0 : value >= $0 }
  }
}
