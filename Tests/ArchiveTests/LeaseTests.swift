import Archive
import Foundation
import Glibc
import Records
import Synchronization
import Testing

/// Two machines that share a store, and whose locks do not reach each other: the lock file of the first is removed, and
/// its attempt says that another host made it.
@Suite struct LeaseTests {
  /// A run that another machine began, with a lease of a tenth of a second, and the claim of that machine.
  private static func begun(leaseSeconds: Double? = 0.1) throws -> (Store, RunDirectory, Claim) {
    let folder = FileManager.default.temporaryDirectory.path + "/mneme-lease-\(UUID().uuidString)"
    let store = try Store(at: folder, creating: true)
    let run = try store.add(Settings(["seed": .integer(1)]))
    var provenance = Provenance(arguments: [], threads: 1)
    provenance.leaseSeconds = leaseSeconds
    guard case .claimed(let claim) = try run.claim(provenance) else { throw Taken() }
    let path = "\(claim.path)/attempt.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.contains("\"crc\"") && !$0.contains("\"host\"") }
    var record = lines.joined(separator: "\n").replacing(
      "\"hdf5\"", with: "\"host\" : \"elsewhere\",\n  \"hdf5\"")
    record = String(record.dropLast(2)).trimmingCharacters(in: .init(charactersIn: ",\n"))
    try FileManager.default.removeItem(atPath: path)
    let check = crc32c(Array(record.utf8))
    try Data("\(record),\n  \"crc\" : \"\(check)\"\n}\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.removeItem(atPath: "\(run.path)/lock")
    return (store, run, claim)
  }

  private struct Taken: Error {}

  @Test func `a run whose beats come is busy, and seems to be running`() throws {
    let (store, run, claim) = try Self.begun(leaseSeconds: 5)
    defer { try? FileManager.default.removeItem(atPath: store.root) }
    let beats = Beats(of: claim)
    defer { beats.end() }
    guard case .busy = try run.claim(Provenance(arguments: [], threads: 1)) else { throw Taken() }
    guard case .running(let owner) = try run.state() else { throw Taken() }
    #expect(owner.host == "elsewhere")
  }

  @Test func `a lease without beats is over after three, and its holder is fenced off`() throws {
    let (store, run, claim) = try Self.begun()
    defer { try? FileManager.default.removeItem(atPath: store.root) }
    let began = ContinuousClock().now
    guard case .claimed(let second) = try run.claim(Provenance(arguments: [], threads: 1)) else {
      throw Taken()
    }
    #expect(ContinuousClock().now - began >= .milliseconds(290))
    #expect(second.attempt == 2)
    // It wakes up, and sees that nothing is left to compute for.
    do {
      try claim.beat()
      Issue.record("the first holder went on")
    } catch {
      guard case .superseded(_, 1, 2) = error else { throw error }
    }
    try second.end(.stopped)
  }

  @Test func `without a lease the lock alone decides, at once`() throws {
    let (store, run, _) = try Self.begun(leaseSeconds: nil)
    defer { try? FileManager.default.removeItem(atPath: store.root) }
    #expect(try run.state() == .interrupted)
    guard case .claimed = try run.claim(Provenance(arguments: [], threads: 1)) else { throw Taken() }
  }
}

/// Beats from a thread of their own: a claim that watches for them keeps its own thread busy.
private final class Beats: Sendable {
  private let isOver = Atomic(false)

  init(of claim: Claim) {
    Thread.detachNewThread { [self] in
      while !isOver.load(ordering: .relaxed), (try? claim.beat()) != nil { usleep(20_000) }
    }
  }

  func end() { isOver.store(true, ordering: .relaxed) }
}

/// The CRC-32C of bytes as records have it, by its definition: one bit after the other.
private func crc32c(_ bytes: [UInt8]) -> String {
  var crc: UInt32 = .max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
  }
  let text = String(~crc, radix: 16)
  return String(repeating: "0", count: 8 - text.count) + text
}
