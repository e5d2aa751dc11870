import Glibc
import Records

/// An open file of the operating system, closed once.
struct Descriptor: ~Copyable {
  let path: String
  private let owned: OwnedNumber

  var number: Int32 { owned.number }

  /// Opens a file, or a folder where the flags ask for one; what was started in other processes never inherits it.
  ///
  /// A store may be anybody's: a link in it is not followed, and a pipe or device is neither waited for nor read.
  ///
  /// - Parameter following: whether a link is followed: for files that a person named.
  init(
    _ path: String, _ flags: Int32, mode: mode_t = 0o644, doing: String = "opening", following: Bool = false
  ) throws(ArchiveError) {
    let careful = O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (following ? 0 : O_NOFOLLOW)
    let number = retrying { open(path, flags | careful, mode) }
    guard number >= 0 else {
      switch errno {
      case ENOENT where flags & O_CREAT == 0: throw ArchiveError.absent(path: path)
      case ELOOP, ENXIO, ENODEV: throw ArchiveError.notAFile(path: path)
      case let code: throw ArchiveError.system(path, doing, code)
      }
    }
    if let error = Descriptor.strangeness(of: number, path, flags, doing) {
      _ = Glibc.close(number)
      throw error
    }
    owned = OwnedNumber(number: number)
    self.path = path
  }

  /// Why what was opened is not what was asked for; nil where it is.
  private static func strangeness(
    of number: Int32, _ path: String, _ flags: Int32, _ doing: String
  ) -> ArchiveError? {
    var status = stat()
    guard fstat(number, &status) == 0 else { return .system(path, "looking at the file", errno) }
    switch status.st_mode & S_IFMT {
    case flags & O_DIRECTORY == 0 ? S_IFREG : S_IFDIR: return nil
    case S_IFDIR: return .system(path, doing, EISDIR)
    default: return .notAFile(path: path)
    }
  }

  /// The size of the file in bytes.
  func size() throws(ArchiveError) -> Int {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw ArchiveError.system(path, "looking at the file", errno) }
    return Int(status.st_size)
  }

  /// Up to `count` bytes from where the file stands; fewer only at its end.
  func read(_ count: Int) throws(ArchiveError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let (rest, offset) = (count - filled, filled)
        let got = retrying { Glibc.read(number, buffer.baseAddress! + offset, rest) }
        if got < 0 { code = errno }
        guard got > 0 else { break }
        filled += got
      }
    }
    guard code == 0 else { throw ArchiveError.system(path, "reading", code) }
    return bytes
  }

  /// Writes all of `bytes` where the file stands.
  func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    var offset = 0
    while offset < bytes.count {
      let (rest, start) = (bytes.count - offset, offset)
      let put = retrying { Glibc.write(number, bytes.baseAddress! + start, rest) }
      guard put >= 0 else { throw ArchiveError.system(path, "writing", errno, bytes: bytes.count) }
      offset += put
    }
  }

  /// Writes all of `bytes` where the file stands.
  func write(_ bytes: [UInt8]) throws(ArchiveError) {
    var failure: ArchiveError?
    bytes.withUnsafeBytes { buffer in
      do throws(ArchiveError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws(ArchiveError) {
    guard retrying({ fsync(number) }) == 0 else {
      throw ArchiveError.system(path, "flushing to the disk", errno)
    }
  }

  /// Closes now, and throws where the operating system reports a late error of a write.
  consuming func close() throws(ArchiveError) {
    let path = path
    guard owned.close() == 0 else { throw ArchiveError.system(path, "closing", errno) }
  }

  /// Adds the bytes from where the file stands to its end, a mebibyte at a time.
  func addRest(to builder: inout DigestBuilder) throws(ArchiveError) {
    let count = min(1 << 20, max(4096, try size() + 1))
    while true {
      let piece = try read(count)
      builder.update(piece)
      if piece.count < count { return }
    }
  }

  /// SHA-256 of the bytes from where the file stands to its end.
  func digestOfRest() throws(ArchiveError) -> Digest {
    var builder = DigestBuilder()
    try addRest(to: &builder)
    return builder.finish()
  }
}

/// The number of an open file, closed once.
private struct OwnedNumber: ~Copyable {
  let number: Int32

  consuming func close() -> Int32 {
    let status = Glibc.close(number)
    discard self
    return status
  }

  deinit { _ = Glibc.close(number) }
}

/// Repeats a system call that a signal interrupted.
func retrying<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let outcome = call()
    if outcome != -1 || errno != EINTR { return outcome }
  }
}

/// Flushes a folder's list of names to the disk: a rename is safe only then.
func synchronizeFolder(_ path: String) throws(ArchiveError) {
  let folder = try Descriptor(path, O_RDONLY | O_DIRECTORY, doing: "opening the folder", following: true)
  try folder.synchronize()
}

/// The size in bytes of a file that a person may have named.
func sizeOfFile(_ path: String) throws(ArchiveError) -> Int {
  try Descriptor(path, O_RDONLY, following: true).size()
}

/// The folder that holds `path`.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last part of `path`.
func name(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
}
