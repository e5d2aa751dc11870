import Records

extension Specification {
  /// All settings as YAML for people, groups nested, keys sorted: what `result.h5` holds beside the canonical bytes
  /// and `show` prints. Every program reads the same values out of it.
  package var yaml: String { text(of: settings, indentation: "") }

  private func text(of settings: Settings, indentation: String) -> String {
    var words: [String] = []
    for key in settings.keys {
      let word = String(key.prefix { $0 != "." })
      if words.last != word { words.append(word) }
    }
    return words.map { word in
      guard let value = settings[word] else {
        return "\(indentation)\(word):\n" + text(of: settings.group(word), indentation: indentation + "  ")
      }
      return "\(indentation)\(word): \(scalar(value))\n"
    }.joined()
  }

  private func scalar(_ value: Value) -> String {
    switch value {
    case .boolean, .integer, .real: value.description
    case .list(let values): "[" + values.map(scalar).joined(separator: ", ") + "]"
    case .text(let text): isPlain(text) ? text : "\"\(text)\""
    }
  }

  /// True for a word that no YAML reader takes for anything but text: quotes are for `no`, `1e3` and `2026-01-01`.
  private func isPlain(_ text: String) -> Bool {
    let taken: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"]
    guard let first = text.utf8.first else { return false }
    let isLetter = (first | 32) >= UInt8(ascii: "a") && (first | 32) <= UInt8(ascii: "z")
    return isLetter && !taken.contains(text.lowercased())
  }
}
