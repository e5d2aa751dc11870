import Foundation
import Records

/// The published vectors, as `Vectors/vectors.json` describes them.
struct PublishedVectors: Decodable {
  let vectors: [Vector]
  let refused: [Refusal]

  static let file = Bundle.module.url(forResource: "vectors", withExtension: "json", subdirectory: "Vectors")

  static func load() throws -> PublishedVectors {
    guard let file else { throw CocoaError(.fileNoSuchFile) }
    return try JSONDecoder().decode(PublishedVectors.self, from: Data(contentsOf: file))
  }
}

/// Bytes that no item encodes to.
struct Refusal: Decodable {
  let name: String
  let bytes: String
}

/// A structure, its canonical bytes and its hash.
struct Vector: Decodable {
  enum Subject {
    case item(CBOR.Item)
    case run(Settings, neutral: [String: Value])
    case manifest(
      runs: [Digest], tier: String, tables: [String: CBOR.Item], figures: [String: CBOR.Item],
      references: [String: Digest])
    case code(executable: Digest, sources: Digest?, toolchain: String)
    case result(
      metrics: [(name: String, value: Double)], digests: [(name: String, digest: Digest)], weights: Digest)
  }

  let name: String
  let bytes: [UInt8]
  let sha256: Digest
  let subject: Subject

  private enum Key: String, CodingKey {
    case name, kind, bytes, sha256, item, settings, neutral, runs, tier, tables, figures, references
    case executable, sources, toolchain, metrics, digests, weights
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func digest(_ key: Key) throws -> Digest { try container.decode(WrittenDigest.self, forKey: key).digest }
    func digests(_ key: Key) throws -> [String: Digest] {
      try container.decode([String: WrittenDigest].self, forKey: key).mapValues(\.digest)
    }
    name = try container.decode(String.self, forKey: .name)
    bytes = try octets(container.decode(String.self, forKey: .bytes))
    sha256 = try digest(.sha256)
    switch try container.decode(String.self, forKey: .kind) {
    case "item": subject = .item(try container.decode(WrittenItem.self, forKey: .item).item)
    case "run":
      let settings = try container.decode([String: WrittenItem].self, forKey: .settings)
      let neutral = try container.decode([String: WrittenItem].self, forKey: .neutral)
      subject = .run(
        try Settings(settings.mapValues { try $0.value }), neutral: try neutral.mapValues { try $0.value })
    case "manifest":
      subject = .manifest(
        runs: try container.decode([WrittenDigest].self, forKey: .runs).map(\.digest),
        tier: try container.decode(String.self, forKey: .tier),
        tables: try container.decode([String: WrittenItem].self, forKey: .tables).mapValues(\.item),
        figures: try container.decodeIfPresent([String: WrittenItem].self, forKey: .figures)?
          .mapValues(\.item) ?? [:],
        references: try digests(.references))
    case "code":
      subject = .code(
        executable: try digest(.executable),
        sources: container.contains(.sources) ? try digest(.sources) : nil,
        toolchain: try container.decode(String.self, forKey: .toolchain))
    case "result":
      let metrics = try container.decode([String: String].self, forKey: .metrics)
      subject = .result(
        metrics: try metrics.map { (name: $0.key, value: try number($0.value)) },
        digests: try digests(.digests).map { (name: $0.key, digest: $0.value) }, weights: try digest(.weights)
      )
    case let kind: throw BadVector(text: "the kind \(kind)")
    }
  }
}

/// An item as JSON can say it: `{"integer": "3"}`, `{"list": [{"text": "a"}]}`.
struct WrittenItem: Decodable {
  let item: CBOR.Item

  private enum Key: String, CodingKey { case integer, real, text, boolean, null, bytes, list, map }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch container.allKeys.first {
    case .integer:
      let text = try container.decode(String.self, forKey: .integer)
      guard let number = Int128(text) else { throw BadVector(text: text) }
      item = number >= 0 ? .unsigned(UInt64(number)) : .negative(UInt64(-1 - number))
    case .real: item = .real(try number(container.decode(String.self, forKey: .real)))
    case .text: item = .text(try container.decode(String.self, forKey: .text))
    case .boolean: item = .boolean(try container.decode(Bool.self, forKey: .boolean))
    case .null: item = .null
    case .bytes: item = .bytes(try octets(container.decode(String.self, forKey: .bytes)))
    case .list: item = .list(try container.decode([WrittenItem].self, forKey: .list).map(\.item))
    case .map: item = .map(try container.decode([String: WrittenItem].self, forKey: .map).mapValues(\.item))
    case nil: throw BadVector(text: "an item without a type")
    }
  }

  /// The item as a setting, read through the canonical form of settings.
  var value: Value {
    get throws {
      guard let value = try Settings(item: .map(["value": item]))["value"] else {
        throw BadVector(text: "no value")
      }
      return value
    }
  }
}

struct WrittenDigest: Decodable {
  let digest: Digest

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest(hex: text) else { throw BadVector(text: text) }
    self.digest = digest
  }
}

struct BadVector: Error {
  let text: String
}

/// The bytes that pairs of hexadecimal digits stand for.
func octets(_ hex: String) throws -> [UInt8] {
  let digits = Array(hex)
  guard digits.count % 2 == 0 else { throw BadVector(text: hex) }
  return try stride(from: 0, to: digits.count, by: 2).map { place in
    guard let byte = UInt8(String(digits[place...place + 1]), radix: 16) else { throw BadVector(text: hex) }
    return byte
  }
}

/// Hexadecimal digits of bytes.
func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func number(_ text: String) throws -> Double {
  guard let number = Double(text) else { throw BadVector(text: text) }
  return number
}
