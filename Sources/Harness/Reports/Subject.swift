package import Archive
import Foundation
package import Records

/// What a word on the command line names: a manifest by its file or hash, or a run by its hash.
package enum Subject: Sendable {
  case manifest(Manifest)
  case run(Digest)

  /// Reads a file where there is one, else looks for a hash in the store.
  ///
  /// - Parameter settings: `key=value` in place of a manifest file's own.
  /// - Parameter store: nil where nothing has been stored yet; `place` is where it would be.
  /// - Parameter others: words that the caller understands by itself, which this may be a slip for.
  package init(
    _ word: String, settings: [String] = [], besides others: [String] = [], in store: Store?, at place: String
  ) throws {
    guard Subject.isHash(word) else {
      // What cannot be a hash is read as a file, so that a misspelt name is complained about as one.
      guard Subject.isPath(word) else {
        throw ReportError.noSubject(word, nearest: nearest(word, among: others) ?? nearestFile(to: word))
      }
      self = .manifest(try Manifest(reading: word, settings: settings))
      return
    }
    guard settings.isEmpty else { throw ReportError.overridesOfHash(word) }
    guard let store else { throw ReportError.noStore(place, wanted: word) }
    let target: Target
    do { target = try Target(word, in: store) } catch TargetError.unknown {
      throw ReportError.unknownHash(word, store: store.root)
    }
    switch target {
    case .run(let run): self = .run(run)
    case .manifest(let object):
      self = .manifest(try Manifest(canonicalBytes: try store.object(object), hash: object.id))
    }
  }

  /// Hexadecimal digits that are not the name of a file here.
  private static func isHash(_ word: String) -> Bool {
    let isHexadecimal = (4...64).contains(word.utf8.count) && word.allSatisfy { $0.isASCII && $0.isHexDigit }
    return isHexadecimal && !FileManager.default.fileExists(atPath: word)
  }

  private static func isPath(_ word: String) -> Bool {
    word.contains("/") || word.contains(".") || FileManager.default.fileExists(atPath: word)
  }
}

extension Manifest {
  /// The manifest that `word` names; a run is refused.
  package init(named word: String, settings: [String] = [], in store: Store?, at place: String) throws {
    guard case .manifest(let manifest) = try Subject(word, settings: settings, in: store, at: place) else {
      throw ReportError.notManifest(word)
    }
    self = manifest
  }
}
