import CHDF5

/// An open HDF5 object, closed once, when its owner lets go of it.
///
/// `deinit` closes what is abandoned on the way out of an error. Where a close can fail for a reason
/// someone must hear (it is when HDF5 writes), `close(at:)` closes and throws.
struct Handle: ~Copyable {
  typealias Close = @convention(c) (hid_t) -> herr_t

  let id: hid_t
  private let closing: Close

  /// Takes an identifier just returned by HDF5, and throws if HDF5 returned none.
  init(_ id: hid_t, _ closing: @escaping Close, _ doing: String, at place: Place) throws(ArchiveError) {
    guard id >= 0 else { throw place.failure(doing) }
    self.id = id
    self.closing = closing
  }

  /// Closes now, and throws where HDF5 says that closing went wrong.
  consuming func close(at place: Place) throws(ArchiveError) {
    let status = closing(id)
    discard self
    guard status >= 0 else { throw place.failure("closing") }
  }

  deinit { _ = closing(id) }
}

/// Where in which file something is done: what every message about HDF5 begins with.
struct Place {
  let file: String
  let object: String

  subscript(_ name: String) -> Place {
    Place(file: file, object: object == "/" ? "/" + name : object + "/" + name)
  }

  /// The error for a call that just failed here, with HDF5's own words for the cause.
  func failure(_ doing: String) -> ArchiveError {
    let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
      hdf5_reason(text.baseAddress!)
      return String(cString: text.baseAddress!)
    }
    return .library(file: file, object: object, doing: doing, reason: reason)
  }

  /// Throws unless HDF5 reported success.
  func check(_ status: herr_t, _ doing: String) throws(ArchiveError) {
    guard status >= 0 else { throw failure(doing) }
  }
}
