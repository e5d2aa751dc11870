/// Times and amounts as people write them, in manifests and on the command line.
package enum Quantity {
  /// `90s`, `30m`, `2h` or `1d`, in seconds; nil for any other text, and for none at all.
  package static func seconds(_ text: String) -> Int? {
    guard let last = text.last, let unit = ["s": 1, "m": 60, "h": 3600, "d": 86_400][String(last)] else {
      return nil
    }
    return whole(text.dropLast()).map { $0 * unit }
  }

  /// `512MiB`, `2GiB`, in bytes; nil for any other text, and for none at all.
  package static func bytes(_ text: String) -> Int? {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)]
    guard let (unit, power) = units.first(where: { text.hasSuffix($0.0) }) else { return nil }
    return whole(text.dropLast(unit.count)).map { $0 << power }
  }

  /// Bytes with three digits that matter: `1.95 GiB`.
  package static func text(bytes: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(bytes), 0)
    while abs(value) >= 1000, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
    return unit == 0 ? "\(bytes) bytes" : "\(NumberText.rough(value)) \(units[unit])"
  }

  /// One to six digits, not zero.
  private static func whole(_ digits: Substring) -> Int? {
    guard (1...6).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(digits), number > 0
    else { return nil }
    return number
  }
}
