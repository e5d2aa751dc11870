import Glibc

/// What tells a file from another one, and from itself after a change, without reading it.
///
/// Enough to show once more what was read a second ago. Never enough for a number that is printed for the first time:
/// those are read from bytes whose digest was compared.
package struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64
  package let size: Int
  /// Nanoseconds since 1970: of the last change of its bytes, and of anything about it.
  private let modifiedNanoseconds: Int
  private let changedNanoseconds: Int

  /// Nil where there is no such file.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
    modifiedNanoseconds = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    changedNanoseconds = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
  }

  /// Seconds since 1970 of the last change of its bytes.
  package var modified: Double { Double(modifiedNanoseconds) / 1e9 }

  /// Whether this is `other`, maybe longer.
  func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }
}

extension RunDirectory {
  /// What tells whether a finished run is as it was when it was verified.
  package struct Files: Sendable, Hashable {
    package let result: FileIdentity
    private let specification: FileIdentity

    fileprivate init(result: FileIdentity, specification: FileIdentity) {
      (self.result, self.specification) = (result, specification)
    }
  }

  /// Nil where no result is published.
  package var identity: Files? {
    guard let result = FileIdentity(of: resultPath), let specification = FileIdentity(of: specificationPath)
    else { return nil }
    return Files(result: result, specification: specification)
  }
}
