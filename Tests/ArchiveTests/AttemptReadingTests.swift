import Foundation
import Testing

@testable import Archive

/// Records of attempts are read without a general decoder, and never otherwise than with it.
@Suite struct AttemptReadingTests {
  private static let start = AttemptStart(
    attempt: 2, started: "2026-11-21T09:00:00.123Z", monotonic: 12345.678901234, host: "vm-ö", pid: 4711,
    arguments: ["mneme", "worker", "--run", "3f9a"], manifest: "aa", code: "bb", gitCommit: "cc",
    gitDirty: true,
    toolchain: "6.3", cpu: "AMD EPYC", kernel: "Linux 6", hdf5: "1.10.8", threads: 2, instructions: "avx512",
    leaseSeconds: 2.5, job: "slurm 17_3, restart 1, on n2")
  private static let end = AttemptEnd(
    attempt: 2, outcome: .failed, failure: .diverged, message: "at step 3, the loss was not finite",
    ended: "2026-11-21T09:00:09.000Z", monotonic: 12354, seconds: 8.25, userSeconds: 1e-7, systemSeconds: 0,
    peakBytes: 1 << 40, resumedFrom: "attempts/0001/checkpoint-00000300.h5", keptWeights: false,
    cost: AttemptCost(
      trainingSeconds: 0.1, evaluationSeconds: 2, steps: 3, stateBytes: 0, associationBytes: 7))

  private func bytes(_ record: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(record)) + [UInt8(ascii: "\n")]
  }

  private func quick<Record: AttemptRecord>(_ bytes: [UInt8], as _: Record.Type) -> Record? {
    QuickJSON.object(bytes).flatMap(Record.init(quickly:))
  }

  @Test func `every field of both is read, also where it is absent`() throws {
    for child in Array(Mirror(reflecting: Self.start).children) + Array(Mirror(reflecting: Self.end).children)
    {
      #expect("\(child.value)" != "nil", "\(child.label ?? ""): the sample here has every field")
    }
    #expect(quick(try bytes(Self.start), as: AttemptStart.self) == Self.start)
    #expect(quick(try bytes(Self.end), as: AttemptEnd.self) == Self.end)
    let short = AttemptEnd(attempt: 1, outcome: .done, ended: "x", monotonic: 1, seconds: 2)
    #expect(quick(try bytes(short), as: AttemptEnd.self) == short)
  }

  @Test func `a field that is newer than this reading is left to the decoder`() throws {
    let text = String(decoding: try bytes(Self.end), as: UTF8.self)
    let newer = Array(text.replacing("\"attempt\"", with: "\"colour\" : \"red\", \"attempt\"").utf8)
    #expect(quick(newer, as: AttemptEnd.self) == nil)
    #expect(try JSONDecoder().decode(AttemptEnd.self, from: Data(newer)) == Self.end)
  }

  @Test func `whatever byte is another one, nothing is read that the decoder would read otherwise`() throws {
    let bytes = try bytes(Self.end)
    for place in bytes.indices {
      for byte in [
        UInt8(ascii: "0"), UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\\"), 0, 0xff,
        bytes[place] ^ 4,
      ] {
        var damaged = bytes
        damaged[place] = byte
        guard let read = quick(damaged, as: AttemptEnd.self) else { continue }
        guard read == (try? JSONDecoder().decode(AttemptEnd.self, from: Data(damaged))) else {
          Issue.record("byte \(place) as \(byte): \(read)")
          return
        }
      }
    }
  }

  @Test(arguments: [
    "", "{", "[]", "{}", "{\"attempt\":1,}", "{\"attempt\":01}", "{\"a\":1}{", "{\"a\":1,\"a\":2}",
    "{\"a\":1e}",
    "{\"a\":.5}", "{\"a\":nul}", "{\"a\":\"\\u0041\"}", "{\"a\" 1}", "{\"a\":-}",
  ])
  func `what is no such record is left to the decoder`(text: String) {
    #expect(quick(Array(text.utf8), as: AttemptEnd.self) == nil)
    #expect(quick(Array(text.utf8), as: AttemptStart.self) == nil)
  }
}
