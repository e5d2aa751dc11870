import Records
import Testing

@Suite struct `Deterministic CBOR` {
  @Test func `every half is written in 16 bits and read back`() throws {
    for pattern in UInt16.min...UInt16.max {
      let half = Float16(bitPattern: pattern)
      guard half.isFinite, pattern != 0x8000 else { continue }
      let bytes: [UInt8] = [0xf9, UInt8(pattern >> 8), UInt8(pattern & 255)]
      guard CBOR.encode(.real(Double(half))) == bytes, try CBOR.decode(bytes) == .real(Double(half)) else {
        Issue.record("half \(pattern)")
        continue
      }
    }
  }

  @Test func `negative zero is written as zero`() {
    #expect(CBOR.encode(.real(-0.0)) == [0xf9, 0, 0])
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `only canonical bytes are read: whatever a changed byte still spells, it spells canonically`(
    seed: UInt64
  ) throws {
    var numbers = SeededNumbers(seed: seed)
    var refused = 0
    for _ in 0..<100 {
      var bytes = Settings(randomEntries(&numbers)).canonicalBytes
      let place = Int.random(in: 0..<bytes.count, using: &numbers)
      switch Int.random(in: 0..<3, using: &numbers) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
      case 1: bytes.remove(at: place)
      default: bytes.insert(UInt8.random(in: 0...255, using: &numbers), at: place)
      }
      do throws(RecordsError) {
        #expect(CBOR.encode(try CBOR.decode(bytes)) == bytes)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 20)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `random bytes are refused or canonical`(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
        UInt8.random(in: 0...255, using: &numbers)
      }
      guard let item = try? CBOR.decode(bytes) else { continue }
      #expect(CBOR.encode(item) == bytes)
    }
  }

  @Test func `every longer form of a head is refused`() throws {
    var numbers = SeededNumbers(seed: 5)
    for _ in 0..<50 {
      let bytes = Settings(randomEntries(&numbers)).canonicalBytes
      for longer in longerForms(ofHeadAt: 0, in: bytes) {
        #expect(throws: RecordsError.self) { try CBOR.decode(longer) }
      }
    }
    for count in [0, 1, 23, 24, 255, 256, 65535, 65536] as [UInt64] {
      for longer in longerForms(ofHeadAt: 0, in: CBOR.encode(.unsigned(count))) {
        #expect(throws: RecordsError.self) { try CBOR.decode(longer) }
      }
    }
  }

  @Test func `every prefix of canonical bytes is refused, and so is every byte more`() throws {
    var numbers = SeededNumbers(seed: 6)
    for _ in 0..<30 {
      let bytes = Settings(randomEntries(&numbers)).canonicalBytes
      for end in 0..<bytes.count {
        #expect(throws: RecordsError.self) { try CBOR.decode(Array(bytes[..<end])) }
      }
      #expect(throws: RecordsError.self) { try CBOR.decode(bytes + [0]) }
    }
  }

  @Test func `sixty-four levels are read and sixty-five are not`() throws {
    #expect(throws: Never.self) { try CBOR.decode(Array(repeating: 0x81, count: 64) + [0]) }
    #expect(throws: RecordsError.notCanonical(offset: 64, found: "level 65", expected: "at most 64 levels")) {
      try CBOR.decode(Array(repeating: 0x81, count: 65) + [0])
    }
  }

  @Test func `what has no canonical bytes stops the program with a sentence`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CBOR.encode(.list([.real(.nan)]))
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("only finite numbers have"))
  }

  /// The same bytes with the argument of a head in each longer form.
  private func longerForms(ofHeadAt place: Int, in bytes: [UInt8]) -> [[UInt8]] {
    let information = bytes[place] & 31
    let type = bytes[place] & 0xe0
    let width = information < 24 ? 0 : 1 << Int(information - 24)
    let argument = width == 0 ? [information] : Array(bytes[(place + 1)...(place + width)])
    return (24...27).compactMap { longer in
      let room = 1 << (longer - 24)
      guard room > width else { return nil }
      let padded = Array(repeating: UInt8(0), count: room - argument.count) + argument
      return bytes[..<place] + [type | UInt8(longer)] + padded + bytes[(place + width + 1)...]
    }
  }
}
