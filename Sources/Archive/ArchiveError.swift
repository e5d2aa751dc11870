import Glibc
package import Records

/// What can go wrong with results on disk: always which file, what was found, and what to do.
package enum ArchiveError: Error, Sendable, CustomStringConvertible {
  /// A call of HDF5 failed.
  case library(file: String, object: String, doing: String, reason: String)
  /// A call of the operating system failed.
  case system(path: String, doing: String, code: Int32)
  /// The disk, or this user's share of it, is full.
  case noSpace(path: String, bytes: Int)
  /// There is no file.
  case absent(path: String)
  /// A link, a pipe or a device stands where a file should: what it leads to is not read.
  case notAFile(path: String)
  /// The file has more bytes than anything of its kind.
  case tooLarge(path: String, bytes: Int, limit: Int)
  /// The file is not HDF5.
  case notHDF5(path: String)
  /// The file does not begin with a user block of this program.
  case foreign(path: String, found: String)
  /// The file ends too early: at `bytes`; `expected` is where it should, if the file still says so.
  case truncated(path: String, bytes: Int, expected: Int?)
  /// The bytes are not those that were published.
  case damaged(path: String, recorded: Digest, found: Digest)
  /// The file is intact, but of another kind.
  case wrongKind(path: String, found: String, expected: String)
  /// The file is intact, but belongs to another run.
  case wrongRun(path: String, found: Digest, expected: Digest)
  /// The file holds something this program does not read.
  case unsupported(file: String, object: String, found: String)
  /// Something that should be in the file is not, or is not as it should be.
  case malformed(file: String, object: String, found: String, expected: String)
  /// A value that cannot be written: a mistake of the caller, found before anything is on disk.
  case unwritable(file: String, object: String, reason: String)
  /// A different file is published already; the new one is kept beside it.
  case conflict(path: String, kept: String)
  /// Another file stands where a file was to be published.
  case exists(path: String)
  /// The bytes are not those that were kept under this name.
  case spoilt(path: String, found: String)
  /// A newer attempt has taken over the run.
  case superseded(path: String, attempt: Int, newest: Int)
  /// The folder is no store, or a store of another version.
  case notAStore(path: String, found: String)
  /// A stored name or text file does not say what it should.
  case corrupt(path: String, found: String, expected: String)

  /// One line, whatever the names in a file are.
  package var description: String { printable(sentence) }

  private var sentence: String {
    switch self {
    case .library(let file, let object, let doing, let reason):
      "\(file): \(doing) \(object) went wrong in HDF5: \(reason.isEmpty ? "no reason given" : reason)."
    case .system(let path, let doing, let code):
      "\(path): \(doing): \(String(cString: strerror(code))).\(ArchiveError.remedy(code))"
    case .noSpace(let path, let bytes):
      "\(path): the disk is full\(bytes > 0 ? "; \(bytes) bytes were to be written" : ""). "
        + "Nothing stored before is touched: make room, then run the same command again."
    case .absent(let path):
      "\(path): there is no such file.\(isSpecification(path) ? " " + remedy(for: path) : "")"
    case .notAFile(let path):
      "\(path) is a link, pipe or device; expected a file: a store has none of those, and what they lead to is "
        + "not read."
    case .tooLarge(let path, let bytes, let limit):
      "\(path) has \(bytes) bytes; expected \(limit) at most, so it is not read."
    case .notHDF5(let path):
      "\(path) is not an HDF5 file."
    case .foreign(let path, let found):
      "\(path) was not written by this program: it begins with \(found), not with \"mneme 1\"."
    case .truncated(let path, let bytes, let expected):
      "\(path) is cut short: \(bytes) bytes of \(expected.map(String.init) ?? "at least 560"). "
        + remedy(for: path)
    case .damaged(let path, let recorded, let found):
      "\(path) is damaged: its bytes have the digest \(found.short), \(recorded.short) was published. "
        + remedy(for: path)
    case .wrongKind(let path, let found, let expected):
      "\(path) is a \(found) file; a \(expected) file was expected."
    case .wrongRun(let path, let found, let expected):
      "\(path) belongs to run \(found.short), not to run \(expected.short): its settings are others."
    case .unsupported(let file, let object, let found):
      "\(file): \(object) holds \(found), which is not read here; "
        + "integers, real numbers and texts are."
    case .malformed(let file, let object, let found, let expected):
      "\(file): \(object) is \(found); expected \(expected)."
    case .unwritable(let file, let object, let reason):
      "\(file): \(object) cannot be written: \(reason)."
    case .conflict(let path, let kept):
      "\(path) is published already, with other bytes. It stays; the new one is kept as \(kept). "
        + "The same settings gave two results: compare the two files."
    case .spoilt(let path, _):
      "\(path) \(fault). Bring it back from a copy; `mneme fsck` says what else to do."
    case .exists(let path):
      "\(path) exists already, and stored files are never replaced."
    case .superseded(let path, let attempt, let newest):
      "\(path): attempt \(attempt) publishes nothing, because attempt \(newest) has taken over."
    case .notAStore(let path, let found):
      "\(path) is not a store of this program: \(found)."
    case .corrupt(let path, let found, let expected):
      "\(path): found \(found); expected \(expected)."
    }
  }

  /// What to do about an error of the operating system, where there is something to say.
  private static func remedy(_ code: Int32) -> String {
    switch code {
    case EACCES, EPERM, EROFS: " Give this user the right to write there, or choose another store."
    case ENOENT, ENOTDIR: " Make the folder first."
    case EIO: " The disk reports a fault: check it before anything else is stored there."
    case EMFILE, ENFILE: " Too many files are open: run fewer at a time."
    default: ""
    }
  }

  /// What to do about a stored file that is not what was published.
  private func remedy(for path: String) -> String {
    if isSpecification(path) { return "`mneme run` with the manifest of this run writes it anew." }
    // Weights come with a result: a run that has one is not computed again.
    let whole = name(of: path) == "weights.h5" ? "it, and the result.h5 beside it if there is one," : "it"
    return "Remove \(whole) and run again, or bring it back from a copy."
  }

  /// Whether a path ends as that of a run's settings does.
  private func isSpecification(_ path: String) -> Bool {
    name(of: path) == "spec" && Digest(hex: name(of: folder(of: path))) != nil
  }

  /// The error for a failed system call, given its `errno`.
  static func system(_ path: String, _ doing: String, _ code: Int32, bytes: Int = 0) -> ArchiveError {
    switch code {
    case ENOSPC, EDQUOT: .noSpace(path: path, bytes: bytes)
    default: .system(path: path, doing: doing, code: code)
    }
  }
}
