import Glibc

/// A text in a store that people read and no number comes from: a log, what a job wrote.
package enum PlainFile {
  /// Calls `body` with all bytes from `offset` on, a mebibyte at a time; not at all where there is no file.
  ///
  /// - Returns: where the file ended.
  /// - Throws: `notAFile` for a link, pipe or device: it may lead out of the store, or never end; `system`.
  package static func read(
    _ path: String, from offset: Int, _ body: ([UInt8]) -> Void
  ) throws(ArchiveError) -> Int {
    let file: Descriptor
    do throws(ArchiveError) { file = try Descriptor(path, O_RDONLY) } catch {
      if case .absent = error { return offset }
      throw error
    }
    guard lseek(file.number, off_t(offset), SEEK_SET) >= 0 else {
      throw ArchiveError.system(path, "reading from its middle", errno)
    }
    var end = offset
    while true {
      let piece = try file.read(1 << 20)
      if piece.isEmpty { return end }
      end += piece.count
      body(piece)
    }
  }
}
