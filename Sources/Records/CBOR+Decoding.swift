extension CBOR {
  /// The item that `bytes` spell, when they are exactly the bytes that `encode` would give for it.
  ///
  /// Throws `notCanonical`, which names the first offending byte: a longer form than needed, an unsorted or
  /// repeated key, an indefinite length, a tag, NaN, an infinity, −0, wrong UTF-8, a length beyond the input,
  /// more than `depthLimit` levels, bytes left over.
  package static func decode(_ bytes: [UInt8]) throws(RecordsError) -> Item {
    var decoder = Decoder(bytes: bytes)
    let item = try decoder.item(depth: 0)
    guard decoder.position == bytes.count else {
      throw .notCanonical(
        offset: decoder.position, found: "\(bytes.count - decoder.position) more bytes", expected: "the end")
    }
    return item
  }

  /// A place in the bytes, and what is read from there on.
  private struct Decoder {
    let bytes: [UInt8]
    var position = 0

    mutating func item(depth: Int) throws(RecordsError) -> Item {
      let start = position
      let first = try byte(of: "an item")
      let (major, information) = (first >> 5, first & 31)
      if major == 7 { return try simple(information, at: start) }
      let argument = try argument(information, at: start)
      switch major {
      case 0: return .unsigned(argument)
      case 1: return .negative(argument)
      case 2: return .bytes(Array(try content(argument, of: "byte string", at: start)))
      case 3: return .text(try text(argument, at: start))
      case 4: return try list(argument, depth: depth, at: start)
      case 5: return try map(argument, depth: depth, at: start)
      default: throw .notCanonical(offset: start, found: "a tag", expected: "an item without tags")
      }
    }

    private mutating func list(_ count: UInt64, depth: Int, at start: Int) throws(RecordsError) -> Item {
      try descend(to: depth + 1, count, of: "items", at: start)
      var items: [Item] = []
      for _ in 0..<count { items.append(try item(depth: depth + 1)) }
      return .list(items)
    }

    private mutating func map(_ count: UInt64, depth: Int, at start: Int) throws(RecordsError) -> Item {
      try descend(to: depth + 1, count, of: "members", at: start)
      var members: [String: Item] = [:]
      var previous: String?
      for _ in 0..<count {
        let place = position
        guard case .text(let key) = try item(depth: depth + 1), key.utf8.allSatisfy({ $0 < 0x80 }) else {
          throw .notCanonical(offset: place, found: "another key", expected: "a key of ASCII text")
        }
        if let previous, !precedes(previous, key) {
          throw .notCanonical(
            offset: place,
            found: previous == key ? "the key “\(key)” twice" : "the key “\(key)” after “\(previous)”",
            expected: "keys in ascending order, each once")
        }
        members[key] = try item(depth: depth + 1)
        previous = key
      }
      return .map(members)
    }

    /// Every member takes a byte at least: a count beyond the rest of the input is refused before anything is
    /// read.
    private func descend(
      to depth: Int, _ count: UInt64, of what: String, at start: Int
    ) throws(RecordsError) {
      guard depth <= CBOR.depthLimit else {
        throw .notCanonical(
          offset: start, found: "level \(depth)", expected: "at most \(CBOR.depthLimit) levels")
      }
      guard count <= UInt64(bytes.count - position) else {
        throw .notCanonical(
          offset: start, found: "a count of \(count) \(what)", expected: "no more than the input has bytes")
      }
    }

    private mutating func text(_ count: UInt64, at start: Int) throws(RecordsError) -> String {
      guard let text = String(validating: try content(count, of: "text", at: start), as: UTF8.self) else {
        throw .notCanonical(offset: start, found: "a text that is not UTF-8", expected: "UTF-8")
      }
      return text
    }

    private mutating func content(
      _ count: UInt64, of what: String, at start: Int
    ) throws(RecordsError) -> ArraySlice<UInt8> {
      guard count <= UInt64(bytes.count - position) else {
        throw .notCanonical(
          offset: start, found: "a \(what) of \(count) bytes",
          expected: "at most the \(bytes.count - position) bytes left")
      }
      defer { position += Int(count) }
      return bytes[position..<position + Int(count)]
    }

    /// The argument of a head, which must be in its shortest form.
    private mutating func argument(_ information: UInt8, at start: Int) throws(RecordsError) -> UInt64 {
      switch information {
      case 0..<24: return UInt64(information)
      case 24: return try argument(in: 1, atLeast: 24, at: start)
      case 25: return try argument(in: 2, atLeast: 0x100, at: start)
      case 26: return try argument(in: 4, atLeast: 0x1_0000, at: start)
      case 27: return try argument(in: 8, atLeast: 0x1_0000_0000, at: start)
      case 31: throw .notCanonical(offset: start, found: "an indefinite length", expected: "a definite one")
      default:
        throw .notCanonical(offset: start, found: "the reserved length \(information)", expected: "0 to 27")
      }
    }

    private mutating func argument(
      in count: Int, atLeast least: UInt64, at start: Int
    ) throws(RecordsError) -> UInt64 {
      let number = try bigEndian(count)
      guard number >= least else {
        throw .notCanonical(
          offset: start, found: "\(number) in \(count) bytes", expected: "its shortest form")
      }
      return number
    }

    /// Booleans, null and floats.
    private mutating func simple(_ information: UInt8, at start: Int) throws(RecordsError) -> Item {
      let number: Double
      let isShortest: Bool
      switch information {
      case 20: return .boolean(false)
      case 21: return .boolean(true)
      case 22: return .null
      case 25:
        number = Double(Float16(bitPattern: UInt16(try bigEndian(2))))
        isShortest = true
      case 26:
        number = Double(Float(bitPattern: UInt32(try bigEndian(4))))
        isShortest = Double(Float16(number)) != number
      case 27:
        number = Double(bitPattern: try bigEndian(8))
        isShortest = Double(Float(number)) != number
      default:
        throw .notCanonical(
          offset: start, found: "the simple value \(information)", expected: "false, true, null or a float")
      }
      guard number.isFinite else {
        throw .notCanonical(offset: start, found: "\(number)", expected: "a finite number")
      }
      guard isShortest else {
        throw .notCanonical(offset: start, found: "\(number) as a long float", expected: "its shortest form")
      }
      guard number != 0 || number.sign == .plus else {
        throw .notCanonical(offset: start, found: "−0", expected: "+0")
      }
      return .real(number)
    }

    private mutating func bigEndian(_ count: Int) throws(RecordsError) -> UInt64 {
      var number: UInt64 = 0
      for _ in 0..<count { number = number << 8 | UInt64(try byte(of: "a number")) }
      return number
    }

    private mutating func byte(of what: String) throws(RecordsError) -> UInt8 {
      guard position < bytes.count else {
        throw .notCanonical(offset: position, found: "the end", expected: "more bytes of \(what)")
      }
      defer { position += 1 }
      return bytes[position]
    }
  }
}
