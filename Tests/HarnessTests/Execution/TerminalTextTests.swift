import Harness
import Testing

@Suite struct `Text for a terminal` {
  private static let title = "\u{1B}]0;owned\u{7}"
  private static let clear = "\u{1B}[2J\u{1B}[H"

  @Test(arguments: [
    title, clear, "\u{9B}2J", "a\rb", "a\u{8}b", "\u{202E}fdp.exe", "\u{2066}x", "\u{7F}", "\0",
  ])
  func `holds nothing that moves the cursor or turns the writing`(text: String) {
    for shown in [TerminalText.plain(text), TerminalText.painted(text)] {
      #expect(shown.contains("\u{FFFD}"))
      #expect(TerminalText.plain(shown) == shown)
    }
  }

  @Test func `keeps lines, tabs and every letter`() {
    let text = "a\tb\nc é e\u{301} 水 👩‍👩‍👧 א\n"
    #expect(TerminalText.plain(text) == text && TerminalText.painted(text) == text)
  }

  @Test func `keeps the colours of tables, and no other sequence`() {
    let painted = "\u{1B}[1m36.2\u{1B}[0m \u{1B}[31m✗\u{1B}[0m"
    #expect(TerminalText.painted(painted) == painted)
    #expect(TerminalText.plain(painted) == "\u{FFFD}[1m36.2\u{FFFD}[0m \u{FFFD}[31m✗\u{FFFD}[0m")
    #expect(TerminalText.painted(painted + Self.clear) == painted + "\u{FFFD}[2J\u{FFFD}[H")
    #expect(TerminalText.painted("\u{1B}[5m\u{1B}[") == "\u{FFFD}[5m\u{FFFD}[")
  }
}
