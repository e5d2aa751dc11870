import Records

/// Two tables cell by cell. Whether a difference is more than chance is not asked here: both sides keep their
/// samples for whoever asks.
package struct TableDifference: Sendable, Equatable {
  package enum Verdict: String, Sendable, CaseIterable {
    /// Every number that both sides know is the same Double.
    case identical
    case differs
    case missingA = "missing A"
    case missingB = "missing B"
    /// The cell is in both tables and has no number in either.
    case missing
  }

  package struct Pair: Sendable, Equatable {
    /// In the order of `keys`.
    package let labels: [String]
    package let a: Cell
    package let b: Cell
    package let verdict: Verdict

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

  /// Joins the cells of two lists by the keys that both have; these must tell the cells of each side apart.
  package init(_ a: CellList, _ b: CellList) throws(TablesError) {
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
    self.a = a
    self.b = b
    self.keys = keys
    pairs = places.map { place in
      let (cellOfA, cellOfB) = (cellsOfA[place] ?? Cell(), cellsOfB[place] ?? Cell())
      return Pair(labels: place, a: cellOfA, b: cellOfB, verdict: verdict(cellOfA, cellOfB))
    }
  }

  /// How many cells have a verdict.
  package func count(of verdict: Verdict) -> Int { pairs.count { $0.verdict == verdict } }

  /// Whether there is a cell, and every cell is identical.
  package var isIdentical: Bool { !pairs.isEmpty && count(of: .identical) == pairs.count }

  /// Whether the sides are of different tiers (none is one, too): then neither repeats the other.
  package var mixesTiers: Bool { a.tier != b.tier }
}

private func verdict(_ a: Cell, _ b: Cell) -> TableDifference.Verdict {
  guard let first = a.summary else { return b.summary == nil ? .missing : .missingA }
  guard let second = b.summary else { return .missingB }
  if !a.samples.isEmpty, !b.samples.isEmpty {
    let isSame =
      a.samples.map(\.over) == b.samples.map(\.over) && a.samples.map(\.value) == b.samples.map(\.value)
    return isSame ? .identical : .differs
  }
  let isSame =
    first.mean == second.mean && agree(first.deviation, second.deviation) && agree(first.count, second.count)
  return isSame ? .identical : .differs
}

/// Equal, as far as both are known.
private func agree<T: Equatable>(_ a: T?, _ b: T?) -> Bool { a == nil || b == nil || a == b }
