package import Records

/// The first 512 bytes of every stored file, which HDF5 skips: what the file is, and the digest of the rest.
///
///     mneme 1\n
///     result\n
///     <run id: 64 hexadecimal digits>\n
///     <SHA-256 of all bytes after the block: 64 hexadecimal digits>\n
///     zeros up to byte 512
///
/// Four lines that `head -4` shows. There is one spelling of them: whatever does not encode back to the
/// same 512 bytes is damage.
package struct UserBlock: Sendable, Equatable {
  package let kind: FileKind
  package let run: Digest
  /// SHA-256 of all bytes after the block.
  package let content: Digest

  package static let size = 512
  private static let name = "mneme 1"

  package init(kind: FileKind, run: Digest, content: Digest) {
    (self.kind, self.run, self.content) = (kind, run, content)
  }

  /// The 512 bytes.
  package var bytes: [UInt8] {
    let text = Array("\(UserBlock.name)\n\(kind.rawValue)\n\(run.hex)\n\(content.hex)\n".utf8)
    return text + repeatElement(0, count: UserBlock.size - text.count)
  }

  /// Reads a block back; throws `foreign` for anything that this program would not have written.
  package init(_ bytes: [UInt8], path: String) throws(ArchiveError) {
    let lines = bytes.prefix { $0 != 0 }.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    )
    .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count == 5, lines[0] == UserBlock.name, let kind = FileKind(rawValue: lines[1]),
      let run = Digest(hex: lines[2]), let content = Digest(hex: lines[3])
    else { throw ArchiveError.foreign(path: path, found: UserBlock.describe(bytes)) }
    self.init(kind: kind, run: run, content: content)
    guard self.bytes == bytes else {
      throw ArchiveError.foreign(
        path: path, found: "a user block of this program with other bytes among its own")
    }
  }

  private static func describe(_ bytes: [UInt8]) -> String {
    if bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) { return "HDF5 itself, without a user block" }
    let line = bytes.prefix(24).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
    let isText = !line.isEmpty && line.allSatisfy { (0x20..<0x7f).contains($0) }
    if isText && line.starts(with: Array(name.utf8)) { return "a user block of this program that is damaged" }
    return isText ? "\"\(String(decoding: line, as: UTF8.self))\"" : "bytes that are no text"
  }
}
