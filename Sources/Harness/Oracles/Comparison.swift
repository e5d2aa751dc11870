/// One quantity of an oracle file: how far it was off at worst, against what it may be.
package struct OracleQuantity: Sendable {
  package let name: String
  /// The largest difference, of the comparison that came nearest to its tolerance or went furthest beyond.
  package fileprivate(set) var difference: Double
  /// 0 where equality is asked for.
  package fileprivate(set) var tolerance: Double
  /// Where it was.
  package fileprivate(set) var place: String

  package var isWithinTolerance: Bool { difference <= tolerance }

  fileprivate var severity: Double {
    if difference <= tolerance { return tolerance > 0 ? difference / tolerance : 0 }
    return tolerance > 0 ? difference / tolerance : .infinity
  }
}

/// Differences found so far, by quantity.
struct Comparison {
  private(set) var quantities: [OracleQuantity] = []

  /// Compares numbers with the reference's; `place` says which segment, step or parameter.
  mutating func compare(
    _ name: String, _ found: [Float], _ expected: [Double], tolerance: Double, at place: String
  ) {
    var difference = found.count == expected.count ? 0.0 : .infinity
    if found.count == expected.count {
      for (value, reference) in zip(found, expected) {
        let distance = abs(Double(value) - reference)
        // What is not a number is as wrong as can be.
        difference = distance.isNaN ? .infinity : max(difference, distance)
      }
    }
    add(OracleQuantity(name: name, difference: difference, tolerance: tolerance, place: place))
  }

  /// Compares integers, which must be equal; the difference counts those that are not.
  mutating func compare(_ name: String, _ found: [Int], _ expected: [Int], at place: String) {
    let unequal =
      found.count == expected.count
      ? Double(zip(found, expected).count { $0 != $1 }) : .infinity
    add(OracleQuantity(name: name, difference: unequal, tolerance: 0, place: place))
  }

  /// Takes over what another comparison found.
  mutating func add(_ other: Comparison) {
    for quantity in other.quantities { add(quantity) }
  }

  private mutating func add(_ quantity: OracleQuantity) {
    guard let index = quantities.firstIndex(where: { $0.name == quantity.name }) else {
      quantities.append(quantity)
      return
    }
    if quantity.severity > quantities[index].severity
      || quantity.severity == quantities[index].severity && quantity.difference > quantities[index].difference
    {
      quantities[index] = quantity
    }
  }
}
