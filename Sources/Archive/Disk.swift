import Glibc

extension Store {
  /// Bytes that this user may still write on the disk that holds the store; nil where the system does not tell.
  package var freeBytes: Int? {
    var status = statvfs()
    guard statvfs(root, &status) == 0 else { return nil }
    return Int(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}
