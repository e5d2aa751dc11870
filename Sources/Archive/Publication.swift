import Glibc
import Records

/// Gives bytes a name only when they are safe: written aside, flushed, read back, then renamed.
///
/// 1. `.<name>.tmp-<process>-<number>` is created in the same folder, for us alone;
/// 2. everything is written, made read-only (0444), flushed and closed, each step checked;
/// 3. the file is opened again and its digest compared with that of the bytes in memory;
/// 4. it is renamed without replacing: what stands there stays;
/// 5. the folder is flushed.
///
/// Whatever fails, the file aside is removed and nothing else has changed. A process that dies on the way
/// leaves at most the file aside, which nobody reads and `Store.check` reports.
enum Publication {
  /// What every file aside has in its name.
  static let mark = ".tmp-"

  /// Publishes `pieces`, one after the other, as `path`.
  ///
  /// - Parameter replacing: whether what stands there is replaced, in one step: only for bytes that the place
  ///   itself is named by, so that nothing but damage can be lost, and for what is derived from other files.
  /// - Throws: `exists` where something stands there, `noSpace`, `system`, `damaged` where the disk gives back
  ///   other bytes than it was given.
  static func publish(_ pieces: [UnsafeRawBufferPointer], at path: String, replacing: Bool = false)
    throws(ArchiveError)
  {
    let number = UInt32.random(in: .min ... .max)
    let aside = "\(folder(of: path))/.\(name(of: path))\(mark)\(getpid())-\(String(number, radix: 16))"
    try FaultPoint.publishBeforeCreate.pass(path)
    let file = try Descriptor(aside, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600, doing: "creating the file")
    do throws(ArchiveError) {
      try FaultPoint.publishAfterCreate.pass(path)
      try write(pieces, to: file)
      try verify(aside, holds: pieces)
      try FaultPoint.publishAfterVerify.pass(path)
      try rename(aside, to: path, replacing: replacing)
    } catch {
      _ = unlink(aside)
      throw error
    }
    try synchronizeFolder(folder(of: path))
    try FaultPoint.publishAfterFolderFsync.pass(path)
  }

  /// Publishes an array of bytes as `path`.
  static func publish(_ bytes: [UInt8], at path: String, replacing: Bool = false) throws(ArchiveError) {
    var failure: ArchiveError?
    bytes.withUnsafeBytes { buffer in
      do throws(ArchiveError) { try publish([buffer], at: path, replacing: replacing) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private static func write(
    _ pieces: [UnsafeRawBufferPointer], to file: consuming Descriptor
  ) throws(ArchiveError) {
    for piece in pieces {
      try file.write(piece)
      try FaultPoint.publishAfterPiece.pass(file.path)
    }
    guard fchmod(file.number, 0o444) == 0 else {
      throw ArchiveError.system(file.path, "making the file read-only", errno)
    }
    try FaultPoint.publishAfterMode.pass(file.path)
    try file.synchronize()
    try FaultPoint.publishAfterFsync.pass(file.path)
    let path = file.path
    try file.close()
    try FaultPoint.publishAfterClose.pass(path)
  }

  private static func verify(_ path: String, holds pieces: [UnsafeRawBufferPointer]) throws(ArchiveError) {
    var given = DigestBuilder()
    for piece in pieces { given.update(piece) }
    let (expected, found) = (given.finish(), try Descriptor(path, O_RDONLY).digestOfRest())
    guard found == expected else {
      throw ArchiveError.damaged(path: path, recorded: expected, found: found)
    }
  }

  /// Renames without replacing: a second name, which is refused where one stands, then without the first.
  private static func rename(_ aside: String, to path: String, replacing: Bool) throws(ArchiveError) {
    if replacing {
      guard Glibc.rename(aside, path) == 0 else {
        throw ArchiveError.system(path, "giving the file its name", errno)
      }
      try FaultPoint.publishAfterRename.pass(path)
      return
    }
    guard link(aside, path) == 0 else {
      let code = errno
      throw code == EEXIST
        ? ArchiveError.exists(path: path) : ArchiveError.system(path, "giving the file its name", code)
    }
    try FaultPoint.publishAfterLink.pass(path)
    guard unlink(aside) == 0 else {
      throw ArchiveError.system(aside, "removing the file's first name", errno)
    }
    try FaultPoint.publishAfterUnlink.pass(path)
  }
}

extension DigestBuilder {
  /// Adds bytes in memory, a mebibyte at a time.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      update(Array(bytes[start..<min(start + 1 << 20, bytes.count)]))
    }
  }
}
