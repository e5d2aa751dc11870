import Foundation
package import Records

/// Something that a person wrote about a run or a manifest.
package struct Remark: Sendable, Hashable {
  /// What is written about.
  package enum Subject: String, Sendable, Codable {
    case run
    case manifest
  }

  package enum Act: String, Sendable, Codable {
    /// A sentence, or several.
    case note
    /// A word to find it by.
    case tag
    /// The word taken away again.
    case untag
  }

  /// UTC, ISO 8601 with milliseconds.
  package let written: String
  /// The name of the user who wrote it.
  package let author: String
  package let subject: Subject
  package let id: Digest
  package let act: Act
  package let text: String

  package init(
    written: String, author: String, subject: Subject, id: Digest, act: Act, text: String
  ) {
    (self.written, self.author, self.subject, self.id) = (written, author, subject, id)
    (self.act, self.text) = (act, text)
  }

  /// What no text may hold: a terminal would do something else with it than show it.
  package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
  }

  /// Whether a text can be a tag: lower-case letters, digits, `.`, `_` and `-`, 64 at most, a letter or digit first.
  package static func isTag(_ text: String) -> Bool {
    func isPlain(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    return (1...64).contains(text.utf8.count) && text.utf8.first.map(isPlain) == true
      && text.utf8.allSatisfy { isPlain($0) || "._-".utf8.contains($0) }
  }
}

extension Remark {
  /// The line that keeps it, with its end; `crc` is the CRC-32C of the bytes before it, as in a live log.
  ///
  ///     {"written":"2026-11-21T21:00:00.000Z","by":"ada","run":"3f9a…","tag":"best","crc":"9ae0daaf"}
  var line: [UInt8] {
    let members = [("written", written), ("by", author), (subject.rawValue, id.hex), (act.rawValue, text)]
    let head =
      "{" + members.map { "\"\($0)\":\(LiveLog.json(.text($1)))" }.joined(separator: ",")
    return Array("\(head),\"crc\":\"\(LiveLog.hexadecimal(crc32c(head.utf8)))\"}\n".utf8)
  }

  /// Reads a line back, without its end; nil for any that this program would not have written.
  init?(line: ArraySlice<UInt8>) {
    let tail = ",\"crc\":\"00000000\"}".utf8.count
    let head = line.dropLast(tail)
    guard line.count > tail,
      line.dropFirst(head.count).elementsEqual(
        ",\"crc\":\"\(LiveLog.hexadecimal(crc32c(head)))\"}".utf8),
      let members = try? JSONDecoder().decode([String: String].self, from: Data(line)), members.count == 5,
      let written = members["written"], let author = members["by"],
      let subject = [Subject.run, .manifest].first(where: { members[$0.rawValue] != nil }),
      let id = members[subject.rawValue].flatMap(Digest.init(hex:)),
      let act = [Act.note, .tag, .untag].first(where: { members[$0.rawValue] != nil }),
      let text = members[act.rawValue], act == .note || Remark.isTag(text),
      ![written, author, text].contains(where: { $0.unicodeScalars.contains(where: Remark.isControl) })
    else { return nil }
    self.init(written: written, author: author, subject: subject, id: id, act: act, text: text)
  }
}
