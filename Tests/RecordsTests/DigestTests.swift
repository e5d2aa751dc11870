import Records
import Testing

@Suite struct Digests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 gives the answers of FIPS 180`(text: String, hex: String) {
    #expect(Digest.sha256(Array(text.utf8)).hex == hex)
  }

  @Test func `pieces give what the whole gives, and asking does not end it`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var builder = DigestBuilder()
    builder.update(Array(bytes[..<300]))
    #expect(builder.finish() == Digest.sha256(Array(bytes[..<300])))
    builder.update(bytes[300...])
    builder.update([])
    #expect(builder.finish() == Digest.sha256(bytes))
  }

  @Test func `a kind comes before the bytes`() {
    var builder = DigestBuilder(kind: "weights")
    builder.update([1, 2])
    #expect(builder.finish() == Digest.sha256(Array("mneme/weights/v1".utf8) + [0, 1, 2]))
  }

  @Test func `hexadecimal digits read back, and nothing else does`() {
    let digest = Digest.sha256([1])
    #expect(Digest(hex: digest.hex) == digest)
    #expect(Digest(bytes: digest.bytes) == digest)
    #expect(digest.short == digest.hex.prefix(12))
    for text in [
      "", digest.short, digest.hex + "0", digest.hex.uppercased(), String(repeating: "g", count: 64),
    ] {
      #expect(Digest(hex: text) == nil)
    }
    #expect(Digest(bytes: Array(repeating: 0, count: 31)) == nil)
  }

  @Test func `digests sort as their digits do`() {
    let digests = (0..<50).map { Digest.sha256([UInt8($0)]) }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}

@Suite struct `The beginning of a hash` {
  let digests: [Digest]

  init() throws {
    digests = try ["abcd0", "abcd1", "abce0", "12345"].map {
      try #require(Digest(hex: $0 + String(repeating: "0", count: 59)))
    }
  }

  @Test func `names the one that begins so, in either case`() throws {
    #expect(try Digest.resolve(prefix: "1234", among: digests) == .one(digests[3]))
    #expect(try Digest.resolve(prefix: "ABCE", among: digests) == .one(digests[2]))
    #expect(try Digest.resolve(prefix: "abcd1", among: digests) == .one(digests[1]))
    #expect(try Digest.resolve(prefix: digests[0].hex, among: digests) == .one(digests[0]))
    #expect(try Digest.resolve(prefix: "1234", among: digests + digests) == .one(digests[3]))
  }

  @Test func `gives all candidates when there are several`() throws {
    #expect(
      try Digest.resolve(prefix: "abcd", among: digests.reversed()) == .ambiguous([digests[0], digests[1]]))
  }

  @Test func `gives none when none begins so`() throws {
    #expect(try Digest.resolve(prefix: "ffff", among: digests) == .none)
  }

  @Test(arguments: ["", "abc", "abcg", "abcd ", "paper", "àbcd", "ＡＢＣＤ", String(repeating: "a", count: 65)])
  func `is refused when it cannot begin a hash`(prefix: String) {
    #expect(throws: RecordsError.malformedPrefix(prefix)) {
      try Digest.resolve(prefix: prefix, among: digests)
    }
  }
}
