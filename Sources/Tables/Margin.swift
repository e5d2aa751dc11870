/// A difference so small that it does not matter: `0.5%` of A's number, or `0.2 abs` in the unit that the table shows,
/// which for a fraction is percentage points.
package enum Margin: Sendable, Hashable, CustomStringConvertible {
  /// Of the size of A's mean; 0.5 for `0.5%`.
  case percent(Double)
  /// As shown: 0.2 percentage points, 0.2 nat.
  case absolute(Double)

  /// Reads `0.5%`, `0.2 abs` or `0.2abs`; nil for anything else, and for what is not above zero.
  package init?(_ text: String) {
    let endings: [(String, (Double) -> Margin)] = [("%", { .percent($0) }), ("abs", { .absolute($0) })]
    for (ending, make) in endings where text.hasSuffix(ending) {
      var number = text.dropLast(ending.count)
      while number.last == " " { number.removeLast() }
      guard let value = JSONNumber(String(number))?.value, value > 0, value.isFinite else { return nil }
      self = make(value)
      return
    }
    return nil
  }

  /// What a person should have written.
  package static let expected = "a number above zero with % (of A) or abs (as shown), such as 0.5% or 0.2 abs"

  /// Reads back as the same margin.
  package var description: String {
    switch self {
    case .percent(let percent): "\(DecimalText(percent, scaledByTenTo: 0).plain)%"
    case .absolute(let value): "\(DecimalText(value, scaledByTenTo: 0).plain) abs"
    }
  }

  /// The margin in the stored unit, beside a mean of A.
  func size(of mean: Double, unit: Unit) -> Double {
    switch self {
    case .percent(let percent): percent / 100 * mean.magnitude
    case .absolute(let value): unit.isFraction ? value / 100 : value
    }
  }
}

extension DecimalText {
  /// All its digits, in fixed notation.
  fileprivate var plain: String { fixed(decimals: places) }
}
