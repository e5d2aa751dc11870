/// The language of manual pages, after man(7) of groff: as much of it as help needs.
enum Roff {
  static func heading(_ title: String) -> String { ".SH \(quoted(title.uppercased()))\n" }
  static func subheading(_ title: String) -> String { ".SS \(quoted(title))\n" }

  static func text(of block: HelpBlock) -> String {
    switch block {
    case .paragraph(let words): ".PP\n\(line(words))"
    case .lines(let lines): ".PP\n.RS 4\n.nf\n\(lines.map(line).joined()).fi\n.RE\n"
    case .terms(let terms): terms.map { term($0.name, $0.words) }.joined()
    }
  }

  /// What is typed in bold, and below it what it means.
  static func term(_ name: String, _ words: String) -> String {
    ".TP\n\\fB\(escaped(name))\\fR\n\(line(words))"
  }

  /// A line of text; a point or quote at its beginning would make it a request.
  static func line(_ text: String) -> String {
    let line = escaped(text)
    return (line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" : "") + line + "\n"
  }

  /// A hyphen is typed, and not one to break a line at.
  static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
      .replacing("`", with: "\\(ga")
  }

  private static func quoted(_ text: String) -> String {
    "\"\(escaped(text).replacing("\"", with: "\\(dq"))\""
  }
}
