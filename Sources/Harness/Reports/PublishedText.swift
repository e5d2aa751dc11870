import Foundation

/// A text in a file of a name that somebody chose: `Results/tables/sorting-ablation.md`.
///
/// A file that says the same already is not touched, so its time of change tells when its content changed. Another one
/// is replaced whole, by rename; what is no file is neither read nor replaced.
package enum PublishedText {
  /// Whether anything was written.
  @discardableResult
  package static func write(_ text: String, to path: String) throws -> Bool {
    try write(Data(text.utf8), to: path)
  }

  /// The same for a picture.
  @discardableResult
  static func write(_ content: Data, to path: String) throws -> Bool {
    guard fileKind(at: path).map({ $0 == .typeRegular }) ?? true else {
      throw ReportError.noRegularFile(path)
    }
    let file = URL(fileURLWithPath: path)
    let folder = file.deletingLastPathComponent()
    if let kind = fileKind(at: folder.path), kind != .typeDirectory {
      throw ReportError.unwritable(path, reason: "what it would lie in is no folder")
    }
    if let existing = try? Data(contentsOf: file), existing == content { return false }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try content.write(to: file, options: .atomic)
      return true
    } catch {
      throw ReportError.unwritable(path, reason: systemReason(error))
    }
  }
}
