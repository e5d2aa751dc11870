import Foundation

/// JSON files of a record, in the form people read, with a check of their bytes as the last member:
///
///       …
///       "threads" : 1,
///       "crc" : "9ae0daaf"
///     }
///
/// `crc` is the CRC-32C of the bytes before it, from the brace to the comma's left: every change of one bit is seen.
/// Records that are older than this member are read without it.
enum JSONFile {
  static func publish(_ record: some Encodable, at path: String) throws(ArchiveError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let bytes: [UInt8]
    do { bytes = Array(try encoder.encode(record)) } catch {
      throw ArchiveError.unwritable(file: path, object: "the record", reason: "\(error)")
    }
    let head = bytes.dropLast(ending.count)
    guard head.count > 1, bytes.suffix(ending.count).elementsEqual(ending) else {
      throw ArchiveError.unwritable(file: path, object: "the record", reason: "it has no members")
    }
    try Publication.publish(head + tail(of: head), at: path)
  }

  /// The record in a file; nil if there is no file.
  static func read<Record: AttemptRecord>(_ type: Record.Type, at path: String) throws(ArchiveError)
    -> Record?
  {
    let bytes: [UInt8]
    do throws(ArchiveError) { bytes = try Folder.contents(of: path) } catch {
      guard Folder.exists(path) else { return nil }
      throw error
    }
    let head = bytes.dropLast(min(tailLength, bytes.count))
    guard bytes.suffix(tailLength).elementsEqual(tail(of: head)) || isOlder(bytes) else {
      throw ArchiveError.spoilt(path: path, found: "its check does not fit its text")
    }
    if var members = QuickJSON.object(bytes) {
      members["crc"] = nil
      if let record = Record(quickly: members) { return record }
    }
    do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
      throw ArchiveError.spoilt(path: path, found: "its text is no record of an attempt")
    }
  }

  private static let ending = Array("\n}".utf8)
  private static let tailLength = tail(of: []).count

  /// What follows the bytes of all other members.
  private static func tail(of head: some Sequence<UInt8>) -> [UInt8] {
    Array(",\n  \"crc\" : \"\(LiveLog.hexadecimal(crc32c(head)))\"\n}\n".utf8)
  }

  /// Whether a file is of a time without checks: it has no member but those that were known then. A check whose name
  /// is damaged is such another member.
  private static func isOlder(_ bytes: [UInt8]) -> Bool {
    guard let members = try? JSONDecoder().decode([String: Ignored].self, from: Data(bytes)) else {
      return false
    }
    return members.keys.allSatisfy(olderMembers.contains)
  }

  private struct Ignored: Decodable {
    init(from decoder: any Decoder) {}
  }

  /// All members that records had when they had no check.
  private static let olderMembers: Set = [
    "arguments", "attempt", "code", "cost", "cpu", "ended", "failure", "git_commit", "git_dirty", "hdf5",
    "host",
    "instructions", "kept_weights", "kernel", "manifest", "message", "monotonic", "outcome", "peak_bytes",
    "pid",
    "resumed_from", "seconds", "started", "system_seconds", "threads", "toolchain", "user_seconds",
  ]
}
