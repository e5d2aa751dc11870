import Foundation
import Testing

@testable import Records

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("memoria", 7), ("±0.31 – ×", 9), ("記憶", 4), ("ﾒﾓﾘ", 3), ("e\u{301}", 1), ("한국", 4), ("ﬁ", 1),
    ("👩🏽‍🔬", 2), ("🧠", 2), ("🇬🇷", 2), ("🇬", 1), ("❤️", 2), ("❤", 1), ("a\u{200B}b", 2), ("日本 and é", 10), ("─", 1),
    ("ᄀ", 2),
  ])
  func `a text takes the columns that a terminal gives it`(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  /// Python's tables are another reading of the same Unicode files.
  @Test func `every assigned character is as wide as Python knows`() throws {
    let python = "/usr/bin/python3"
    try #require(FileManager.default.isExecutableFile(atPath: python), "needs python3")
    let script = """
      import unicodedata as u
      print(''.join('-' if u.category(chr(c)) in ('Cn','Cs','Co','Mn','Me','Cc','Cf') or 0x1160 <= c <= 0x11ff
        else '2' if u.east_asian_width(chr(c)) in 'WF' else '1' for c in range(0x20000)))
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let widths = Array(pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    try #require(widths.count == 0x20001)
    var wrong: [String] = []
    for code in 0x20..<0x20000 where widths[code] != UInt8(ascii: "-") {
      guard let scalar = Unicode.Scalar(UInt32(code)) else { continue }
      let expected = widths[code] == UInt8(ascii: "2") ? 2 : 1
      if Character(scalar).columns != expected { wrong.append(String(code, radix: 16)) }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(40))")
  }
}
