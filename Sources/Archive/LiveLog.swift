import Foundation
package import Records

/// What a run says while it goes on: `live.jsonl`, one line of JSON a record, only ever appended to.
///
///     {"seconds":12.5,"event":"step","step":300,"loss":1.25,"crc":"9ae0daaf"}
///
/// `crc` is the CRC-32C of the bytes before it, from the brace to the comma's left. Nothing is flushed: the log
/// is for watching, and never the source of a result. A line without its end is the trace of a kill.
package struct LiveRecord: Sendable, Equatable {
  /// Since the attempt began.
  package let seconds: Double
  /// `step`, `evaluation`, `checkpoint`, `resumed`.
  package let event: String
  package let facts: [String: Value]

  package init(seconds: Double, event: String, facts: [String: Value]) {
    (self.seconds, self.event, self.facts) = (seconds, event, facts)
  }
}

/// What was found in a live log.
package struct LiveLog: Sendable, Equatable {
  package let records: [LiveRecord]
  /// Whether the last line is cut off, as a kill leaves it.
  package let isTorn: Bool
  /// Numbers of lines, from 1, that are damaged; a torn last line is not one of them.
  package let damagedLines: [Int]

  /// Reads a log as far as it goes; an absent one is empty.
  package init(at path: String) throws(ArchiveError) {
    let bytes = Folder.exists(path) ? try Folder.contents(of: path, limit: Folder.collectionLimit) : []
    var (records, damaged): ([LiveRecord], [Int]) = ([], [])
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.dropLast().enumerated() {
      if let record = LiveLog.record(line) { records.append(record) } else { damaged.append(number + 1) }
    }
    (self.records, damagedLines) = (records, damaged)
    isTorn = lines.last.map { !$0.isEmpty } ?? false
  }

  /// The line of a record, with its end.
  static func line(_ record: LiveRecord) -> [UInt8] {
    var text = "{\"seconds\":\(json(.real(record.seconds))),\"event\":\(json(.text(record.event)))"
    for key in record.facts.keys.sorted() {
      if let value = record.facts[key] { text += ",\(json(.text(key))):\(json(value))" }
    }
    let check = hexadecimal(crc32c(text.utf8))
    return Array("\(text),\"crc\":\"\(check)\"}\n".utf8)
  }

  static func record(_ line: ArraySlice<UInt8>) -> LiveRecord? {
    let tail = ",\"crc\":\"00000000\"}".utf8.count
    guard line.count > tail else { return nil }
    let head = line.dropLast(tail)
    guard line.dropFirst(head.count).elementsEqual(",\"crc\":\"\(hexadecimal(crc32c(head)))\"}".utf8),
      let members = try? JSONDecoder().decode([String: JSONValue].self, from: Data(line)),
      case .real(let seconds)? = members["seconds"]?.asReal, case .text(let event)? = members["event"]?.value
    else { return nil }
    var facts: [String: Value] = [:]
    for (key, member) in members where !["seconds", "event", "crc"].contains(key) {
      facts[key] = member.value
    }
    return LiveRecord(seconds: seconds, event: event, facts: facts)
  }

  /// A value as JSON; what is not a number is null.
  static func json(_ value: Value) -> String {
    switch value {
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? "\(number)" : "null"
    case .list(let values): "[\(values.map(json).joined(separator: ","))]"
    case .text(let text):
      "\""
        + text.unicodeScalars.map { scalar in
          switch scalar {
          case "\"": "\\\""
          case "\\": "\\\\"
          case _ where scalar.value < 0x20:
            "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
          default: String(scalar)
          }
        }.joined() + "\""
    }
  }

  static func hexadecimal(_ number: UInt32) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 8 - text.count) + text
  }
}

/// A value as JSON has it: numbers with a point or an exponent are reals, null is not a number.
private struct JSONValue: Decodable {
  let value: Value

  /// The number as a real, also where JSON left out the point.
  var asReal: Value? {
    switch value {
    case .integer(let number): .real(Double(number))
    case .real: value
    default: nil
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      value = .real(.nan)
    } else if let flag = try? container.decode(Bool.self) {
      value = .boolean(flag)
    } else if let number = try? container.decode(Int.self) {
      value = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      value = .real(number)
    } else if let text = try? container.decode(String.self) {
      value = .text(text)
    } else {
      value = .list(try container.decode([JSONValue].self).map(\.value))
    }
  }
}

/// The CRC-32C (Castagnoli) of bytes.
func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { crc, byte in crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
}

/// What each byte does to the remainder: eight divisions by the reflected polynomial 0x1EDC6F41.
private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
}
