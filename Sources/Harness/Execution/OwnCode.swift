import Foundation
package import Records

/// What this program is, for the records of attempts. In no identity: two builds give the same bits.
package enum OwnCode {
  /// The Swift language version that the program was compiled by, as far as a program can know.
  package static var toolchain: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift before 6.3"
    #endif
  }

  /// The `code` hash: of the executable's bytes and the toolchain; nil where the executable cannot be read.
  package static let digest: Digest? = {
    guard let file = FileHandle(forReadingAtPath: LocalExecutor.ownProgram) else { return nil }
    var builder = DigestBuilder()
    while let piece = try? file.read(upToCount: 1 << 20), !piece.isEmpty { builder.update(Array(piece)) }
    return Identity.code(executable: builder.finish(), sources: nil, toolchain: toolchain)
  }()
}
