import Archive
import Records

/// Why something cannot be noted.
package enum NoteError: Error, CustomStringConvertible, Equatable {
  case empty
  case tooLong(bytes: Int)
  case control(String)
  case noTag(String)
  case unknownTag(String, of: String, known: [String])
  case contrary(String)
  case unstored(file: String, hash: String)

  /// Bytes of one note: what goes beyond is a paper.
  static let limit = 10_000

  package var description: String {
    switch self {
    case .empty: "the note is empty; expected words, or nothing to see what was noted."
    case .tooLong(let bytes): "the note has \(bytes) bytes; expected \(NoteError.limit) at most."
    case .control(let text):
      "\(text) has a control character in it, which a terminal would not show; leave it out."
    case .noTag(let tag):
      "“\(shortened(tag))” is no tag; expected up to 64 lower-case letters, digits, points, underscores and hyphens"
        + (NoteError.likeness(of: tag).map { ", such as \($0)." } ?? ".")
    case .unknownTag(let tag, let owner, let known):
      "\(owner) has no tag \(tag)"
        + (nearest(tag, among: known).map { "; did you mean \($0)?" }
          ?? (known.isEmpty ? "; it has none." : "; it has \(known.joined(separator: ", "))."))
    case .contrary(let tag): "the tag \(tag) is to be given and taken away; expected one of the two."
    case .unstored(let file, let hash):
      "\(file) is manifest \(hash), which this store does not have, so nothing can be noted about it; "
        + "`mneme run \(file)` keeps it."
    }
  }

  /// A tag that looks like what was typed.
  private static func likeness(of text: String) -> String? {
    let letters = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let word = String(letters.drop { $0 == "-" }.prefix(64))
    return Remark.isTag(word) ? word : nil
  }
}
