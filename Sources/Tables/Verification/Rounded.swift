/// A number that was rounded when it was printed: what was meant lies within half a unit of its last digit.
package struct Rounded: Sendable, Equatable {
  /// As printed.
  package let value: Double
  /// Half a unit of the last printed digit; zero for what nobody rounded.
  package let half: Double

  package init(value: Double, half: Double) { (self.value, self.half) = (value, half) }

  /// `36.19` is 36.19 ± 0.005, `0.045` is 0.045 ± 0.0005; of a whole number, the last digit is taken for a rounded one.
  ///
  /// - Parameter isPercent: whether the text is a percentage; value and half are then those of the fraction.
  /// - Returns: nil for what is no number as JSON spells it.
  package init?(printed text: String, isPercent: Bool = false) {
    guard JSONNumber(text) != nil else { return nil }
    let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
    guard let digits = parts.first, let power = parts.count > 1 ? Int(parts[1]) : 0, power.magnitude < 300
    else { return nil }
    let places = digits.firstIndex(of: ".").map { digits.distance(from: $0, to: digits.endIndex) - 1 } ?? 0
    let shift = power - (isPercent ? 2 : 0)
    // By moving the point, so that half of 0.01 % is the Double nearest to 0.00005.
    guard let value = JSONNumber("\(digits)e\(shift)")?.value,
      let half = JSONNumber("5e\(shift - places - 1)")?.value
    else { return nil }
    self.init(value: value, half: half)
  }

  /// The published number of a cell; nil where there is none.
  init?(_ cell: Cell) {
    guard let summary = cell.summary else { return nil }
    self.init(value: summary.mean, half: cell.roundOff ?? 0)
  }

  package var low: Double { value - half }
  package var high: Double { value + half }
  package var range: ClosedRange<Double> { low...high }

  /// What a rounding error of the arithmetic itself may move, so that 2.97 − 2.96 is not told from 0.01.
  private var slack: Double { half * 1e-9 + value.magnitude * 1e-14 }

  /// Whether both may have been the same number before they were rounded.
  func agrees(with other: Rounded) -> Bool {
    (value - other.value).magnitude <= half + other.half + slack + other.slack
  }

  /// Whether it is positive (+1) or negative (−1) whatever was rounded; nil where the rounding leaves it open.
  var sign: Int? {
    if low > slack { return 1 }
    return high < -slack ? -1 : nil
  }

  static func + (a: Rounded, b: Rounded) -> Rounded {
    Rounded(value: a.value + b.value, half: a.half + b.half)
  }

  static func - (a: Rounded, b: Rounded) -> Rounded {
    Rounded(value: a.value - b.value, half: a.half + b.half)
  }

  static func * (weight: Double, number: Rounded) -> Rounded {
    Rounded(value: weight * number.value, half: weight.magnitude * number.half)
  }
}
