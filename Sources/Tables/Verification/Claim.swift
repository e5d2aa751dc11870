/// A sentence of a paper that its own printed numbers, and those measured here, either bear out or do not.
package struct Claim: Sendable, Equatable {
  /// What a claim says of the cells of a table.
  package enum Form: String, Sendable, CaseIterable {
    /// One-tailed t-test with pooled variance: `a` is larger than `b`, with the p that was printed.
    case tGreater = "t-greater"
    /// `a` minus `b` is the number that was printed.
    case difference
    /// `a` is larger, or smaller, than all others of its key, at every place of `each`.
    case highest, lowest
    /// `a` loses least from the first to the last place of `along`.
    case leastLoss = "least-loss"
    /// The number falls, or rises, with every step of `along`.
    case falls, rises
    /// `a` minus `b` does.
    case differenceFalls = "difference-falls"
    case differenceRises = "difference-rises"
    /// `a` is what another published table prints as `b`.
    case equal
  }

  /// `task.segments=16|32`: cells whose key has one of these labels.
  package struct Condition: Sendable, Equatable {
    package let key: String
    package let labels: [String]
  }

  /// The published file that it is about, without its folder: `table6.csv`.
  package let table: String
  package let name: String
  package let form: Form
  package let metric: String
  package let a: [Condition]
  package let b: [Condition]
  /// The published file of `b`, where it is another one.
  package let otherTable: String?
  package let along: String?
  /// The keys for each of whose places the claim is made.
  package let each: [String]
  package let at: [Condition]
  /// The printed number: a p, or a difference in the unit of the metric as stored.
  package let printed: Rounded?
  /// As it stands in the file: `0.045`, `43.50%`.
  package let printedText: String
  /// The sentence, in the paper's words, and where it stands.
  package let sentence: String
  package let source: String
  /// Where it was declared.
  let file: String
  let line: Int

  /// The keys that name a cell for this claim, each once.
  package var keys: [String] {
    var keys: [String] = []
    let own = a.map(\.key) + (otherTable == nil ? b.map(\.key) : [])
    for key in own + [along].compactMap(\.self) + each + at.map(\.key) where !keys.contains(key) {
      keys.append(key)
    }
    return keys
  }

  func malformed(_ found: String, _ expected: String) -> TablesError {
    .malformed(file: file, line: line, column: nil, found: found, expected: expected)
  }
}
