import Foundation
import Glibc

/// Reads the text files that a manifest is made of, and never more of them than a person would write.
enum SourceText {
  /// A manifest of ten thousand lines has a third of this; a file of 100 MB is refused at once.
  static let limit = 1 << 20

  /// The bytes of a file of at most `limit` bytes.
  static func bytes(of path: String, shown: String) throws(ManifestError) -> [UInt8] {
    guard !shown.isEmpty else { throw ManifestError(nil, .noName) }
    guard let kind = fileKind(at: path) else {
      throw ManifestError(nil, .noSuchFile(shown, nearest: nearestFile(to: shown)))
    }
    guard kind != .typeDirectory else { throw ManifestError(nil, .isFolder(shown)) }
    // Opening a pipe would wait for a writer, and a device may never end.
    guard kind == .typeRegular else { throw ManifestError(nil, .isNoFile(shown)) }
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      var bytes: [UInt8] = []
      while bytes.count <= limit, let part = try handle.read(upToCount: limit + 1 - bytes.count),
        !part.isEmpty
      {
        bytes += part
      }
      guard bytes.count <= limit else { throw ManifestError(nil, .tooLarge(shown, limit: limit)) }
      return bytes
    } catch let error as ManifestError {
      throw error
    } catch {
      throw ManifestError(nil, .unreadable(shown, reason: systemReason(error)))
    }
  }

  /// The text of a file; bytes that are not UTF-8 are an error that tells the line.
  static func text(of path: String, shown: String) throws(ManifestError) -> String {
    let bytes = try bytes(of: path, shown: shown)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ManifestError(.file(shown, line: lineOfFirstFault(in: bytes), column: 1), .notUTF8)
    }
    return text
  }

  /// The line that holds the first bytes that are not UTF-8: no line feed is part of a longer character.
  private static func lineOfFirstFault(in bytes: [UInt8]) -> Int {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { return line }
      line += 1
    }
    return line
  }
}

/// What the system says of a file, in its own words: `Permission denied`. No full stop.
func systemReason(_ error: any Error) -> String {
  let code = (error as? POSIXError ?? (error as? CocoaError)?.underlying as? POSIXError)?.code
  guard let code, let words = unsafe strerror(code.rawValue) else {
    return withoutStop((error as NSError).localizedDescription)
  }
  return unsafe String(cString: words)
}
