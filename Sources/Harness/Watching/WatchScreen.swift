/// Shows one view after the other: in place on a terminal, one below the other anywhere else.
///
/// A terminal lends its other screen for it, and shows what was there before when it is given back.
package struct WatchScreen: Sendable {
  private let isTerminal: Bool
  private let write: @Sendable (String) -> Void
  private var last: [String]?

  package init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
    (self.isTerminal, self.write) = (isTerminal, write)
  }

  /// Shows these lines; those that were shown last are shown again only where something may have overwritten them.
  package mutating func show(_ lines: [String]) {
    let lines = lines.map(TerminalText.plain)
    defer { last = lines }
    guard isTerminal else {
      guard lines != last else { return }
      write((last == nil ? "" : "\n") + lines.map { $0 + "\n" }.joined())
      return
    }
    // One write a drawing, each line overwritten in place: so nothing flickers. No line feed below the last line, or
    // the screen would scroll.
    let start = last == nil ? "\u{1B}[?1049h" : ""
    write(start + "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
  }

  /// Gives the terminal back, with the last view below what was there before.
  package mutating func finish() {
    guard isTerminal, let lines = last else { return }
    write("\u{1B}[?1049l" + lines.map { $0 + "\n" }.joined())
    last = nil
  }
}
