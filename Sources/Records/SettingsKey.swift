/// The grammar of keys: `[a-z0-9_]+(\.[a-z0-9_]+)*`.
///
/// Plain ASCII, because Swift compares strings by canonical equivalence and hashes see bytes: two keys that
/// look equal must be equal to both.
enum SettingsKey {
  private static let dot = UInt8(ascii: ".")

  /// True for dotted lower-case words.
  static func isWellFormed(_ key: String) -> Bool {
    var isWordEmpty = true
    for byte in key.utf8 {
      if byte == dot {
        if isWordEmpty { return false }
        isWordEmpty = true
      } else {
        guard isWordByte(byte) else { return false }
        isWordEmpty = false
      }
    }
    return !isWordEmpty
  }

  /// True for one word without dots, as a map of the canonical form has for keys.
  static func isWord(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.allSatisfy(isWordByte)
  }

  /// How many words `key` has, which is how many maps lie around its value.
  static func words(in key: String) -> Int {
    1 + key.utf8.count { $0 == dot }
  }

  /// True when `key` lies in the group called `group`: `a.b` in `a`, but not `ab`.
  static func lies(_ key: String, in group: String) -> Bool {
    let head = group.utf8.count
    return key.utf8.count > head && key.utf8.starts(with: group.utf8)
      && key.utf8[key.utf8.index(key.utf8.startIndex, offsetBy: head)] == dot
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
