/// Settings as canonical bytes and back without the items between: ten thousand runs are read and named in a moment.
///
/// The bytes are those of `CBOR.encode(item)`, and what is read quickly is what `Settings(item:)` reads.
extension Settings {
  /// Writes the map of `entries`, whose keys all begin with the same `head` bytes of outer groups.
  static func append(_ entries: ArraySlice<Entry>, below head: Int, to bytes: inout [UInt8]) {
    var members: [Member] = []
    var place = entries.startIndex
    while place < entries.endIndex {
      let tail = entries[place].key.utf8.dropFirst(head)
      let word = tail.prefix { $0 != dot }
      var end = place + 1
      let isGroup = word.endIndex != tail.endIndex
      if isGroup {
        let group = tail[...word.endIndex]
        while end < entries.endIndex, entries[end].key.utf8.dropFirst(head).starts(with: group) { end += 1 }
      }
      members.append(Member(word: String(Substring(word)), entries: place..<end, isGroup: isGroup))
      place = end
    }
    members.sort { CBOR.precedes($0.word, $1.word) }
    CBOR.appendHead(5, UInt64(members.count), to: &bytes)
    for member in members {
      CBOR.append(member.word, to: &bytes)
      if member.isGroup {
        append(entries[member.entries], below: head + member.word.utf8.count + 1, to: &bytes)
      } else {
        append(entries[member.entries.lowerBound].value, to: &bytes)
      }
    }
  }

  /// One word of a map, and the entries that it stands for.
  private struct Member {
    let word: String
    let entries: Range<Int>
    let isGroup: Bool
  }

  private static let dot = UInt8(ascii: ".")

  private static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .text(let text): CBOR.append(text, to: &bytes)
    case .real(let number): CBOR.append(number + 0, to: &bytes)
    case .integer(let number) where number >= 0: CBOR.appendHead(0, UInt64(number), to: &bytes)
    case .integer(let number): CBOR.appendHead(1, UInt64(-1 - number), to: &bytes)
    case .boolean(let flag): bytes.append(flag ? 0xf5 : 0xf4)
    case .list(let values):
      CBOR.appendHead(4, UInt64(values.count), to: &bytes)
      for value in values { append(value, to: &bytes) }
    }
  }

  /// Nil for bytes that are not canonical or no settings: why, says the long way.
  init?(quickly bytes: [UInt8]) {
    var reader = SettingsReader(bytes)
    guard reader.readMap(below: "", depth: 1), reader.isAtEnd else { return nil }
    self.init(sorted: reader.entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    // There is one spelling: whatever does not encode back to the same bytes is another one.
    guard canonicalBytes == bytes else { return nil }
  }
}

/// Reads nested maps as entries, and gives up at whatever it does not expect.
private struct SettingsReader {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var entries: [Settings.Entry] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    entries.reserveCapacity(48)
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func readMap(below prefix: String, depth: Int) -> Bool {
    guard depth <= CBOR.depthLimit, let count = argument(major: 5), count > 0 || depth == 1 else {
      return false
    }
    var previous: String?
    for _ in 0..<count {
      guard let word = text(), SettingsKey.isWord(word), position < bytes.count else { return false }
      // Each word once: the same one twice would be spelled back as it is here.
      if let previous, !CBOR.precedes(previous, word) { return false }
      previous = word
      if bytes[position] >> 5 == 5 {
        guard readMap(below: prefix + word + ".", depth: depth + 1) else { return false }
      } else {
        guard let value = value(depth: depth) else { return false }
        entries.append(Settings.Entry(key: prefix + word, value: value))
      }
    }
    return true
  }

  private mutating func value(depth: Int) -> Value? {
    guard position < bytes.count else { return nil }
    switch bytes[position] >> 5 {
    case 0: return argument(major: 0).map(Value.integer)
    case 1: return argument(major: 1).map { .integer(-1 - $0) }
    case 3: return text().map(Value.text)
    case 4:
      guard depth < CBOR.depthLimit, let count = argument(major: 4) else { return nil }
      var values: [Value] = []
      for _ in 0..<count {
        guard let value = value(depth: depth + 1) else { return nil }
        values.append(value)
      }
      return .list(values)
    case 7: return simple()
    default: return nil
    }
  }

  private mutating func simple() -> Value? {
    defer { position += 1 }
    let number: Double
    switch bytes[position] {
    case 0xf4: return .boolean(false)
    case 0xf5: return .boolean(true)
    case 0xf9:
      guard let pattern = bigEndian(2) else { return nil }
      number = Double(Float16(bitPattern: UInt16(pattern)))
    case 0xfa:
      guard let pattern = bigEndian(4) else { return nil }
      number = Double(Float(bitPattern: UInt32(pattern)))
    case 0xfb:
      guard let pattern = bigEndian(8) else { return nil }
      number = Double(bitPattern: pattern)
    default: return nil
    }
    return number.isFinite ? .real(number) : nil
  }

  private mutating func text() -> String? {
    guard let count = argument(major: 3), count <= bytes.count - position else { return nil }
    defer { position += count }
    return String(validating: bytes[position..<position + count], as: UTF8.self)
  }

  /// The argument of a head of this major type, where it fits an integer; a count beyond the rest of the bytes is
  /// refused by whoever reads that many.
  private mutating func argument(major: UInt8) -> Int? {
    guard position < bytes.count, bytes[position] >> 5 == major else { return nil }
    let information = bytes[position] & 31
    defer { position += 1 }
    switch information {
    case 0..<24: return Int(information)
    case 24: return bigEndian(1).map(Int.init)
    case 25: return bigEndian(2).map(Int.init)
    case 26: return bigEndian(4).map(Int.init)
    case 27: return bigEndian(8).flatMap(Int.init(exactly:))
    default: return nil
    }
  }

  /// The number in the bytes behind the head, over which the position then stands by all but the head's own byte.
  private mutating func bigEndian(_ count: Int) -> UInt64? {
    guard position + count < bytes.count else { return nil }
    var number: UInt64 = 0
    for offset in 1...count { number = number << 8 | UInt64(bytes[position + offset]) }
    position += count
    return number
  }
}
