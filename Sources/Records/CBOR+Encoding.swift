extension CBOR {
  /// The deterministic bytes of `item`.
  ///
  /// Stops the program for what has no such bytes: NaN, an infinity, a map's key that is not ASCII, more than
  /// `depthLimit` levels. What a person wrote has been checked before it became an item.
  package static func encode(_ item: Item) -> [UInt8] {
    var bytes: [UInt8] = []
    append(item, to: &bytes, depth: 0)
    return bytes
  }

  static func append(_ item: Item, to bytes: inout [UInt8], depth: Int) {
    switch item {
    case .unsigned(let number): appendHead(0, number, to: &bytes)
    case .negative(let number): appendHead(1, number, to: &bytes)
    case .bytes(let content):
      appendHead(2, UInt64(content.count), to: &bytes)
      bytes += content
    case .text(let text): append(text, to: &bytes)
    case .list(let items):
      require(depth < depthLimit, "a list lies deeper than \(depthLimit) levels and has no canonical bytes")
      appendHead(4, UInt64(items.count), to: &bytes)
      for item in items { append(item, to: &bytes, depth: depth + 1) }
    case .map(let members):
      require(depth < depthLimit, "a map lies deeper than \(depthLimit) levels and has no canonical bytes")
      appendHead(5, UInt64(members.count), to: &bytes)
      for key in members.keys.sorted(by: precedes) {
        require(key.utf8.allSatisfy { $0 < 0x80 }, "the key “\(key)” of a map is not ASCII")
        append(key, to: &bytes)
        if let member = members[key] { append(member, to: &bytes, depth: depth + 1) }
      }
    case .boolean(let flag): bytes.append(flag ? 0xf5 : 0xf4)
    case .null: bytes.append(0xf6)
    case .real(let number):
      require(number.isFinite, "\(number) has no canonical bytes; only finite numbers have")
      append(number + 0, to: &bytes)
    }
  }

  static func append(_ text: String, to bytes: inout [UInt8]) {
    appendHead(3, UInt64(text.utf8.count), to: &bytes)
    bytes += text.utf8
  }

  /// The shortest of the three floats that holds `number` exactly; `number` is finite and not −0.
  static func append(_ number: Double, to bytes: inout [UInt8]) {
    let half = Float16(number)
    let single = Float(number)
    if Double(half) == number {
      bytes.append(0xf9)
      appendBigEndian(half.bitPattern, to: &bytes)
    } else if Double(single) == number {
      bytes.append(0xfa)
      appendBigEndian(single.bitPattern, to: &bytes)
    } else {
      bytes.append(0xfb)
      appendBigEndian(number.bitPattern, to: &bytes)
    }
  }

  /// A major type (0 … 7) with its argument in the fewest bytes.
  static func appendHead(_ major: UInt8, _ argument: UInt64, to bytes: inout [UInt8]) {
    let type = major << 5
    switch argument {
    case 0..<24: bytes.append(type | UInt8(argument))
    case 24...0xff:
      bytes.append(type | 24)
      bytes.append(UInt8(argument))
    case 0x100...0xffff:
      bytes.append(type | 25)
      appendBigEndian(UInt16(argument), to: &bytes)
    case 0x1_0000...0xffff_ffff:
      bytes.append(type | 26)
      appendBigEndian(UInt32(argument), to: &bytes)
    default:
      bytes.append(type | 27)
      appendBigEndian(argument, to: &bytes)
    }
  }

  private static func appendBigEndian(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// The order of keys in a map: by the bytes of their encodings, whose first bytes tell the length.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let lengths = (left.utf8.count, right.utf8.count)
    return lengths.0 != lengths.1 ? lengths.0 < lengths.1 : left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
