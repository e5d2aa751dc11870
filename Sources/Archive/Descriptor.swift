import Glibc
import Records

/// An open file of the operating system, closed once.
struct Descriptor: ~Copyable {
  let path: String
  private let owned: OwnedNumber

  var number: Int32 { owned.number }

  /// Opens a file; what was started in other processes never inherits it.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o644, doing: String = "opening") throws(ArchiveError) {
    let number = retrying { open(path, flags | O_CLOEXEC, mode) }
    guard number >= 0 else {
      throw errno == ENOENT && flags & O_CREAT == 0
        ? ArchiveError.absent(path: path) : ArchiveError.system(path, doing, errno)
    }
    owned = OwnedNumber(number: number)
    self.path = path
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
  let folder = try Descriptor(path, O_RDONLY | O_DIRECTORY, doing: "opening the folder")
  try folder.synchronize()
}

/// The size of a file in bytes.
func sizeOfFile(_ path: String) throws(ArchiveError) -> Int {
  try Descriptor(path, O_RDONLY).size()
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
