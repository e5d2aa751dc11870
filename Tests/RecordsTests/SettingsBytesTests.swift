import Testing

@testable import Records

/// The quick way between settings and their bytes, held against the long one over items.
@Suite struct SettingsBytesTests {
  @Test func `any settings have the bytes of their item, and are read back`() throws {
    var numbers = SeededNumbers(seed: 11)
    for _ in 0..<300 {
      let settings = Settings(randomEntries(&numbers))
      let bytes = CBOR.encode(settings.item)
      guard settings.canonicalBytes == bytes, Settings(quickly: bytes) == settings else {
        Issue.record("\(settings.keys): other bytes than those of the item, or other settings from them")
        return
      }
    }
  }

  @Test func `what the long way refuses, the quick one does not read`() throws {
    var numbers = SeededNumbers(seed: 11)
    for _ in 0..<60 {
      let bytes = Settings(randomEntries(&numbers)).canonicalBytes
      for _ in 0..<60 {
        var damaged = bytes
        damaged[Int.random(in: damaged.indices, using: &numbers)] ^=
          1 << UInt8.random(in: 0..<8, using: &numbers)
        let long = (try? CBOR.decode(damaged)).flatMap { try? Settings(item: $0) }
        let quick = Settings(quickly: damaged)
        guard quick == nil || quick == long else {
          Issue.record("\(damaged) are read as \(quick?.keys ?? []), and are \(long?.keys ?? [])")
          return
        }
      }
    }
  }

  @Test(
    arguments: [
      [0xa2, 0x61, 0x61, 0x01, 0x61, 0x61, 0x02],  // the same word twice
      [0xa2, 0x61, 0x61, 0x01, 0x61, 0x61, 0xa1, 0x61, 0x62, 0x01],  // a value and a group of one name
      [0xa1, 0x61, 0x61, 0xa0],  // an empty group
      [0xa1, 0x61, 0x61, 0x18, 0x01],  // an integer in two bytes
      [0xa1, 0x61, 0x61, 0xf9, 0x80, 0x00],  // −0
      [0xa1, 0x61, 0x61, 0xf9, 0x7e, 0x00],  // NaN
      [0xa1, 0x61, 0x61, 0xfa, 0x3f, 0x80, 0x00, 0x00],  // 1.0 in four bytes
      [0xa2, 0x61, 0x62, 0x01, 0x61, 0x61, 0x01],  // not in order
      [0xa1, 0x61, 0x41, 0x01],  // no word
      [0xa1, 0x61, 0x61, 0x01, 0x00],  // more behind it
      [0xa1, 0x61, 0x61, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],  // beyond 64 bits
      [0xa1, 0x61, 0x61, 0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],  // no elements
      [0xa1, 0x61, 0x61], [],
    ] as [[UInt8]])
  func `what is no settings is refused by both ways`(bytes: [UInt8]) {
    #expect(Settings(quickly: bytes) == nil)
    #expect(throws: RecordsError.self) { try Settings(canonicalBytes: bytes) }
  }

  @Test func `no settings and long groups`() throws {
    #expect(Settings().canonicalBytes == [0xa0])
    #expect(try Settings(canonicalBytes: [0xa0]) == Settings())
    let deep = Settings([
      "a.b.c.d.e": .list([.integer(-1), .list([.text("ö")])]), "a.b.c.dd": .real(0.1), "ab": .boolean(true),
    ])
    #expect(deep.canonicalBytes == CBOR.encode(deep.item))
    #expect(Settings(quickly: deep.canonicalBytes) == deep)
  }
}
