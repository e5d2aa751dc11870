import Records

/// Comma-separated values as RFC 4180 has them: quoted fields may hold commas, line ends and doubled quotes.
///
/// Lines may end in LF or CRLF, a byte order mark is skipped, the last line may lack its end. Empty lines
/// are errors, for a line is a record and this reader never guesses.
package enum CSV {
  /// One line of the file: fields, and where they stand for messages.
  package struct Record: Sendable, Equatable {
    package let line: Int
    package let fields: [String]
  }

  /// Far above any table of results; a file beyond these is not one.
  static let byteLimit = 16 << 20
  static let recordLimit = 200_000
  static let fieldLimit = 1_000

  /// The records of a file. Errors name line and column (in bytes from 1).
  package static func records(_ bytes: [UInt8], file: String) throws(TablesError) -> [Record] {
    guard bytes.count <= byteLimit else { throw .tooLarge(file: file, what: "bytes", limit: byteLimit) }
    var reader = Reader(bytes: bytes, file: file)
    return try reader.records()
  }

  /// One line with its LF; fields are quoted where they must be.
  package static func line(_ fields: [String]) -> String {
    // A single empty field would be an empty line.
    fields == [""] ? "\"\"\n" : fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let special: Set<UInt8> = [comma, quote, lineFeed, carriageReturn]
    // A byte order mark at the start of a field would be taken for the file's.
    let mustQuote = field.utf8.contains { special.contains($0) } || field.unicodeScalars.first == "\u{FEFF}"
    guard mustQuote else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { text.unicodeScalars.append("\"") }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

/// A walk over the bytes, knowing where it is.
private struct Reader {
  let bytes: [UInt8]
  let file: String
  var position = 0
  var line = 1
  var lineStart = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
      lineStart = 3
    }
  }

  mutating func records() throws(TablesError) -> [CSV.Record] {
    var records: [CSV.Record] = []
    while position < bytes.count {
      guard records.count < CSV.recordLimit else {
        throw .tooLarge(file: file, what: "lines", limit: CSV.recordLimit)
      }
      if peek == lineFeed || peek == carriageReturn {
        throw malformed("an empty line", "a record", line: line, column: nil)
      }
      let start = line
      records.append(CSV.Record(line: start, fields: try record()))
    }
    return records
  }

  private mutating func record() throws(TablesError) -> [String] {
    var fields: [String] = []
    while true {
      guard fields.count < CSV.fieldLimit else {
        throw .tooLarge(file: file, what: "fields in line \(line)", limit: CSV.fieldLimit)
      }
      fields.append(peek == quote ? try quotedField() : try plainField())
      if peek == comma {
        position += 1
        continue
      }
      try endLine()
      return fields
    }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func plainField() throws(TablesError) -> String {
    let start = position
    while let byte = peek, byte != comma, byte != lineFeed, byte != carriageReturn {
      guard byte != quote else { throw malformed("a quote inside an unquoted field", "the field in quotes") }
      position += 1
    }
    return try text(Array(bytes[start..<position]), from: start)
  }

  private mutating func quotedField() throws(TablesError) -> String {
    let (startLine, startColumn, start) = (line, position - lineStart + 1, position)
    position += 1
    var field: [UInt8] = []
    while let byte = peek {
      position += 1
      if byte == quote {
        guard peek == quote else {
          guard peek == nil || peek == comma || peek == lineFeed || peek == carriageReturn else {
            throw malformed("text after a closing quote", "a comma or the end of the line")
          }
          return try text(field, from: start)
        }
        position += 1
      } else if byte == lineFeed {
        line += 1
        lineStart = position
      }
      field.append(byte)
    }
    throw malformed(
      "the end of the file", "a closing quote for this field", line: startLine, column: startColumn)
  }

  private mutating func endLine() throws(TablesError) {
    if peek == carriageReturn {
      guard position + 1 == bytes.count || bytes[position + 1] == lineFeed else {
        throw malformed("a carriage return alone", "LF or CRLF at the end of a line")
      }
      position += 1
    }
    guard peek != nil else { return }
    position += 1
    line += 1
    lineStart = position
  }

  private func text(_ field: [UInt8], from start: Int) throws(TablesError) -> String {
    guard !field.contains(0), let text = String(validating: field, as: UTF8.self) else {
      throw malformed(
        "bytes that are not UTF-8 text", "a text file", line: line, column: max(1, start - lineStart + 1))
    }
    // Line ends and tabs may stand in quotes; of the rest, a terminal or a script would make a command.
    if let scalar = text.unicodeScalars.first(where: {
      $0.isCommand && !"\t\n\r".unicodeScalars.contains($0)
    }) {
      throw malformed(
        "the control character U+\(String(scalar.value, radix: 16, uppercase: true))",
        "text that can be shown",
        line: line, column: max(1, start - lineStart + 1))
    }
    return text
  }

  private func malformed(_ found: String, _ expected: String) -> TablesError {
    malformed(found, expected, line: line, column: position - lineStart + 1)
  }

  private func malformed(_ found: String, _ expected: String, line: Int, column: Int?) -> TablesError {
    .malformed(file: file, line: line, column: column, found: found, expected: expected)
  }
}
