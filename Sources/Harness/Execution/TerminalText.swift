import Records

/// What a terminal is given of texts that other people wrote.
///
/// Names, notes, messages and paths come from manifests, stores and folders that may be anybody's. An escape sequence in
/// one could clear the screen, retitle the window or type a command; a mark that turns the direction of writing makes a
/// hash look like another one.
package enum TerminalText {
  /// The text without anything that a terminal does something else with than show: each such character is replaced by
  /// U+FFFD. Line feeds and tabs stay.
  package static func plain(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isHidden) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(scalar.isHidden ? "\u{FFFD}" : scalar) }
    return String(result)
  }

  /// The same, but colours and weights stay, in exactly the sequences that tables are painted with.
  package static func painted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: \.isHidden) else { return text }
    var rest = text[...]
    var result = ""
    while let escape = rest.unicodeScalars.firstIndex(of: "\u{1B}") {
      result += plain(String(rest[..<escape]))
      rest = rest[escape...]
      if let paint = paints.first(where: { rest.unicodeScalars.starts(with: $0.unicodeScalars) }) {
        result += paint
        rest = rest[rest.unicodeScalars.index(escape, offsetBy: paint.unicodeScalars.count)...]
      } else {
        result += "\u{FFFD}"
        rest = rest[rest.unicodeScalars.index(after: escape)...]
      }
    }
    return result + plain(String(rest))
  }

  /// The first character that a terminal would not show; nil where there is none.
  static func firstCommand(in text: String) -> Unicode.Scalar? {
    text.unicodeScalars.first(where: \.isHidden)
  }

  /// Bold, faint, red, yellow, and the end of each.
  private static let paints = [1, 2, 31, 33, 0].map { "\u{1B}[\($0)m" }
}

extension Unicode.Scalar {
  /// What a terminal must not be given; lines and tables of our own need line feeds and tabs.
  fileprivate var isHidden: Bool { isCommand && self != "\n" && self != "\t" }
}
