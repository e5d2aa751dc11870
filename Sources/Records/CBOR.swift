/// Deterministic CBOR (RFC 8949 section 4.2.1): the one spelling of structured facts that is ever hashed.
///
/// Every length and integer takes its shortest form, every float the shortest of 16, 32 or 64 bits that keeps
/// its value, maps are sorted by the bytes of their encoded keys, all lengths are definite. Beyond the RFC:
/// −0 is written as +0, NaN and infinities do not exist, and the keys of maps are ASCII text.
package enum CBOR {
  /// How many lists and maps may lie inside each other.
  package static let depthLimit = 64

  /// What the encoding can say.
  package indirect enum Item: Sendable {
    /// A whole number from 0 to 2⁶⁴ − 1.
    case unsigned(UInt64)
    /// The whole number −1 − n, down to −2⁶⁴.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case list([Item])
    case map([String: Item])
    case boolean(Bool)
    case null
    /// A finite number; an integral one is still written as a float.
    case real(Double)
  }
}

extension CBOR.Item {
  /// A 64-bit integer in its one form.
  package static func integer(_ number: Int) -> CBOR.Item {
    number >= 0 ? .unsigned(UInt64(number)) : .negative(UInt64(-1 - number))
  }

  /// A digest as its 32 bytes.
  package static func digest(_ digest: Digest) -> CBOR.Item { .bytes(digest.bytes) }

  /// What the item is, with its article, for errors.
  var kind: String {
    switch self {
    case .unsigned, .negative: "an integer"
    case .bytes: "a byte string"
    case .text: "a text"
    case .list: "a list"
    case .map: "a map"
    case .boolean: "a boolean"
    case .null: "null"
    case .real: "a real"
    }
  }
}

extension CBOR.Item: Equatable {
  /// True when both encode to the same bytes: texts are compared byte by byte, −0 equals +0.
  package static func == (left: CBOR.Item, right: CBOR.Item) -> Bool {
    switch (left, right) {
    case (.unsigned(let a), .unsigned(let b)), (.negative(let a), .negative(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.null, .null): true
    case (.real(let a), .real(let b)): a == b
    default: false
    }
  }
}
