import Foundation
import Records
import Testing

@Suite struct `Published vectors` {
  @Test func `there are forty at least, each with a name of its own`() throws {
    let published = try PublishedVectors.load()
    #expect(published.vectors.count >= 40)
    #expect(Set(published.vectors.map(\.name)).count == published.vectors.count)
    #expect(published.refused.count >= 40)
  }

  @Test func `every structure has the published bytes and hash`() throws {
    for vector in try PublishedVectors.load().vectors {
      switch vector.subject {
      case .item(let item):
        #expect(hexadecimal(CBOR.encode(item)) == hexadecimal(vector.bytes), "\(vector.name)")
        #expect(Digest.sha256(CBOR.encode(item)) == vector.sha256, "\(vector.name)")
      case .run(let settings, let neutral):
        #expect(
          hexadecimal(settings.identityBytes(neutral: neutral)) == hexadecimal(vector.bytes), "\(vector.name)"
        )
        #expect(Identity.run(settings.omitting(neutral: neutral)) == vector.sha256, "\(vector.name)")
        #expect(Identity.run(storedBytes: vector.bytes) == vector.sha256, "\(vector.name)")
      case .manifest(let runs, let tier, let tables, let figures, let references):
        let found = Identity.manifest(
          runs: runs, tier: tier, tables: tables, figures: figures, references: references)
        #expect(found == vector.sha256, "\(vector.name)")
      case .code(let executable, let sources, let toolchain):
        let found = Identity.code(executable: executable, sources: sources, toolchain: toolchain)
        #expect(found == vector.sha256, "\(vector.name)")
      case .result(let metrics, let digests, let weights):
        let found = Identity.result(metrics: metrics, digests: digests, weights: weights)
        #expect(found == vector.sha256, "\(vector.name)")
      }
    }
  }

  @Test func `every published byte sequence reads back and is written again`() throws {
    for vector in try PublishedVectors.load().vectors {
      let item = try CBOR.decode(vector.bytes)
      #expect(CBOR.encode(item) == vector.bytes, "\(vector.name)")
      if case .item(let published) = vector.subject { #expect(item == published, "\(vector.name)") }
      if case .run(let settings, let neutral) = vector.subject {
        let stored = try Settings(canonicalBytes: vector.bytes)
        #expect(stored == settings.omitting(neutral: neutral), "\(vector.name)")
      }
    }
  }

  @Test func `every refused byte sequence is refused`() throws {
    for refusal in try PublishedVectors.load().refused {
      let bytes = try octets(refusal.bytes)
      #expect(throws: RecordsError.self, "\(refusal.name)") { try CBOR.decode(bytes) }
    }
  }

  @Test(.enabled(if: SecondChecker.isThere, "python3 cannot import cbor2: the second checker was NOT run"))
  func `the second checker, in Python, agrees`() throws {
    let script = try #require(Bundle.module.url(forResource: "check_vectors", withExtension: "py"))
    let file = try #require(PublishedVectors.file)
    let (status, output) = try SecondChecker.run(["-B", script.path, file.path])
    #expect(status == 0, "\(output)")
    let published = try PublishedVectors.load()
    let expected = "\(published.vectors.count) vectors and \(published.refused.count) refusals checked\n"
    #expect(output == expected)
  }

  @Test(.enabled(if: SecondChecker.isThere, "python3 cannot import cbor2: the second checker was NOT run"))
  func `the second checker notices one wrong digit`() throws {
    let script = try #require(Bundle.module.url(forResource: "check_vectors", withExtension: "py"))
    let good = try String(contentsOf: try #require(PublishedVectors.file), encoding: .utf8)
    let first = try #require(try PublishedVectors.load().vectors.last).sha256.hex
    let bad = good.replacingOccurrences(
      of: first, with: (first.hasPrefix("0") ? "1" : "0") + first.dropFirst())
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("vectors-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try bad.write(to: file, atomically: true, encoding: .utf8)
    #expect(try SecondChecker.run(["-B", script.path, file.path]).status == 1)
  }
}

/// Debian's Python with python3-cbor2.
private enum SecondChecker {
  static let isThere = (try? run(["-c", "import cbor2.encoder"]).status) == 0

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
