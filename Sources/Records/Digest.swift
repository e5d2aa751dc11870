/// A SHA-256: the name of a run, of a manifest, of a file's content.
package struct Digest: Sendable, Hashable {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// A digest of 32 bytes as stored elsewhere; nil for any other count.
  package init?(bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The digest written as 64 lower-case hexadecimal digits; nil for any other text.
  package init?(hex: String) {
    guard hex.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in hex.utf8 {
      guard let digit = Digest.value(ofDigit: character) else { return nil }
      if let upper = high {
        bytes.append(upper << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    self.bytes = bytes
  }

  /// All 64 hexadecimal digits, lower case.
  package var hex: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(64)
    for byte in bytes {
      digits.append(Digest.digits[Int(byte >> 4)])
      digits.append(Digest.digits[Int(byte & 15)])
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The first 12 digits, as shown to people: among ten thousand runs two share them with a chance of 2·10⁻⁷.
  package var short: String { String(hex.prefix(12)) }

  /// The SHA-256 of `bytes`.
  package static func sha256(_ bytes: [UInt8]) -> Digest {
    var builder = DigestBuilder()
    builder.update(bytes)
    return builder.finish()
  }

  private static let digits = Array("0123456789abcdef".utf8)

  /// The number a lower-case hexadecimal digit stands for.
  static func value(ofDigit character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

extension Digest {
  /// Eight of its bytes: one is as random as another.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

extension Digest: Comparable {
  package static func < (left: Digest, right: Digest) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension Digest: CustomStringConvertible {
  package var description: String { hex }
}
