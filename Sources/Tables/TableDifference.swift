package import Records

/// Two tables cell by cell, and of every difference whether it is more than chance.
package struct TableDifference: Sendable, Equatable {
  package enum Verdict: String, Sendable, CaseIterable {
    /// Every number that both sides know is the same Double.
    case identical
    /// The numbers lie within the margin of each other.
    case same
    case improved
    case regressed
    /// More than chance, in a metric that has no better direction.
    case changed
    /// More than chance, of the side that is measured where the other is published numbers.
    case higher = "higher than published"
    case lower = "lower than published"
    /// Where no chance is involved: other bits than the same runs gave, or asked for bit by bit.
    case differs
    /// Neither shown to differ nor to be the same.
    case unclear
    /// The runs were measured on other data, with other arithmetic, or trained for another time.
    case incomparable
    case missingA = "missing A"
    case missingB = "missing B"
    /// The cell is in both tables and has no number in either.
    case missing
  }

  package enum Side: String, Sendable { case a, b }

  package struct Pair: Sendable, Equatable {
    /// In the order of `keys`.
    package let labels: [String]
    package let a: Cell
    package let b: Cell
    package let judgement: Judgement
    /// Settings in which the runs of the two sides differ, although the tables are not about them.
    let unlike: [UnlikeSettings.Difference]

    package var verdict: Verdict { judgement.verdict }

    /// B − A, in the stored unit; nil where a side is missing.
    package var difference: Double? {
      guard let a = a.summary, let b = b.summary else { return nil }
      return b.mean - a.mean
    }
  }

  package let a: CellList
  package let b: CellList
  /// The keys by which cells are joined: those that both sides have, in the order of A.
  package let keys: [String]
  package let pairs: [Pair]
  package let rules: ComparisonRules
  /// The side whose numbers somebody published, where one side's are and the other's are not.
  package let published: Side?

  /// Joins the cells of two lists by the keys that both have; these must tell the cells of each side apart.
  ///
  /// - rules: How they are judged, all cells as one family.
  /// - isPublishedB: Whether B's numbers are known to be published ones; otherwise what the lists say of themselves counts.
  /// - settings: Of the runs of both sides, as far as they are known: runs that differ in what is measured are not
  ///   comparable, and of other differences one is told.
  package init(
    _ a: CellList, _ b: CellList, rules: ComparisonRules = .exact, isPublishedB: Bool = false,
    settings: [Digest: Settings] = [:]
  ) throws(TablesError) {
    guard a.metric == b.metric else { throw .unlikeMetrics(a: a.metric, b: b.metric) }
    guard a.unit == b.unit else {
      throw .unlikeUnits(metric: a.metric, a: a.unit.symbol, b: b.unit.symbol, list: b.name)
    }
    let keys = a.keys.filter { b.keys.contains($0) }
    guard !keys.isEmpty else {
      throw .nothingInCommon(a: a.name, b: b.name, keysOfA: a.keys, keysOfB: b.keys)
    }
    let cellsOfA = try a.cells(along: keys)
    let cellsOfB = try b.cells(along: keys)
    let appearance = a.labels(along: keys) + b.labels(along: keys)
    let places = AxisOrder(appearance: appearance, keys: keys.count)
      .sorted(Set(cellsOfA.keys).union(cellsOfB.keys))
    let unlike = UnlikeSettings(settings: settings, listed: Set(a.keys + b.keys + rules.over))
    let cells = places.map { place in
      let (cellOfA, cellOfB) = (cellsOfA[place] ?? Cell(), cellsOfB[place] ?? Cell())
      return (a: cellOfA, b: cellOfB, unlike: unlike.differences(cellOfA, cellOfB))
    }
    published =
      switch (a.isPublished, isPublishedB || b.isPublished) {
      case (false, true): .b
      case (true, false): .a
      default: nil
      }
    let judgements = Judging(rules: rules, unit: a.unit, published: published).judgements(
      of: cells.map { ($0.a, $0.b, plainVerdict($0.a, $0.b, unlike: $0.unlike, rules: rules)) })
    self.a = a
    self.b = b
    self.keys = keys
    self.rules = rules
    pairs = places.indices.map { place in
      Pair(
        labels: places[place], a: cells[place].a, b: cells[place].b, judgement: judgements[place],
        unlike: cells[place].unlike)
    }
  }

  /// How many cells have a verdict.
  package func count(of verdict: Verdict) -> Int { pairs.count { $0.verdict == verdict } }

  /// Whether there is a cell, and every cell is identical.
  package var isIdentical: Bool { !pairs.isEmpty && count(of: .identical) == pairs.count }

  /// Whether the sides are of different tiers (none is one, too): then neither repeats the other.
  package var mixesTiers: Bool { a.tier != b.tier }
}

/// What needs no reckoning with chance; nil for two numbers that differ and may do so by chance.
private func plainVerdict(
  _ a: Cell, _ b: Cell, unlike: [UnlikeSettings.Difference], rules: ComparisonRules
) -> TableDifference.Verdict? {
  guard let first = a.summary else { return b.summary == nil ? .missing : .missingA }
  guard let second = b.summary else { return .missingB }
  if isIdentical(a, first, b, second) { return .identical }
  if rules.test == .exact { return .differs }
  if unlike.contains(where: { UnlikeSettings.decidesWhatIsMeasured($0.key) }) { return .incomparable }
  // A run's bits follow from its settings, so the same runs have no chance to differ.
  let runs = Set(a.samples.map(\.run))
  return !runs.isEmpty && runs == Set(b.samples.map(\.run)) ? .differs : nil
}

private func isIdentical(_ a: Cell, _ first: Summary, _ b: Cell, _ second: Summary) -> Bool {
  if !a.samples.isEmpty, !b.samples.isEmpty {
    return a.samples.map(\.over) == b.samples.map(\.over)
      && a.samples.map(\.value) == b.samples.map(\.value)
  }
  return first.mean == second.mean && agree(first.deviation, second.deviation)
    && agree(first.count, second.count)
}

/// Equal, as far as both are known.
private func agree<T: Equatable>(_ a: T?, _ b: T?) -> Bool { a == nil || b == nil || a == b }
