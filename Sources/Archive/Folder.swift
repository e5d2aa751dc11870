import Glibc

/// Folders of the store: made durably, listed in order.
enum Folder {
  /// Makes a folder and those above it, unless they are there; new names are flushed to the disk.
  static func make(_ path: String) throws(ArchiveError) {
    if isFolder(path, following: true) { return }
    let parent = folder(of: path)
    if parent != path { try make(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw ArchiveError.system(path, "making the folder", errno)
    }
    try synchronizeFolder(parent)
  }

  /// Makes a folder that nobody has made before; false if it is there.
  static func makeExclusively(_ path: String) throws(ArchiveError) -> Bool {
    guard mkdir(path, 0o755) == 0 else {
      if errno == EEXIST { return false }
      throw ArchiveError.system(path, "making the folder", errno)
    }
    try synchronizeFolder(folder(of: path))
    return true
  }

  /// The names in a folder, in the order of their bytes; none if there is no such folder.
  ///
  /// - Parameter following: whether a link to a folder is followed: for one that a person named.
  static func names(in path: String, following: Bool = false) throws(ArchiveError) -> [String] {
    let careful = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | (following ? 0 : O_NOFOLLOW)
    let number = retrying { open(path, careful) }
    guard number >= 0, let stream = fdopendir(number) else {
      let code = errno
      if number >= 0 { close(number) }
      // With both flags, a link to anything is no folder, either.
      if code == ENOTDIR, isLink(path) { throw ArchiveError.notAFile(path: path) }
      if code == ENOENT || code == ENOTDIR { return [] }
      throw ArchiveError.system(path, "listing the folder", code)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw ArchiveError.system(path, "listing the folder", errno) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// - Parameter following: whether a link to a folder is one: where a person named it.
  static func isFolder(_ path: String, following: Bool = false) -> Bool {
    var status = stat()
    let code = following ? stat(path, &status) : lstat(path, &status)
    return code == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Removes a file; that it is gone already is fine.
  static func remove(_ path: String) throws(ArchiveError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw ArchiveError.system(path, "removing", errno) }
  }

  /// Removes a folder and all that is in it; what is gone already is fine. Links are removed, not followed.
  static func removeWhole(_ path: String) throws(ArchiveError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
    for name in try names(in: path) { try removeWhole("\(path)/\(name)") }
    guard rmdir(path) == 0 || errno == ENOENT else {
      throw ArchiveError.system(path, "removing the folder", errno)
    }
  }

  /// Whether somebody holds a lock file now; nobody does where there is none.
  static func isLocked(_ path: String) throws(ArchiveError) -> Bool {
    guard exists(path) else { return false }
    let lock = try Descriptor(path, O_RDONLY)
    if retrying({ flock(lock.number, LOCK_SH | LOCK_NB) }) == 0 { return false }
    guard errno == EWOULDBLOCK else { throw ArchiveError.system(path, "trying the lock", errno) }
    return true
  }

  /// All bytes of a file, which are `limit` at most: nothing that is read whole is larger.
  static func contents(of path: String, limit: Int = recordLimit) throws(ArchiveError) -> [UInt8] {
    let file = try Descriptor(path, O_RDONLY)
    let seen = try file.size()
    guard seen <= limit else { throw ArchiveError.tooLarge(path: path, bytes: seen, limit: limit) }
    // One byte more than there seem to be: the end is seen at once. What has no size, as in /proc, takes more pieces.
    let size = max(seen + 1, 4096)
    var bytes = try file.read(size)
    guard bytes.count == size else { return bytes }
    while bytes.count <= limit {
      let piece = try file.read(1 << 20)
      bytes += piece
      if piece.count < 1 << 20 { return bytes }
    }
    throw ArchiveError.tooLarge(path: path, bytes: bytes.count, limit: limit)
  }

  /// Bytes of settings or of the record of an attempt: a thousand times what they have.
  static let recordLimit = 1 << 20
  /// Bytes of a log, of notes, of a manifest of a hundred thousand runs, or of the index of as many results.
  static let collectionLimit = 1 << 29
}
