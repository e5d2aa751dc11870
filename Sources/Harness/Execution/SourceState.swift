import Archive
import Foundation
package import Records

/// Which sources a program was made of, for the records of attempts. In no identity.
///
/// `make` writes it beside the program, with the digest of the program's bytes, which themselves do not tell: two commits
/// that differ in nothing compiled give the same program. What stands beside another program is not believed.
///
///     .build/release/mneme.source    {"commit":"<40 digits>","dirty":false,"executable":"<SHA-256>"}
package struct SourceState: Sendable, Equatable {
  /// Of git, in full.
  package let commit: String
  /// Whether sources were changed since that commit.
  package let isDirty: Bool

  private struct Stored: Decodable {
    let commit: String
    let dirty: Bool
    let executable: String
  }

  /// Nil where nothing was written beside the program, or of another one.
  ///
  /// - Parameter program: its file.
  /// - Parameter code: the `code` hash of the program that runs.
  package init?(of program: String, code: Digest) {
    guard let file = FileHandle(forReadingAtPath: "\(program).source"),
      let bytes = try? file.read(upToCount: 4096),
      let stored = try? JSONDecoder().decode(Stored.self, from: bytes),
      stored.commit.wholeMatch(of: /[0-9a-f]{40}|[0-9a-f]{64}/) != nil,
      let executable = Digest(hex: stored.executable),
      Identity.code(executable: executable, sources: nil, toolchain: OwnCode.toolchain) == code
    else { return nil }
    (commit, isDirty) = (stored.commit, stored.dirty)
  }
}
