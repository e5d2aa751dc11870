import CHDF5
import Synchronization

/// Whole HDF5 files, read into values and written from them.
///
/// One caller at a time uses the library: a lock of the whole process stands before every use, so any
/// thread may read and write. Files are built in memory and handed over as bytes; HDF5 itself never
/// writes to a disk, because after a failed write its state is undefined and it may crash at exit.
package enum HDF5 {
  /// Whether the library was prepared already; whoever holds the lock may call HDF5.
  private static let library = Mutex(false)

  /// Reads a file as a value: ours, or any other program's.
  ///
  /// - Parameter only: the paths to read, `final` or `spec/canonical`, with all that lies below, in this order; nil reads
  ///   all. Groups on the way to one come without their attributes, but for the root. What is not there is left out.
  /// - Throws: `notHDF5`, `unsupported` naming the object, `library` where the file is damaged.
  /// - Parameters:
  ///   - scales: whether to read which scales datasets have: for files that are ours.
  ///   - varying: whether to read texts of varying length: for files that a person named, which may be another program's.
  package static func read(
    _ path: String, only: [String]? = nil, scales: Bool = false, varying: Bool = true
  ) throws(ArchiveError) -> Group {
    let bytes = try sizeOfFile(path)
    return try exclusively(reading: path) { () throws(ArchiveError) -> Group in
      let place = Place(file: path, object: "/")
      guard H5Fis_hdf5(path) > 0 else { throw ArchiveError.notHDF5(path: path) }
      let access = try Handle(H5Pcreate(hdf5_file_access()), H5Pclose, "preparing", at: place)
      // Stored files never change; HDF5's own locks only fail on file systems without them.
      try place.check(H5Pset_file_locking(access.id, false, true), "preparing")
      let file = try Handle(
        H5Fopen(path, hdf5_read_only(), access.id), H5Fclose, "opening", at: place)
      var reader = Reader(file: path, bytes: bytes, readsScales: scales, readsVaryingTexts: varying)
      let root = try reader.root(file.id, only: only)
      try file.close(at: place)
      return root
    }
  }

  /// Reads a file whose bytes are in memory, a user block before them too.
  ///
  /// - Parameter path: where they were read, for errors.
  static func read(image: [UInt8], of path: String, only: [String]?) throws(ArchiveError) -> Group {
    try exclusively(reading: path) { () throws(ArchiveError) -> Group in
      let place = Place(file: path, object: "/")
      let access = try Handle(H5Pcreate(hdf5_file_access()), H5Pclose, "preparing", at: place)
      try place.check(H5Pset_fapl_core(access.id, 1 << 16, false), "preparing")
      let status = image.withUnsafeBytes { bytes in
        // HDF5 makes a copy, and asks for a pointer that it might write through.
        H5Pset_file_image(access.id, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
      }
      try place.check(status, "preparing")
      // HDF5 refuses an image under the name of a file that exists; below a file nothing can.
      let file = try Handle(
        H5Fopen("\(path)/", hdf5_read_only(), access.id), H5Fclose, "opening", at: place)
      var reader = Reader(file: path, bytes: image.count, readsScales: false, readsVaryingTexts: false)
      let root = try reader.root(file.id, only: only)
      try file.close(at: place)
      return root
    }
  }

  /// Writes a plain file: no user block, replacing nothing.
  ///
  /// - Throws: `exists`, `noSpace`, `system`, `unwritable`; a file that could not be finished is removed.
  package static func write(_ group: Group, to path: String) throws(ArchiveError) {
    let image = try image(of: group, userBlock: 0, for: path)
    try Publication.publish([image.bytes], at: path)
  }

  /// The bytes of a file that holds `root`: the same bytes for the same value, always.
  static func image(of root: Group, userBlock: Int, for path: String) throws(ArchiveError) -> FileImage {
    try exclusively { () throws(ArchiveError) -> FileImage in
      try Writer(file: path).image(of: root, userBlock: userBlock)
    }
  }

  /// The version of the library that is linked, not that of the headers: `1.10.8`.
  package static func version() throws(ArchiveError) -> String {
    try exclusively { () throws(ArchiveError) -> String in
      var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
      try Place(file: "libhdf5", object: "/").check(H5get_libversion(&major, &minor, &release), "asking")
      return "\(major).\(minor).\(release)"
    }
  }

  private static func exclusively(
    reading path: String, _ body: () throws(ArchiveError) -> Group
  ) throws(ArchiveError) -> Group {
    try exclusively { () throws(ArchiveError) -> Group in try LibraryCrash.reading(path, body) }
  }

  /// Runs `body` as the only user of HDF5 in this process. Not to be nested.
  private static func exclusively<Outcome: ~Copyable>(
    _ body: () throws(ArchiveError) -> Outcome
  ) throws(ArchiveError) -> Outcome {
    try library.withLock { isPrepared throws(ArchiveError) -> Outcome in
      if !isPrepared {
        // No handler at exit: a library that lost a write crashes in it.
        _ = H5dont_atexit()
        // A file names other files and programs in it; none of them is opened for it.
        _ = H5Lunregister(H5L_TYPE_EXTERNAL)
        _ = H5PLset_loading_state(0)
        isPrepared = true
      }
      // Error printing is a setting of each thread.
      _ = H5Eset_auto2(0, nil, nil)
      return try body()
    }
  }
}
