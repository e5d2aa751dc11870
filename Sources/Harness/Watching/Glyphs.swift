import Foundation

/// The characters that drawings are made of.
package enum Glyphs: Sendable, Equatable {
  /// Braille dots, eight to a character, and blocks.
  case unicode
  /// For locales and consoles that have no others.
  case ascii

  /// What the environment says of whoever reads: the first of LC_ALL, LC_CTYPE and LANG that is set counts, and the Linux
  /// console has no Braille.
  package init(environment: [String: String]) {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let codes = locale.lowercased().filter { $0 != "-" }
    self = codes.contains("utf8") && environment["TERM"] != "linux" ? .unicode : .ascii
  }

  /// A line of text in these characters.
  func spelled(_ text: String) -> String {
    guard self == .ascii, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    let words: [Character: String] = ["×": "x", "–": "-", "…": "...", "±": "+-", "·": "-"]
    return text.map { $0.isASCII ? String($0) : words[$0] ?? "?" }.joined()
  }

  /// Heights of a cell, ascending.
  private var levels: [Character] {
    switch self {
    case .unicode: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    case .ascii: ["_", ".", "-", "=", "+", "*", "#"]
    }
  }

  /// A curve in one line of at most `width` characters, the last value at its right end; empty for less than two values.
  ///
  /// A character stands for the mean of equally many steps; its height goes from the least to the greatest of them.
  func spark(_ curve: Curve, width: Int) -> String {
    let means = curve.thinned(to: width).points.map(\.value)
    guard means.count > 1, width > 1 else { return "" }
    guard let least = means.min(), let greatest = means.max() else { return "" }
    let levels = levels
    return String(
      means.map { mean in
        guard greatest > least else { return levels[0] }
        return levels[min(levels.count - 1, Int((mean - least) / (greatest - least) * Double(levels.count)))]
      })
  }
}
