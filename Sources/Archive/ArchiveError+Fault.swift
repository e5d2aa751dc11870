import Glibc
import Records

extension ArchiveError {
  /// What is wrong with a file, without its name and without what to do: in general up to the colon, then what was found
  /// and what was expected.
  package var fault: String {
    switch self {
    case .library(_, let object, let doing, let reason):
      "cannot be read: \(doing) \(object) went wrong in HDF5\(reason.isEmpty ? "" : ", \(reason)")"
    case .system(_, let doing, let code): "cannot be read: \(doing): \(String(cString: strerror(code)))"
    case .absent: "is missing"
    case .notAFile: "is a link, pipe or device, and what it leads to is not read"
    case .tooLarge(_, let bytes, let limit): "is damaged: it has \(bytes) bytes; expected \(limit) at most"
    case .notHDF5: "is damaged: it is no HDF5 file"
    case .foreign(_, let found):
      "was not written by this program: it begins with \(found), not with \"mneme 1\""
    case .truncated(_, let bytes, let expected):
      "is cut short: \(bytes) bytes of \(expected.map(String.init) ?? "at least 560")"
    case .damaged(_, let recorded, let found):
      "is damaged: its digest is \(found.short), \(recorded.short) was published"
    case .wrongKind(_, let found, let expected): "is another file: a \(found) file, not a \(expected) file"
    case .wrongRun(_, let found, _): "is another file: it belongs to run \(found.short)"
    case .unsupported(_, let object, let found): "cannot be read: \(object) holds \(found)"
    case .malformed(_, let object, let found, let expected):
      "is damaged: \(object) is \(found); expected \(expected)"
    case .corrupt(_, let found, let expected): "is damaged: found \(found); expected \(expected)"
    case .spoilt(_, let found): "is damaged: \(found)"
    case .noSpace, .unwritable, .conflict, .exists, .superseded, .notAStore: description
    }
  }
}
