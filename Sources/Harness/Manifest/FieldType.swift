import Records

/// What a setting can be, as the configuration of a model, a task or the training declares it.
package enum FieldType: Sendable, Hashable {
  case boolean
  /// A whole number within what the declared type can hold.
  case integer(ClosedRange<Int>)
  case real
  case text
  /// One of these names.
  case choice([String])
  indirect case list(FieldType)

  /// What a manifest should say, for errors.
  var expected: String {
    switch self {
    case .boolean: "true or false"
    case .integer(let range) where range == Int.min...Int.max: "a whole number"
    case .integer(let range) where range.upperBound == Int.max && range.lowerBound == 0:
      "a whole number, not negative"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .real: "a number"
    case .text: "a word of letters, digits and . _ + - /"
    case .choice(let names): "one of \(names.joined(separator: ", "))"
    case .list(let element): "a list, each element \(element.expected)"
    }
  }
}

extension FieldType {
  /// The value that `node` spells for the setting `key`.
  ///
  /// The type decides, never the spelling: for a real number `1`, `1.0` and `1e0` are the same 1.0, for a whole number
  /// `1.0` is an error. `010` is an error for both, since YAML means 8 and a reader 10.
  func value(of node: YAMLNode, for key: String) throws(ManifestError) -> Value {
    if case .list(let element) = self {
      guard case .list(let nodes) = node.content else { throw wrong(node, for: key) }
      var values: [Value] = []
      for node in nodes { values.append(try element.value(of: node, for: "an element of \(key)")) }
      return .list(values)
    }
    guard case .scalar(let text, _) = node.content else { throw wrong(node, for: key) }
    guard !node.isNothing else { throw ManifestError(node.origin, .noValue(key: key, expected: expected)) }
    switch self {
    case .boolean:
      guard text == "true" || text == "false" else { throw wrong(node, for: key) }
      return .boolean(text == "true")
    case .integer(let range):
      guard let number = wholeNumber(text) else { throw wrong(node, for: key, hint: integerHint(text)) }
      guard case .fits(let value) = number, range.contains(value) else {
        throw ManifestError(
          node.origin,
          .outOfRange(
            key: key, found: shortened(text), least: "\(range.lowerBound)", greatest: "\(range.upperBound)"))
      }
      return .integer(value)
    case .real:
      guard let value = realNumber(text) else { throw wrong(node, for: key, hint: realHint(text)) }
      return .real(value)
    case .text:
      guard isWord(text) else { throw wrong(node, for: key) }
      return .text(text)
    case .choice(let names):
      guard names.contains(text) else {
        throw ManifestError(
          node.origin,
          .unknownName(
            key: key, found: node.found, noun: "one of its values", known: names,
            nearest: nearest(text, among: names)))
      }
      return .text(text)
    case .list: throw wrong(node, for: key)
    }
  }

  private func wrong(_ node: YAMLNode, for key: String, hint: String? = nil) -> ManifestError {
    ManifestError(node.origin, .wrongValue(key: key, found: node.found, expected: expected, hint: hint))
  }
}

/// A whole number as it is written.
private enum WholeNumber {
  case fits(Int)
  case tooLarge
}

/// Reads `-?(0|[1-9][0-9]*)` with an optional plus; nil for any other text.
private func wholeNumber(_ text: String) -> WholeNumber? {
  let digits = text.utf8.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0)
  guard !digits.isEmpty, digits.allSatisfy(isDigit), !startsWithNeedlessZero(digits) else { return nil }
  return Int(text).map(WholeNumber.fits) ?? .tooLarge
}

/// Reads a decimal number, `1`, `-0.5`, `2e-4` or `.5`; nil for anything else and for what overflows.
func realNumber(_ text: String) -> Double? {
  let unsigned = text.utf8.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0)
  guard let first = unsigned.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
  guard unsigned.allSatisfy({ isDigit($0) || ".eE+-".utf8.contains($0) }) else { return nil }
  let whole = unsigned.prefix(while: isDigit)
  guard whole.isEmpty || !startsWithNeedlessZero(whole), let value = Double(text), value.isFinite else {
    return nil
  }
  return value
}

private func startsWithNeedlessZero(_ digits: Substring.UTF8View) -> Bool {
  digits.count > 1 && digits.first == UInt8(ascii: "0")
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// What may have been meant by a text that is no whole number.
private func integerHint(_ text: String) -> String? {
  if let real = realNumber(text), let value = Int(exactly: real) { return "write \(value)" }
  return zeroHint(text)
}

private func realHint(_ text: String) -> String? {
  if Double(text)?.isInfinite == true, text.utf8.contains(where: isDigit) { return "it overflows" }
  return zeroHint(text)
}

private func zeroHint(_ text: String) -> String? {
  guard text.hasPrefix("0"), text.utf8.count > 1,
    text.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") })
  else { return nil }
  let rest = text.drop { $0 == "0" }
  return "a leading zero could mean octal, write \(rest.first?.isNumber == true ? "" : "0")\(rest)"
}

/// ASCII only: Swift compares texts by canonical equivalence, hashes see bytes.
private func isWord(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.count <= 200
    && text.utf8.allSatisfy { byte in
      isDigit(byte) || (byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z"))
        || "._+-/".utf8.contains(byte)
    }
}
