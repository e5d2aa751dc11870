package import Archive

extension StoreSizes {
  /// `123 files, 4,567 bytes: results 1,234, weights 3,000, …`, in one line.
  package var text: String {
    let parts = Part.allCases.compactMap { part in
      bytes[part].map { "\(part.rawValue) \($0.grouped)" }
    }
    return "\(counted(allFiles, "file")), \(allBytes.grouped) bytes: \(parts.joined(separator: ", "))\n"
  }

  /// How much there is of one part.
  struct Member: Encodable {
    let files: Int
    let bytes: Int
  }

  /// The same for programs, by the names of the parts.
  var members: [String: Member] {
    Dictionary(
      uniqueKeysWithValues: files.map { part, count in
        (part.rawValue, Member(files: count, bytes: bytes[part] ?? 0))
      })
  }
}
