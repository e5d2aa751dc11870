import Glibc

/// A live log that is read while it grows: each record once.
///
/// A line without its end is left until it has one, and a damaged one is passed over; `mneme fsck` tells of it.
package struct LiveTail: Sendable {
  private let path: String
  /// How many bytes at the end of a log are read at first; a line that begins before them is not.
  private let limit: Int
  private var offset = 0
  /// The file as it was last read; nil before that.
  package private(set) var identity: FileIdentity?

  package init(at path: String, limit: Int) { (self.path, self.limit) = (path, limit) }

  /// The records that were added since the last call; none where there is no log.
  package mutating func added() throws(ArchiveError) -> [LiveRecord] {
    guard let identity = FileIdentity(of: path) else { return [] }
    if let known = self.identity, !identity.isSameFile(as: known) || identity.size < offset { offset = 0 }
    defer { self.identity = identity }
    guard identity.size > offset else { return [] }
    let isCut = offset == 0 && identity.size > limit
    if isCut { offset = identity.size - limit }
    let bytes: [UInt8]
    do throws(ArchiveError) {
      let file = try Descriptor(path, O_RDONLY)
      guard lseek(file.number, off_t(offset), SEEK_SET) >= 0 else {
        throw ArchiveError.system(path, "reading from its middle", errno)
      }
      bytes = try file.read(identity.size - offset)
    } catch {
      // Removed since.
      if case .absent = error { return [] }
      throw error
    }
    let feed = UInt8(ascii: "\n")
    guard let end = bytes.lastIndex(of: feed) else { return [] }
    var start = 0
    if isCut, let first = bytes.firstIndex(of: feed) { start = first + 1 }
    offset += end + 1
    return bytes[start..<max(start, end)].split(separator: feed).compactMap(LiveLog.record)
  }
}

extension RunDirectory {
  /// The live log of an attempt, for reading while it grows.
  package func liveTail(of attempt: Int, limit: Int) -> LiveTail {
    LiveTail(at: "\(attemptPath(attempt))/live.jsonl", limit: limit)
  }
}
