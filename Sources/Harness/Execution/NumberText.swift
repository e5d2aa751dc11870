/// Numbers with a fixed count of digits, the same in every locale.
package enum NumberText {
  /// `value` with so many digits after the point.
  package static func fixed(_ value: Double, digits: Int) -> String {
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    let scaled = (abs(value) * power).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % Int(power))
    return "\(sign)\(whole / Int(power))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Three digits that matter: `0.012`, `1.23`, `12.3`, `123`.
  package static func rough(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    switch abs(value) {
    case ..<1: return fixed(value, digits: 3)
    case ..<10: return fixed(value, digits: 2)
    case ..<100: return fixed(value, digits: 1)
    default: return fixed(value, digits: 0)
    }
  }

  /// A measured time: `0.42 s`, `4.2 s`, then as `duration` has it.
  package static func seconds(_ seconds: Double) -> String {
    switch seconds {
    case ..<0.995: "\(fixed(seconds, digits: 2)) s"
    case ..<9.95: "\(fixed(seconds, digits: 1)) s"
    default: duration(seconds)
    }
  }
}
