/// Decodes a configuration from typed values, so that models and tasks need no code for it.
///
/// A property `innerWidth` is the key `inner_width`; a nested structure is a group, an enumeration the name its raw
/// value gives. Nothing has a default: an optional property is decoded as if it were not optional.
struct SettingsDecoder: Decoder {
  let source: any ValueSource
  /// The group this decoder stands in: empty, or `memoria.`.
  let prefix: String
  /// The key whose value is decoded, where it is a value rather than a group.
  let slot: Slot

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(GroupContainer<Key>(source: source, prefix: prefix))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    ListContainer(source: source, key: slot.key, count: try source.count(of: slot.key))
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    ValueContainer(source: source, slot: slot)
  }
}

/// Where a single value stands: at a key, or in the list at a key.
struct Slot: Sendable {
  let key: String
  let index: Int?
}

/// `innerWidth` as manifests spell it: `inner_width`.
package func snakeCase(_ name: String) -> String {
  name.reduce(into: "") { result, letter in
    if letter.isUppercase, !result.isEmpty { result += "_" }
    result += letter.lowercased()
  }
}

/// The properties of one structure.
private struct GroupContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let source: any ValueSource
  let prefix: String

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    let name = prefix + snakeCase(key.stringValue)
    return try source.decode(type, at: Slot(key: name, index: nil))
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    KeyedDecodingContainer(
      GroupContainer<Nested>(source: source, prefix: prefix + snakeCase(key.stringValue) + "."))
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    let name = prefix + snakeCase(key.stringValue)
    return ListContainer(source: source, key: name, count: try source.count(of: name))
  }

  func superDecoder() throws -> any Decoder { throw UnreadableConfiguration("it asks for a super decoder") }
  func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
}

/// The elements of a list of values.
private struct ListContainer: UnkeyedDecodingContainer {
  let source: any ValueSource
  let key: String
  let count: Int?
  private(set) var currentIndex = 0

  init(source: any ValueSource, key: String, count: Int) {
    self.source = source
    self.key = key
    self.count = count
  }

  var codingPath: [any CodingKey] { [] }
  var isAtEnd: Bool { currentIndex >= count ?? 0 }

  mutating func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    defer { currentIndex += 1 }
    return try source.decode(type, at: Slot(key: key, index: currentIndex))
  }

  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key>
  {
    throw UnreadableConfiguration("\(key) is a list of groups, which a setting cannot be")
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw UnreadableConfiguration("\(key) is a list of lists, which a setting cannot be")
  }

  mutating func superDecoder() throws -> any Decoder {
    throw UnreadableConfiguration("it asks for a super decoder")
  }
}

/// One value.
private struct ValueContainer: SingleValueDecodingContainer {
  let source: any ValueSource
  let slot: Slot

  var codingPath: [any CodingKey] { [] }
  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try source.decode(type, at: slot) }
}

/// A configuration whose type cannot be read from settings: a mistake of the program, not of a manifest.
package struct UnreadableConfiguration: Error, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
