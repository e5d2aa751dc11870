import Glibc

/// Folders of the store: made durably, listed in order.
enum Folder {
  /// Makes a folder and those above it, unless they are there; new names are flushed to the disk.
  static func make(_ path: String) throws(ArchiveError) {
    if isFolder(path) { return }
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
  static func names(in path: String) throws(ArchiveError) -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw ArchiveError.system(path, "listing the folder", errno)
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

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Removes a file; that it is gone already is fine.
  static func remove(_ path: String) throws(ArchiveError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw ArchiveError.system(path, "removing", errno) }
  }

  /// All bytes of a file.
  static func contents(of path: String) throws(ArchiveError) -> [UInt8] {
    let file = try Descriptor(path, O_RDONLY)
    var bytes: [UInt8] = []
    while true {
      let piece = try file.read(1 << 20)
      bytes += piece
      if piece.count < 1 << 20 { return bytes }
    }
  }
}
