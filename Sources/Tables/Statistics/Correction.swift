/// How the p of several tests are made honest: of twenty-four true nulls, one below 0.05 is more likely than none.
package enum Correction: String, Sendable, CaseIterable {
  case none
  /// Holm's: the chance of any false finding in the family stays below α.
  case holm
  /// Benjamini and Hochberg's: the share of false findings among the findings stays below α.
  case bh

  /// The adjusted p, in the order given. They rise with the raw ones and never exceed 1.
  package func adjusted(_ raw: [Double]) -> [Double] {
    let count = raw.count
    let order = raw.indices.sorted { (raw[$0], $0) < (raw[$1], $1) }
    var adjusted = raw
    switch self {
    case .none: break
    case .holm:
      var largest = 0.0
      for (rank, place) in order.enumerated() {
        largest = max(largest, min(1, raw[place] * Double(count - rank)))
        adjusted[place] = largest
      }
    case .bh:
      var smallest = 1.0
      for (rank, place) in order.enumerated().reversed() {
        smallest = min(smallest, raw[place] * Double(count) / Double(rank + 1))
        // The quotient of equal numbers may round to less than 1.
        adjusted[place] = max(raw[place], smallest)
      }
    }
    return adjusted
  }

  /// The level that the next p of a family must stay below, after `found` of `count` were found.
  package func level(_ alpha: Double, found: Int, of count: Int) -> Double {
    switch self {
    case .none: alpha
    case .holm: alpha / Double(max(1, count - found))
    case .bh: alpha * Double(min(found + 1, max(1, count))) / Double(max(1, count))
    }
  }
}
