/// Where an engram is. Raw values are those of the released packages and of the log.
package enum EngramKind: UInt8, Sendable, CaseIterable {
  /// A place without an engram, in the rectangular tables of the reference only.
  case none = 0
  case working = 1
  case shortTerm = 2
  case longTerm = 3
}

/// One edge of the memory graph: E = count / (count of the source with itself).
package struct Edge: Sendable, Hashable {
  /// Identifiers.
  package let source: Int32
  package let target: Int32
  package let count: Int32
  package let weight: Float
}

/// What one row of a memory holds at a moment, in slot order, which is the order of creation.
package struct EngramSnapshot: Sendable, Equatable {
  /// `[n, D]`
  package let vectors: [Float]
  package let kinds: [EngramKind]
  package let lifespans: [Float]
  /// Steps since creation; −1 where no engram is.
  package let ages: [Int32]
  /// Creation numbers, never used twice in a row; −1 where no engram is.
  package let identifiers: [Int32]
  /// `[n, n]`: how often two engrams fired together; the diagonal is how often one fired.
  package let counts: [Int32]

  package init(
    vectors: [Float], kinds: [EngramKind], lifespans: [Float], ages: [Int32], identifiers: [Int32],
    counts: [Int32]
  ) {
    self.vectors = vectors
    self.kinds = kinds
    self.lifespans = lifespans
    self.ages = ages
    self.identifiers = identifiers
    self.counts = counts
  }

  package var count: Int { identifiers.count }

  /// Count_ij of the engrams at two places.
  package func together(_ i: Int, _ j: Int) -> Int32 { counts[i * count + j] }

  /// E_{i→j} of the engrams at two places; 0 before the first firing of i.
  ///
  ///     E_{i→j} = P(e_j ∈ M^rem | e_i ∈ M^rem) = Count_ij / Count_ii   (§3.1)
  package func weight(_ i: Int, _ j: Int) -> Float {
    let fired = together(i, i)
    return fired > 0 ? Float(together(i, j)) / Float(fired) : 0
  }

  /// All edges of positive weight between two different engrams, by source, then target.
  package var edges: [Edge] {
    var edges: [Edge] = []
    for i in 0..<count where kinds[i] != .none {
      for j in 0..<count where j != i && kinds[j] != .none && weight(i, j) > 0 {
        edges.append(
          Edge(source: identifiers[i], target: identifiers[j], count: together(i, j), weight: weight(i, j)))
      }
    }
    return edges
  }

  /// Identifiers of one kind, in slot order.
  package func identifiers(of kind: EngramKind) -> [Int32] {
    zip(identifiers, kinds).filter { $0.1 == kind }.map { $0.0 }
  }
}
