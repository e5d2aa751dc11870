/// A finite number as decimal digits, to be rounded and printed as people round: ± 0.d₁d₂d₃… × 10^point.
///
/// The digits are the shortest that read back as the same Double, so 2.675 rounds to 2.68 although the
/// nearest Double lies a little below. Scaling by a power of ten (a fraction shown in percent) moves the
/// point and costs no rounding.
struct DecimalText {
  private var isNegative: Bool
  /// Without leading or trailing zeros; empty for zero.
  private var digits: [UInt8]
  private var point: Int

  init(_ number: Double, scaledByTenTo power: Int) {
    isNegative = number < 0
    digits = []
    point = 0
    var exponent = 0
    var seenPoint = false
    var text = number.magnitude.description.utf8[...]
    while let character = text.popFirst() {
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits.append(character - UInt8(ascii: "0"))
        if !seenPoint { point += 1 }
      case UInt8(ascii: "."): seenPoint = true
      default:
        exponent = Int(String(decoding: text, as: UTF8.self).filter { $0 != "+" }) ?? 0
        text = text[text.endIndex...]
      }
    }
    point += exponent + power
    normalize()
  }

  var isZero: Bool { digits.isEmpty }

  /// Places after the point that show every digit.
  var places: Int { max(0, digits.count - point) }

  /// The power of ten of the leading digit: 0 for 5.3, −1 for 0.53.
  var leadingExponent: Int { point - 1 }

  /// Rounded to `decimals` places after the point, halves away from zero.
  func rounded(decimals: Int) -> DecimalText { kept(point + decimals) }

  /// Rounded to `count` significant digits, halves away from zero.
  func rounded(significant count: Int) -> DecimalText { kept(count) }

  /// Fixed notation with exactly `decimals` places. A number that rounds to zero loses its sign.
  func fixed(decimals: Int) -> String {
    let number = rounded(decimals: decimals)
    var text = number.isNegative && !number.isZero ? "−" : ""
    func digit(_ index: Int) -> Character {
      let value = number.digits.indices.contains(index) ? number.digits[index] : 0
      return Character(UnicodeScalar(UInt8(ascii: "0") + value))
    }
    let whole = number.isZero ? 0 : number.point
    if whole <= 0 { text.append("0") }
    for index in 0..<max(whole, 0) { text.append(digit(index)) }
    if decimals > 0 {
      text.append(".")
      for index in whole..<(whole + decimals) { text.append(digit(index)) }
    }
    return text
  }

  private func kept(_ count: Int) -> DecimalText {
    guard count < digits.count else { return self }
    var result = self
    guard count >= 0 else {
      result.digits = []
      result.normalize()
      return result
    }
    let roundsUp = digits[count] >= 5
    result.digits = Array(digits[..<count])
    if roundsUp { result.increment() }
    result.normalize()
    return result
  }

  /// Adds one unit of the last kept place; 999 becomes 1 and moves the point.
  private mutating func increment() {
    while digits.last == 9 { digits.removeLast() }
    if digits.isEmpty {
      digits = [1]
      point += 1
    } else {
      digits[digits.count - 1] += 1
    }
  }

  private mutating func normalize() {
    while digits.last == 0 { digits.removeLast() }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    point -= leading
    if digits.isEmpty {
      point = 0
      isNegative = false
    }
  }
}
