import Glibc
package import Records

/// Writes `root` as a stored file: user block, then HDF5, published once and never replaced.
///
/// - Throws: `exists` where something stands at `path`; `noSpace` and `system` with what to do; `unwritable` for
///   a tree that cannot be a file. Nothing that was there before is changed by any of them.
package func publish(
  _ root: Group, kind: FileKind, run: Digest, at path: String
) throws(ArchiveError) {
  let image = try HDF5.image(of: root, userBlock: UserBlock.size, for: path)
  let content = UnsafeRawBufferPointer(rebasing: image.bytes[UserBlock.size...])
  var builder = DigestBuilder()
  builder.update(content)
  let block = UserBlock(kind: kind, run: run, content: builder.finish()).bytes
  var failure: ArchiveError?
  block.withUnsafeBytes { block in
    do throws(ArchiveError) { try Publication.publish([block, content], at: path) } catch { failure = error }
  }
  if let failure { throw failure }
}

/// A stored file, all of whose bytes were found to be those that were published.
struct VerifiedFile {
  let block: UserBlock
  /// The bytes that were compared, the block's too; nil where they are more than are kept in memory.
  let bytes: [UInt8]?

  /// Files below this size in bytes are read at once and kept.
  private static let mostKept = 1 << 20

  /// Reads a file of any kind, and compares its bytes with the digest in its user block.
  init(_ path: String) throws(ArchiveError) {
    let file = try Descriptor(path, O_RDONLY)
    let size = try file.size()
    // One byte more than there seem to be: the end is seen at once.
    let count = min(size + 1, VerifiedFile.mostKept)
    let head = try file.read(count)
    block = try userBlock(in: head, of: path, size: size)
    var builder = DigestBuilder()
    builder.update(head[UserBlock.size...])
    let isWhole = head.count < count
    bytes = isWhole ? head : nil
    if !isWhole { try file.addRest(to: &builder) }
    let found = builder.finish()
    guard found == block.content else {
      throw ArchiveError.damaged(path: path, recorded: block.content, found: found)
    }
  }

  /// The same of a file that must be of a kind, and of a run unless that is nil.
  init(_ path: String, kind: FileKind, run: Digest?) throws(ArchiveError) {
    try self.init(path)
    guard block.kind == kind else {
      throw ArchiveError.wrongKind(path: path, found: block.kind.rawValue, expected: kind.rawValue)
    }
    if let run, block.run != run {
      throw ArchiveError.wrongRun(path: path, found: block.run, expected: run)
    }
  }
}

/// Reads a stored file after all its bytes were found to be those that were published.
///
/// - Parameter run: the run it must belong to; nil accepts the one it names.
/// - Parameter only: what to read, as for `HDF5.read`; nil reads all. The digest always covers all.
/// - Throws: `absent`, `truncated`, `foreign`, `damaged`, `wrongKind`, `wrongRun`: a sentence for each.
package func readStored(
  _ path: String, kind: FileKind, run: Digest?, only: [String]? = nil
) throws(ArchiveError) -> Group {
  try readStored(path, kind: kind, verified: try VerifiedFile(path, kind: kind, run: run), only: only)
}

/// The same where the caller has verified the file: of the very bytes that were compared, where they were kept.
func readStored(
  _ path: String, kind: FileKind, verified file: VerifiedFile, only: [String]?
) throws(ArchiveError) -> Group {
  let root =
    if let bytes = file.bytes {
      try HDF5.read(image: bytes, of: path, only: only)
    } else {
      try HDF5.read(path, only: only, varying: false)
    }
  // The block's own lines are not under its digest; the file says both again inside.
  guard root.attribute("format")?.text == "mneme-\(kind.rawValue)",
    root.attribute("run")?.text == file.block.run.hex
  else {
    throw ArchiveError.malformed(
      file: path, object: "its user block", found: "a \(kind.rawValue) of run \(file.block.run.short)",
      expected: "what the file says inside")
  }
  return root
}

/// The user block of a stored file, without a look at what follows it.
package func readUserBlock(_ path: String) throws(ArchiveError) -> UserBlock {
  let file = try Descriptor(path, O_RDONLY)
  let size = try file.size()
  return try userBlock(in: try file.read(UserBlock.size + superblockSize), of: path, size: size)
}

/// Verifies a stored file that must be of a kind, and of a run unless that is nil.
func verify(_ path: String, kind: FileKind, run: Digest?) throws(ArchiveError) -> UserBlock {
  try VerifiedFile(path, kind: kind, run: run).block
}

/// Compares all bytes of a stored file with the digest in its user block, and returns the block.
package func verify(_ path: String) throws(ArchiveError) -> UserBlock { try VerifiedFile(path).block }

/// Reads the block at the head of a file of `size` bytes, and sees from the superblock after it whether the file ends
/// where it should.
private func userBlock(in head: [UInt8], of path: String, size: Int) throws(ArchiveError) -> UserBlock {
  guard head.count >= UserBlock.size else {
    // Too short for a block: foreign if what there is does not even begin as one.
    let isOurs = "mneme 1\n".utf8.elementsEqual(head.prefix(8))
    throw isOurs || head.isEmpty
      ? ArchiveError.truncated(path: path, bytes: size, expected: nil)
      : ArchiveError.foreign(path: path, found: "\(head.count) bytes of something else")
  }
  let block = try UserBlock(Array(head[..<UserBlock.size]), path: path)
  let superblock = Array(head[UserBlock.size...].prefix(superblockSize))
  guard superblock.count == superblockSize else {
    throw ArchiveError.truncated(path: path, bytes: size, expected: nil)
  }
  let end = superblock[28..<36].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  // A damaged superblock may say anything; only a plausible end is believed, and the digest decides the rest.
  if end > UInt64(size) && end < UInt64(size) + 1 << 40
    && superblock[0..<8].elementsEqual(superblockSignature)
  {
    throw ArchiveError.truncated(path: path, bytes: size, expected: Int(end))
  }
  return block
}

private let superblockSize = 48
private let superblockSignature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
