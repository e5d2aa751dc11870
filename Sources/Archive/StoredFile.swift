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

/// Reads a stored file after all its bytes were found to be those that were published.
///
/// - Parameter run: the run it must belong to; nil accepts the one it names.
/// - Parameter only: what to read, as for `HDF5.read`; nil reads all. The digest always covers all.
/// - Throws: `absent`, `truncated`, `foreign`, `damaged`, `wrongKind`, `wrongRun`: a sentence for each.
package func readStored(
  _ path: String, kind: FileKind, run: Digest?, only: [String]? = nil
) throws(ArchiveError) -> Group {
  try readStored(path, kind: kind, verified: try verify(path, kind: kind, run: run), only: only)
}

/// The same where the caller has verified the file, and holds its block.
func readStored(
  _ path: String, kind: FileKind, verified block: UserBlock, only: [String]?
) throws(ArchiveError) -> Group {
  let root = try HDF5.read(path, only: only)
  // The block's own lines are not under its digest; the file says both again inside.
  guard root.attribute("format")?.text == "mneme-\(kind.rawValue)",
    root.attribute("run")?.text == block.run.hex
  else {
    throw ArchiveError.malformed(
      file: path, object: "its user block", found: "a \(kind.rawValue) of run \(block.run.short)",
      expected: "what the file says inside")
  }
  return root
}

/// The user block of a stored file, without a look at what follows it.
package func readUserBlock(_ path: String) throws(ArchiveError) -> UserBlock {
  try block(of: try Descriptor(path, O_RDONLY))
}

/// Verifies a stored file that must be of a kind, and of a run unless that is nil.
func verify(_ path: String, kind: FileKind, run: Digest?) throws(ArchiveError) -> UserBlock {
  let block = try verify(path)
  guard block.kind == kind else {
    throw ArchiveError.wrongKind(path: path, found: block.kind.rawValue, expected: kind.rawValue)
  }
  if let run, block.run != run { throw ArchiveError.wrongRun(path: path, found: block.run, expected: run) }
  return block
}

/// Compares all bytes of a stored file with the digest in its user block, and returns the block.
package func verify(_ path: String) throws(ArchiveError) -> UserBlock {
  let file = try Descriptor(path, O_RDONLY)
  let block = try block(of: file)
  let found = try file.digestOfRest()
  guard found == block.content else {
    throw ArchiveError.damaged(path: path, recorded: block.content, found: found)
  }
  return block
}

/// Reads the block, and sees from the superblock after it whether the file ends where it should.
private func block(of file: borrowing Descriptor) throws(ArchiveError) -> UserBlock {
  let size = try file.size()
  let head = try file.read(UserBlock.size)
  guard head.count == UserBlock.size else {
    // Too short for a block: foreign if what there is does not even begin as one.
    let isOurs = "mneme 1\n".utf8.elementsEqual(head.prefix(8))
    throw isOurs || head.isEmpty
      ? ArchiveError.truncated(path: file.path, bytes: size, expected: nil)
      : ArchiveError.foreign(path: file.path, found: "\(head.count) bytes of something else")
  }
  let block = try UserBlock(head, path: file.path)
  var superblock: [UInt8] = Array(repeating: 0, count: 48)
  let got = superblock.withUnsafeMutableBytes { buffer in
    retrying { pread(file.number, buffer.baseAddress, 48, off_t(UserBlock.size)) }
  }
  guard got == 48 else { throw ArchiveError.truncated(path: file.path, bytes: size, expected: nil) }
  let end = superblock[28..<36].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  // A damaged superblock may say anything; only a plausible end is believed, and the digest decides the rest.
  if end > UInt64(size) && end < UInt64(size) + 1 << 40
    && superblock[0..<8].elementsEqual(superblockSignature)
  {
    throw ArchiveError.truncated(path: file.path, bytes: size, expected: Int(end))
  }
  return block
}

private let superblockSignature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
