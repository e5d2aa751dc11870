private import Crypto

/// A SHA-256 that is fed piece by piece; how the pieces are cut does not matter.
package struct DigestBuilder {
  private var hash = SHA256()

  /// Of nothing yet.
  package init() {}

  /// Of `mneme/<kind>/v1` and a zero byte so far, so that digests of different kinds of things never
  /// coincide.
  package init(kind: String) {
    update(Array("mneme/\(kind)/v1\0".utf8))
  }

  /// Adds `bytes`.
  package mutating func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

  /// Adds a part of an array; nothing is copied.
  package mutating func update(_ bytes: ArraySlice<UInt8>) { hash.update(data: bytes) }

  /// The digest of all that was added; more may be added afterwards.
  package func finish() -> Digest {
    guard let digest = Digest(bytes: hash.finalize()) else { fatalError("SHA-256 did not give 32 bytes") }
    return digest
  }
}
