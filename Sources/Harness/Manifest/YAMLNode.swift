/// A piece of a YAML text: what was written, and where.
///
/// Scalars keep their source text. What it means is decided by the type of the setting it is for, never by YAML: `no`
/// for a text is the text `no`, and `1` for a real number is 1.0.
package struct YAMLNode: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    /// A word or number. One that is plain and empty is a key without a value.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    case map([YAMLPair])
  }

  package let content: Content
  package let origin: Origin

  init(_ content: Content, at origin: Origin) {
    self.content = content
    self.origin = origin
  }

  /// A word or number of the program's own.
  init(text: String, at origin: Origin) { self.init(.scalar(text, isPlain: false), at: origin) }

  /// True for `key:` with nothing behind it.
  var isNothing: Bool { content == .scalar("", isPlain: true) }

  /// What stands here, for errors: `“abc”`, `a list`, `a group of keys`, `nothing`.
  var found: String {
    switch content {
    case .scalar(let text, _): isNothing ? "nothing" : "“\(shortened(text))”"
    case .list: "a list"
    case .map: "a group of keys"
    }
  }
}

/// A key of a YAML mapping with its value.
package struct YAMLPair: Sendable, Hashable {
  let key: String
  let keyOrigin: Origin
  let value: YAMLNode
}

/// Foreign text in a sentence stays short, and on one line.
func shortened(_ text: String) -> String {
  // A megabyte of text need not be walked through for sixty letters.
  let start = text.unicodeScalars.prefix(1000)
  let line = TerminalText.plain(start.map { $0.value < 32 || $0.value == 127 ? " " : String($0) }.joined())
  return line.count <= 60 ? line : "\(line.prefix(57))…"
}
