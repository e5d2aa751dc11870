import Tables
import Testing

@Suite struct CSVReader {
  private func fields(_ text: String) throws -> [[String]] {
    try CSV.records(Array(text.utf8), file: "t.csv").map(\.fields)
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]),
    ("\"a\nb\",c\n", [["a\nb", "c"]]),
    ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]),
    (",\n", [["", ""]]), ("\"\"\n", [[""]]), ("", []), ("a", [["a"]]), (" a , b \n", [[" a ", " b "]]),
    ("\"\u{FEFF}a\"", [["\u{FEFF}a"]]),
  ])
  func `reads what RFC 4180 says`(text: String, expected: [[String]]) throws {
    #expect(try fields(text) == expected)
  }

  @Test(arguments: [
    ("a,b\n\"c\n", "t.csv:2:1: found the end of the file"),
    ("a,b\nc\"d,e\n", "t.csv:2:2: found a quote inside an unquoted field"),
    ("a\n\"b\"c\n", "t.csv:2:4: found text after a closing quote"),
    ("a\n\nb\n", "t.csv:2: found an empty line"),
    ("a\rb\n", "t.csv:1:2: found a carriage return alone"),
    ("\"x\ny\",\"", "t.csv:2:4: found the end of the file"),
  ])
  func `says where a file is broken`(text: String, expected: String) {
    let error = #expect(throws: TablesError.self) { try fields(text) }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }

  @Test func `refuses what is not text`() {
    let error = #expect(throws: TablesError.self) {
      try CSV.records(Array("a,b\nc,".utf8) + [0xFF, 0xFE], file: "t.csv")
    }
    #expect(error?.description.hasPrefix("t.csv:2:3: found bytes that are not UTF-8") == true)
    #expect(throws: TablesError.self) { try CSV.records([0x61, 0, 0x0A], file: "t.csv") }
  }

  @Test func `refuses what is no table of results`() {
    #expect(throws: TablesError.self) {
      try CSV.records([UInt8](repeating: 0x61, count: (16 << 20) + 1), file: "t")
    }
    #expect(throws: TablesError.self) { try CSV.records([UInt8](repeating: 0x2C, count: 2_000), file: "t") }
    #expect(throws: TablesError.self) {
      try CSV.records((0..<200_001).flatMap { _ in [0x61, 0x0A] as [UInt8] }, file: "t")
    }
  }

  @Test func `any fields survive writing and reading`() throws {
    var generator = Shuffling(state: 1)
    let alphabet: [Character] = ["a", ",", "\"", "\n", "\r", "\r\n", " ", "é", "\u{FEFF}", "0", "e\u{301}"]
    for _ in 0..<300 {
      let width = Int.random(in: 1...4, using: &generator)
      let lines = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        (0..<width).map { _ in
          String(
            (0..<Int.random(in: 0...5, using: &generator)).map { _ in
              alphabet.randomElement(using: &generator)!
            })
        }
      }
      let read = try fields(lines.map { CSV.line($0) }.joined())
      #expect(read.map { $0.map { Array($0.utf8) } } == lines.map { $0.map { Array($0.utf8) } })
    }
  }

  @Test func `no bytes make it stop the program`() {
    var generator = Shuffling(state: 2)
    let alphabet: [UInt8] = [0x2C, 0x22, 0x0A, 0x0D, 0x61, 0x30, 0x2E, 0xC3, 0xA9, 0xEF, 0xBB, 0xBF, 0x25]
    let head = Array("a.b,m,m.unit\n".utf8)
    for _ in 0..<2_000 {
      let tail = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator)!
      }
      for bytes in [tail, head + tail] {
        do throws(TablesError) {
          _ = try CellList(csv: bytes, file: "t.csv", metric: nil)
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }
}
