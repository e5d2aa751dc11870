/// Settings as bytes and back: one spelling for each tree of values.
extension Settings {
  /// The settings as nested CBOR maps, a map for each group: `a.b = 1` is `{"a": {"b": 1}}`.
  package var item: CBOR.Item { Settings.item(of: entries[...], below: 0) }

  /// The deterministic CBOR of `item`; what a run's identity is computed from.
  package var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24 * entries.count)
    Settings.append(entries[...], below: 0, to: &bytes)
    return bytes
  }

  /// Reads `canonicalBytes` back.
  ///
  /// Throws `notCanonical` for bytes that are not deterministic CBOR, and `notSettings` for an item that no
  /// settings have: something else than a map at the top, an empty group, a null, a byte string, an integer
  /// beyond 64 bits.
  package init(canonicalBytes: [UInt8]) throws(RecordsError) {
    if let settings = Settings(quickly: canonicalBytes) {
      self = settings
    } else {
      try self.init(item: CBOR.decode(canonicalBytes))
    }
  }

  /// Reads `item` back; throws `notSettings`.
  package init(item: CBOR.Item) throws(RecordsError) {
    self.init()
    guard case .map(let members) = item else {
      throw .notSettings(key: "", found: item.kind, expected: "a map of settings")
    }
    try add(members, below: "")
  }

  private mutating func add(_ members: [String: CBOR.Item], below prefix: String) throws(RecordsError) {
    for (word, item) in members.sorted(by: { $0.key < $1.key }) {
      let key = prefix + word
      guard SettingsKey.isWord(word) else {
        throw .notSettings(key: key, found: "the word “\(word)”", expected: "a word of a–z, 0–9 and _")
      }
      if case .map(let inner) = item {
        guard !inner.isEmpty else {
          throw .notSettings(key: key, found: "an empty group", expected: "no group at all")
        }
        try add(inner, below: key + ".")
      } else {
        try append(key, Settings.value(of: item, at: key))
      }
    }
  }

  private static func value(of item: CBOR.Item, at key: String) throws(RecordsError) -> Value {
    switch item {
    case .boolean(let flag): return .boolean(flag)
    case .real(let number): return .real(number)
    case .text(let text): return .text(text)
    case .unsigned(let number):
      guard let integer = Int(exactly: number) else {
        throw .notSettings(key: key, found: "the integer \(number)", expected: "at most \(Int.max)")
      }
      return .integer(integer)
    case .negative(let below):
      guard let integer = Int(exactly: below) else {
        throw .notSettings(key: key, found: "an integer below \(Int.min)", expected: "at least \(Int.min)")
      }
      return .integer(-1 - integer)
    case .list(let items):
      var values: [Value] = []
      for item in items { values.append(try value(of: item, at: key)) }
      return .list(values)
    case .bytes, .null, .map:
      throw .notSettings(
        key: key, found: item.kind, expected: "a boolean, an integer, a real, a text or a list")
    }
  }

  /// The map of `entries`, whose keys all begin with the same `head` bytes of outer groups.
  private static func item(of entries: ArraySlice<Entry>, below head: Int) -> CBOR.Item {
    var members: [String: CBOR.Item] = [:]
    var rest = entries
    while let first = rest.first {
      let tail = first.key.utf8.dropFirst(head)
      guard let dot = tail.firstIndex(of: UInt8(ascii: ".")) else {
        members[String(Substring(tail))] = first.value.item
        rest.removeFirst()
        continue
      }
      let word = tail[..<dot]
      let inner = head + word.count + 1
      let isInGroup = { (entry: Entry) in
        entry.key.utf8.dropFirst(head).prefix(word.count + 1).elementsEqual(tail[...dot])
      }
      let end = rest.firstIndex { !isInGroup($0) } ?? rest.endIndex
      members[String(Substring(word))] = item(of: rest[..<end], below: inner)
      rest = rest[end...]
    }
    return .map(members)
  }
}

extension Value {
  /// The value in CBOR: an integer as an integer and a real as a float, also where the real is whole.
  package var item: CBOR.Item {
    switch self {
    case .boolean(let flag): .boolean(flag)
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .text(text)
    case .list(let values): .list(values.map(\.item))
    }
  }
}
