import Records
import Testing

@Suite struct `Printable text` {
  @Test func `stays what it is`() {
    for text in ["", "sorting", "∞-former, ±0.5 %", "é", "👩🏽‍🔬", "日本"] { #expect(printable(text) == text) }
  }

  @Test(arguments: ["\u{0}", "\t", "\n", "\u{1B}", "\u{7F}", "\u{9B}", "\u{202E}", "\u{2066}"])
  func `shows a sign for what a terminal obeys`(command: String) {
    #expect(printable("a\(command)b") == "a\u{FFFD}b")
  }
}
