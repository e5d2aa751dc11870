package import Archive
import Foundation
import Glibc
package import Records

/// That a plan was about to be submitted: an object of kind `submission`, written before the engine is asked.
///
/// With it, whoever comes after a submitter that was killed knows which jobs to look for: by `tag`, never by a job's
/// number, which a cluster may forget and give to another job.
package struct SubmissionRecord: Sendable, Equatable, Codable {
  package let format: String
  /// `slurm`.
  package let engine: String
  package let plan: String
  /// The name that all jobs of the plan have.
  package let tag: String
  /// What the engine's program was called with.
  package let arguments: [String]
  package let host: String
  package let process: Int32
  /// UTC, ISO 8601 with milliseconds.
  package let began: String

  package static let kind = "submission"
  private static let format = "mneme-submission-1"

  init(engine: String, plan: Digest, tag: String, arguments: [String]) {
    format = SubmissionRecord.format
    (self.engine, self.plan, self.tag, self.arguments) = (engine, plan.hex, tag, arguments)
    (host, process, began) = (Machine.host, getpid(), Machine.now)
  }

  /// A store's folder from the root on, as jobs on other machines name it.
  static func whole(_ store: String) -> String { URL(fileURLWithPath: store).resolvingSymlinksInPath().path }

  /// What ends the tags of a store's jobs: a copy of it has the same plans and records, and none of their jobs.
  static func mark(of store: String) -> Substring { Digest.sha256(Array(whole(store).utf8)).hex.prefix(8) }

  var bytes: [UInt8] { Array(jsonText(self).utf8) }
  package var id: Digest { objectID(SubmissionRecord.kind, bytes) }

  init?(_ bytes: [UInt8]) {
    guard let record = try? JSONDecoder().decode(SubmissionRecord.self, from: Data(bytes)),
      record.format == SubmissionRecord.format, Digest(hex: record.plan) != nil
    else { return nil }
    self = record
  }

  /// Whether `object`, of this kind, is what it is named by.
  package static func isIntact(_ bytes: [UInt8], id: Digest) -> Bool {
    SubmissionRecord(bytes) != nil && objectID(kind, bytes) == id
  }
}

/// What is known of how an engine took a submission: an object of kind `receipt`.
package struct Receipt: Sendable, Equatable, Codable {
  package let format: String
  package let submission: String
  /// The engine's number of it, for people: jobs are found by the tag.
  package let job: String?
  /// Why it was not taken; nil where it was.
  package let refusal: String?

  package static let kind = "receipt"
  private static let format = "mneme-receipt-1"

  init(of submission: Digest, job: String?, refusal: String? = nil) {
    (format, self.submission) = (Receipt.format, submission.hex)
    (self.job, self.refusal) = (job, refusal)
  }

  var bytes: [UInt8] { Array(jsonText(self).utf8) }

  init?(_ bytes: [UInt8]) {
    guard let receipt = try? JSONDecoder().decode(Receipt.self, from: Data(bytes)),
      receipt.format == Receipt.format, Digest(hex: receipt.submission) != nil
    else { return nil }
    self = receipt
  }

  package static func isIntact(_ bytes: [UInt8], id: Digest) -> Bool {
    Receipt(bytes) != nil && objectID(kind, bytes) == id
  }

  func put(in store: Store) throws(ArchiveError) {
    try store.put(bytes, as: StoredObject(kind: Receipt.kind, id: objectID(Receipt.kind, bytes)))
  }
}

/// All submissions from a store, in the folder where it is.
package struct SubmissionBook: Sendable {
  /// One of them.
  package struct Entry: Sendable {
    package let record: SubmissionRecord
    package let id: Digest
    package let planID: Digest
    package let plan: FrozenPlan
    /// Nil where the submitter did not come to write one.
    package let receipt: Receipt?
  }

  /// By the time they began.
  package let entries: [Entry]
  /// What cannot be read, and why.
  package let complaints: [String]

  /// Reads what a store has; a nil store has nothing.
  package init(_ store: Store?) throws {
    var (entries, complaints): ([Entry], [String]) = ([], [])
    let objects = try store?.objects() ?? []
    var receipts: [String: Receipt] = [:]
    for object in objects where object.kind == Receipt.kind {
      // A refusal may turn out to have been none: what says more is believed.
      if let bytes = try? store?.object(object), let receipt = Receipt(bytes),
        receipts[receipt.submission]?.job == nil
      {
        receipts[receipt.submission] = receipt
      }
    }
    for object in objects where object.kind == SubmissionRecord.kind {
      guard let store else { break }
      do {
        guard let record = SubmissionRecord(try store.object(object)), let planID = Digest(hex: record.plan)
        else { throw SubmissionError.damaged(store.place(of: object), SubmissionRecord.kind) }
        // Those of the store that this one was copied from are its own affair.
        guard record.tag.hasSuffix("-\(SubmissionRecord.mark(of: store.root))") else { continue }
        entries.append(
          Entry(
            record: record, id: object.id, planID: planID,
            plan: try FrozenPlan(StoredObject(kind: FrozenPlan.kind, id: planID), in: store),
            receipt: receipts[object.id.hex]))
      } catch {
        complaints.append("\(error)")
      }
    }
    self.entries = entries.sorted { ($0.record.began, $0.id) < ($1.record.began, $1.id) }
    self.complaints = complaints
  }

  /// Those of which some run is among `runs`; the newest of each plan.
  package func concerning(_ runs: Set<Digest>) -> [Entry] {
    var newest: [Digest: Entry] = [:]
    for entry in entries where !runs.isDisjoint(with: entry.plan.runs) { newest[entry.planID] = entry }
    return entries.filter { newest[$0.planID]?.id == $0.id }
  }
}
