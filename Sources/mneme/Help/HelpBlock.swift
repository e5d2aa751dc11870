import Harness
import Records

/// A part of a help page: of the text that a terminal shows and of the manual page alike.
enum HelpBlock: Equatable {
  case paragraph(String)
  /// Lines that stay as they are: examples.
  case lines([String])
  /// What is typed, and what it means.
  case terms([Term])

  struct Term: Equatable {
    let name: String
    let words: String
  }

  /// A discussion of a command: paragraphs with an empty line between, examples further in.
  static func blocks(of text: String) -> [HelpBlock] {
    var blocks: [HelpBlock] = []
    for part in text.split(separator: "\n\n").map(String.init) {
      let lines = part.split(separator: "\n").map(String.init)
      if lines.allSatisfy({ $0.hasPrefix("  ") }) {
        blocks.append(.lines(lines.map { String($0.dropFirst(2)) }))
      } else {
        blocks.append(.paragraph(lines.joined(separator: " ")))
      }
    }
    return blocks
  }

  /// Lines of at most `width` columns where they are sentences.
  func text(width: Int) -> String {
    switch self {
    case .paragraph(let words): words.wrapped(width: width).map { $0 + "\n" }.joined()
    case .lines(let lines): lines.map { "  \($0)\n" }.joined()
    case .terms(let terms):
      terms.map { term in
        let label = "  \(term.name)"
        let column = 24
        let words = term.words.wrapped(width: max(width - column, 20))
        let gap = String(repeating: " ", count: column)
        let isBeside = label.columns + 2 <= column
        let first = isBeside ? label + gap.dropFirst(label.columns) + (words.first ?? "") : label
        return ([first] + words.dropFirst(isBeside ? 1 : 0).map { gap + $0 }).map { $0 + "\n" }.joined()
      }.joined()
    }
  }
}
