import Archive
import Foundation
import Harness
import Records
import Subprocess
import Synchronization
import Testing

/// What runs leave that one worker each computes, with no scheduler, no plan and no cluster; once for all tests.
struct Reference: Sendable {
  let examples: Int
  let seeds: [Int]
  let rate: String

  private static let known = Mutex<[String: Task<[Data], any Error>]>([:])

  /// The bytes of result and weights of one run.
  func files(of run: Digest) async throws -> [Data] {
    let task = Reference.known.withLock { known in
      let task = known[run.hex] ?? Task { try await compute(run) }
      known[run.hex] = task
      return task
    }
    return try await task.value
  }

  private func compute(_ run: Digest) async throws -> [Data] {
    let bench = try Workbench(examples: examples, seeds: seeds, rate: rate)
    let settings = try #require(try bench.specifications().first { $0.run == run }).storedSettings
    let place = try bench.opened().add(settings)
    let worked = try await bench.mneme(["worker", "--run", run.hex, "--code", "none"])
    #expect(worked.status == .exited(0), "\(worked.errors)")
    return try [place.resultPath, place.weightsPath].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
  }
}
