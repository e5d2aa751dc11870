package import Archive
import Foundation
package import Records
import Tensors

/// The runs of one submission, in an order that never changes: an object of kind `plan` in the store, named by the hash
/// of its bytes, in JSON that people can read.
///
/// What a job's index means stands here and nowhere else. A plan lists what was missing when it was made; to submit what
/// is missing later makes another plan (harness.md 10).
package struct FrozenPlan: Sendable, Equatable {
  /// How jobs share the runs.
  package enum Mode: String, Sendable, Codable, CaseIterable {
    /// A job for every run, by its index.
    case array
    /// Some jobs, each of which takes one run after the other until none is left: for many short ones.
    case workers
  }

  /// What every run of it may use; nil as the manifest's resources have it.
  package struct Use: Sendable, Equatable, Codable {
    package var threads: Int
    package var checkpointSeconds: Double
    package var keepsWeights: Bool
    /// Seconds of one attempt.
    package var timeout: Int?
    package var retries: Int
    /// Of the kernels; nil for the fastest that the machine runs.
    package var instructions: String?
    /// Seconds that a job may take, where they were asked for.
    package var jobSeconds: Int?

    package init(
      threads: Int, checkpointSeconds: Double, keepsWeights: Bool, timeout: Int?, retries: Int,
      instructions: String? = nil, jobSeconds: Int? = nil
    ) {
      (self.threads, self.checkpointSeconds, self.keepsWeights) = (threads, checkpointSeconds, keepsWeights)
      (self.timeout, self.retries) = (timeout, retries)
      (self.instructions, self.jobSeconds) = (instructions, jobSeconds)
    }

    enum CodingKeys: String, CodingKey {
      case threads, timeout, retries, instructions
      case checkpointSeconds = "checkpoint_seconds"
      case keepsWeights = "keep_weights"
      case jobSeconds = "job_seconds"
    }
  }

  package let manifest: Digest
  package let mode: Mode
  /// How many jobs there are: as many as runs in an array.
  package let jobs: Int
  package let runs: [Digest]
  package let use: Use

  package static let kind = "plan"
  private static let format = "mneme-plan"

  package init(manifest: Digest, mode: Mode, jobs: Int, runs: [Digest], use: Use) {
    (self.manifest, self.mode, self.jobs) = (manifest, mode, jobs)
    (self.runs, self.use) = (runs, use)
  }

  private struct Stored: Codable {
    let format: String
    let version: Int
    let manifest: String
    let mode: Mode
    let jobs: Int
    let runs: [String]
    let use: Use
  }

  /// The bytes that it is named by.
  package var bytes: [UInt8] {
    Array(
      jsonText(
        Stored(
          format: FrozenPlan.format, version: 1, manifest: manifest.hex, mode: mode, jobs: jobs,
          runs: runs.map(\.hex), use: use)
      ).utf8)
  }

  package var id: Digest { FrozenPlan.id(of: bytes) }

  package static func id(of bytes: [UInt8]) -> Digest { objectID(kind, bytes) }

  /// Nil for bytes that are no plan of this version.
  package init?(_ bytes: [UInt8]) {
    guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(bytes)),
      stored.format == FrozenPlan.format, stored.version == 1, let manifest = Digest(hex: stored.manifest),
      stored.jobs > 0, stored.jobs <= stored.runs.count, stored.use.isPossible
    else { return nil }
    let runs = stored.runs.compactMap(Digest.init(hex:))
    guard runs.count == stored.runs.count, !runs.isEmpty,
      stored.mode == .workers || stored.jobs == runs.count
    else { return nil }
    self.init(manifest: manifest, mode: stored.mode, jobs: stored.jobs, runs: runs, use: stored.use)
  }

  /// The plan of a store whose hash begins with `prefix`.
  ///
  /// Throws `SubmissionError` where none or several do, or where it is damaged.
  package init(_ prefix: String, in store: Store) throws {
    _ = try Digest.resolve(prefix: prefix, among: [])
    let found = try store.candidates(prefix: prefix).compactMap { named -> StoredObject? in
      if case .object(let object) = named, object.kind == FrozenPlan.kind { object } else { nil }
    }
    guard let object = found.first, found.count == 1 else {
      throw SubmissionError.noPlan(prefix, count: found.count, store: store.root)
    }
    self = try FrozenPlan(object, in: store)
  }

  /// The plan that `object` names.
  init(_ object: StoredObject, in store: Store) throws {
    let bytes = try store.object(object)
    guard let plan = FrozenPlan(bytes), FrozenPlan.id(of: bytes) == object.id else {
      throw SubmissionError.damaged(store.place(of: object), "plan")
    }
    self = plan
  }

  func put(in store: Store) throws(ArchiveError) {
    try store.put(bytes, as: StoredObject(kind: FrozenPlan.kind, id: id))
  }
}

/// The id of an object that is named by its bytes.
func objectID(_ kind: String, _ bytes: [UInt8]) -> Digest {
  var builder = DigestBuilder(kind: kind)
  builder.update(bytes)
  return builder.finish()
}

extension FrozenPlan.Use {
  /// Whether these are amounts that a manifest or a command line can ask for.
  fileprivate var isPossible: Bool {
    (1...1024).contains(threads) && (0...1_000_000).contains(retries)
      && checkpointSeconds >= 0 && checkpointSeconds <= 1e6
      && [timeout, jobSeconds].allSatisfy { $0.map { (0...1 << 40).contains($0) } ?? true }
  }

  /// Nil for the fastest that the machine runs, also where it lacks those that were asked for: the bits are the same.
  var chosenInstructions: InstructionSet? {
    InstructionSet.available.first { $0.description == instructions }
  }
}
