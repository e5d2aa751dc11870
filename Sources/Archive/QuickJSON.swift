/// JSON as this program writes it, read without a general decoder: ten thousand records in a moment.
///
/// Gives up, and leaves the rest to the general one, at an escape in a text, a key that stands twice, and whatever is
/// no JSON: so nothing is read that the general decoder would read otherwise.
enum QuickJSON {
  enum Member {
    case text(String)
    /// As it is written.
    case number(String)
    case flag(Bool)
    case list([Member])
    case object([String: Member])
    case null
  }

  /// The members of the object that the bytes are; nil for anything else.
  static func object(_ bytes: [UInt8]) -> [String: Member]? {
    var reader = Reader(bytes: bytes)
    guard case .object(let members)? = reader.member(depth: 0), reader.next() == nil else { return nil }
    return members
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    /// The next byte that is no white space, which is not passed over.
    mutating func next() -> UInt8? {
      while position < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[position]) { position += 1 }
      return position < bytes.count ? bytes[position] : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
      guard next() == byte else { return false }
      position += 1
      return true
    }

    mutating func member(depth: Int) -> Member? {
      guard depth < 8, let first = next() else { return nil }
      switch first {
      case UInt8(ascii: "{"): return object(depth: depth)
      case UInt8(ascii: "["): return list(depth: depth)
      case UInt8(ascii: "\""): return text().map(Member.text)
      case UInt8(ascii: "t"): return word("true") ? .flag(true) : nil
      case UInt8(ascii: "f"): return word("false") ? .flag(false) : nil
      case UInt8(ascii: "n"): return word("null") ? .null : nil
      default: return number().map(Member.number)
      }
    }

    private mutating func object(depth: Int) -> Member? {
      position += 1
      var members: [String: Member] = [:]
      if take(UInt8(ascii: "}")) { return .object(members) }
      repeat {
        guard next() == UInt8(ascii: "\""), let key = text(), take(UInt8(ascii: ":")),
          let member = member(depth: depth + 1), members.updateValue(member, forKey: key) == nil
        else { return nil }
      } while take(UInt8(ascii: ","))
      return take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func list(depth: Int) -> Member? {
      position += 1
      var members: [Member] = []
      if take(UInt8(ascii: "]")) { return .list(members) }
      repeat {
        guard let member = member(depth: depth + 1) else { return nil }
        members.append(member)
      } while take(UInt8(ascii: ","))
      return take(UInt8(ascii: "]")) ? .list(members) : nil
    }

    private mutating func text() -> String? {
      let start = position + 1
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
        guard bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\\") else { return nil }
        end += 1
      }
      guard end < bytes.count else { return nil }
      position = end + 1
      return String(validating: bytes[start..<end], as: UTF8.self)
    }

    private mutating func word(_ word: String) -> Bool {
      guard bytes[position...].starts(with: word.utf8) else { return false }
      position += word.utf8.count
      return true
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    private mutating func number() -> String? {
      let start = position
      func digits(_ place: inout Int) -> Int {
        let first = place
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
        return place - first
      }
      func isThere(_ place: Int, _ known: String) -> Bool {
        place < bytes.count && known.utf8.contains(bytes[place])
      }
      var place = start + (isThere(start, "-") ? 1 : 0)
      let isZero = isThere(place, "0")
      let whole = digits(&place)
      guard whole > 0, !isZero || whole == 1 else { return nil }
      if isThere(place, ".") {
        place += 1
        guard digits(&place) > 0 else { return nil }
      }
      if isThere(place, "eE") {
        place += isThere(place + 1, "+-") ? 2 : 1
        guard digits(&place) > 0 else { return nil }
      }
      position = place
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }
  }
}

/// The members of a record, each asked for as what it must be.
struct QuickMembers {
  private let members: [String: QuickJSON.Member]
  private var isWrong = false
  private var found = 0

  init(_ members: [String: QuickJSON.Member]) { self.members = members }

  /// Whether some member was something else than it must be, or was not asked for: a field that is newer than the
  /// questions.
  var isOther: Bool { isWrong || found < members.count }

  mutating func text(_ key: String) -> String? {
    read(key) { if case .text(let text) = $0 { text } else { nil } }
  }

  mutating func flag(_ key: String) -> Bool? {
    read(key) { if case .flag(let flag) = $0 { flag } else { nil } }
  }

  mutating func integer<Number: FixedWidthInteger>(_ key: String, as _: Number.Type = Int.self) -> Number? {
    read(key) { if case .number(let text) = $0 { Number(text) } else { nil } }
  }

  mutating func real(_ key: String) -> Double? {
    read(key) { member in
      guard case .number(let text) = member, let number = Double(text), number.isFinite else { return nil }
      return number
    }
  }

  mutating func word<Word: RawRepresentable<String>>(_ key: String, as _: Word.Type) -> Word? {
    read(key) { if case .text(let text) = $0 { Word(rawValue: text) } else { nil } }
  }

  mutating func texts(_ key: String) -> [String]? {
    read(key) { member in
      guard case .list(let members) = member else { return nil }
      let texts = members.compactMap { if case .text(let text) = $0 { text } else { nil } }
      return texts.count == members.count ? texts : nil
    }
  }

  mutating func group(_ key: String) -> QuickMembers? {
    read(key) { if case .object(let members) = $0 { QuickMembers(members) } else { nil } }
  }

  /// Nil for a member that is absent or null, and for one of another kind, which is remembered.
  private mutating func read<Found>(_ key: String, as reading: (QuickJSON.Member) -> Found?) -> Found? {
    guard let member = members[key] else { return nil }
    found += 1
    if case .null = member { return nil }
    let value = reading(member)
    if value == nil { isWrong = true }
    return value
  }
}
