/// What can be wrong with a fact, a name, or the bytes that hold them.
package enum RecordsError: Error, Hashable, Sendable {
  /// A key that is not dotted lower-case words.
  case malformedKey(String)
  /// `key` would be a value and a group at once, because `existing` is there.
  case conflict(key: String, existing: String)
  /// NaN or an infinity as a setting.
  case notFinite(key: String)
  /// Lists and groups inside each other beyond `CBOR.depthLimit`.
  case tooDeep(key: String)
  /// Bytes that are not deterministic CBOR; `offset` is counted from the first byte.
  case notCanonical(offset: Int, found: String, expected: String)
  /// Well-formed CBOR that cannot be settings; `key` is empty for the whole.
  case notSettings(key: String, found: String, expected: String)
  /// Text given as a hash that cannot be the beginning of one.
  case malformedPrefix(String)
}

extension RecordsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformedKey(let key):
      return "the key “\(shortened(key))” is not lower-case words (a–z, 0–9, _) joined by dots;"
        + " write it like task.segment_length"
    case .conflict(let key, let existing):
      return "\(shortened(key)) cannot be set beside \(shortened(existing)): a name is a value or a group,"
        + " never both; remove one of them"
    case .notFinite(let key):
      return
        "\(key) is NaN or infinite; a setting must be a finite number, for two NaNs are never the same run"
    case .tooDeep(let key):
      return "\(shortened(key)) holds lists and groups more than \(CBOR.depthLimit) deep; flatten it"
    case .notCanonical(let offset, let found, let expected):
      return
        "byte \(offset): found \(shortened(found)), expected \(expected); these bytes are damaged or foreign;"
        + " restore them from a copy"
    case .notSettings(let key, let found, let expected):
      let place = key.isEmpty ? "the settings" : "the setting \(shortened(key))"
      return "\(place): found \(shortened(found)), expected \(expected);"
        + " these bytes are not a specification written by mneme"
    case .malformedPrefix(let text):
      return "“\(shortened(text))” cannot begin a hash; give 4 to 64 hexadecimal digits, such as 3f9a2c"
    }
  }

  /// Foreign text in a sentence stays short, and holds nothing that a terminal takes for a command.
  private func shortened(_ text: String) -> String {
    printable(text.utf8.count <= 80 ? text : "\(text.prefix(60))…")
  }
}

/// Stops the program with `complaint` unless `condition` holds.
///
/// `precondition` would do, but an optimized build drops its message.
@inline(__always)
func require(_ condition: Bool, _ complaint: @autoclosure () -> String) {
  guard condition else { fatalError(complaint()) }
}
