import Records

/// Times and sizes of costs as people say them. A quantity carries its unit, so a table need not name one above it.
///
///     0.0123 s → 12.3 ms    74 s → 1 m 14 s    117901 s → 32 h 45 m    8848000000 bytes → 8.848 GB
///
/// Sizes are in powers of ten, as the paper prints them.
enum Quantity {
  case time, size

  /// Nil for what is shown as a plain number: every metric, and costs that are counts.
  init?(_ unit: Unit, of key: String) {
    guard Cost(key: key) != nil else { return nil }
    switch unit.symbol {
    case "s": self = .time
    case "bytes": self = .size
    default: return nil
    }
  }

  /// - isExact: Whether every digit of a size is wanted, as of a published one; otherwise three count.
  func text(_ value: Double, isExact: Bool = false) -> String {
    let text = self == .time ? Quantity.time(value.magnitude) : Quantity.size(value.magnitude, isExact)
    return value < 0 ? "−" + text : text
  }

  private static func time(_ seconds: Double) -> String {
    if seconds == 0 { return "0 s" }
    // Half of the last shown place below a larger unit already rounds up to it.
    if seconds < 0.9995e-3 { return significant(seconds, 6) + " µs" }
    if seconds < 0.9995 { return significant(seconds, 3) + " ms" }
    if seconds < 59.95 { return significant(seconds, 0) + " s" }
    guard seconds < 1e15 else { return significant(seconds, 0) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) m \(twoDigits(whole % 60)) s" }
    let minutes = Int((seconds / 60).rounded())
    return "\(minutes / 60) h \(twoDigits(minutes % 60)) m"
  }

  private static func size(_ bytes: Double, _ isExact: Bool) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var place = 0
    while place + 1 < units.count, bytes >= 999.5 * power(place) { place += 1 }
    let decimal = DecimalText(bytes, scaledByTenTo: -3 * place)
    let number = isExact ? decimal.fixed(decimals: min(decimal.places, 3)) : significant(bytes, -3 * place)
    return "\(number) \(units[place])"
  }

  private static func power(_ thousands: Int) -> Double {
    (0..<thousands).reduce(1) { product, _ in product * 1000 }
  }

  /// Three significant digits of `value` · 10^`power`; whole numbers without a point where they were whole.
  private static func significant(_ value: Double, _ power: Int) -> String {
    let decimal = DecimalText(value, scaledByTenTo: power)
    let places = max(0, 2 - decimal.rounded(significant: 3).leadingExponent)
    return decimal.fixed(decimals: min(places, decimal.places))
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Cost {
  /// A cost as tables say it: `1 m 14 s`, `47 MB`, `900`.
  package func shown(_ value: Double) -> String {
    Quantity(Unit(unit), of: key)?.text(value) ?? DecimalText(value, scaledByTenTo: 0).fixed(decimals: 0)
  }
}
