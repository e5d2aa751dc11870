import ArgumentParser
import Foundation
import Harness

/// What a shell may offer for arguments and options, by what they are about.
extension CompletionKind {
  static let manifestFile = offering { $0.manifestFiles($1) }
  static let manifest = offering { $0.manifests($1) }
  static let subject = offering { $0.subjects($1) }
  static let tables = offering { $0.tables($1) }
  static let run = offering { $0.runs($1) }
  static let tag = offering { $0.tags($1) }
  static let terms = offering { $0.terms($1) }
  static let setting = offering { $0.settings($1) }
  static let keys = offering { $0.keys($1) }
  static let measures = offering { $0.measures($1) }

  private static func offering(
    _ words: @escaping @Sendable (ShellWords, String) -> [String]
  ) -> CompletionKind {
    .custom { line, _, begun in
      // An open quote is a part of the word for zsh and fish, and not for bash.
      let quote = begun.first.flatMap { "'\"".contains($0) ? String($0) : nil } ?? ""
      let isKept = CompletionShell.requesting != .bash
      return words(ShellWords(store: store(in: line)), String(begun.dropFirst(quote.count))).map {
        (isKept ? quote : "") + $0
      }
    }
  }

  /// The store that a half typed line names.
  static func store(in line: [String]) -> String {
    let words = line.reversed()
    if let whole = words.first(where: { $0.hasPrefix("--store=") }) {
      return String(whole.dropFirst("--store=".count))
    }
    // bash ends a word at the sign.
    guard let place = line.lastIndex(of: "--store") else { return StoreOptions.usual }
    let rest = line[(place + 1)...].drop { $0 == "=" }
    return rest.first.map { ($0 as NSString).expandingTildeInPath } ?? StoreOptions.usual
  }
}
