package import Archive
import Foundation
import Records

/// Gives the missing runs of a manifest to an engine: what `mneme submit` does.
///
/// In this order, so that it may be killed after any step: the plan, the record of what is about to be asked, the
/// question, the receipt. Who comes next asks the engine for every record's jobs first; what they will compute is not
/// submitted again, and what nobody will is.
package struct Submitter: Sendable {
  package let manifest: Manifest
  package let store: Store
  package let engine: any Engine
  package let request: SubmissionRequest

  package init(_ manifest: Manifest, in store: Store, engine: any Engine, request: SubmissionRequest) {
    (self.manifest, self.store, self.engine, self.request) = (manifest, store, engine, request)
  }

  /// - Parameter note: hears what the person should know besides, a sentence each.
  package func submit(note: @Sendable (String) -> Void) async throws -> SubmissionReport {
    let capabilities = try await engine.capabilities()
    try request.check(manifest.resources)
    for specification in manifest.runs {
      try store.add(specification.storedSettings) { note("mended: \($0)") }
    }
    try store.keep(manifest)
    let lock = try await lockSubmissions()
    defer { withExtendedLifetime(lock) {} }
    var report = try await missing(note: note)
    let costs = try store.needs(of: report.missing)
    for part in try parts(of: report.missing, most: capabilities.mostJobs, costs) {
      let job = try await give(part, needs: costs, lock: lock, note: note)
      report.submitted.append(.init(plan: part, job: job))
    }
    return report
  }

  /// What would be asked of the engine, without asking or writing anything.
  package static func preview(
    _ manifest: Manifest, in store: Store?, storePath: String, engine: any Engine, request: SubmissionRequest
  ) throws -> [[String]] {
    try request.check(manifest.resources)
    let plan = try Plan(manifest, in: store, retriesFailed: request.retriesFailed) { _ in Costs() }
      .selected(by: request.selection)
    let missing = plan.steps.filter(\.isWork).map(\.specification)
    let needs = try store?.needs(of: missing) ?? RunNeeds()
    return try request.plans(for: missing, of: manifest, most: .max, needs).map {
      engine.arguments(
        for: try request.order($0, storePath: storePath, needs: needs, specifications: missing))
    }
  }

  private func lockSubmissions() async throws -> SubmissionLock {
    // A submission takes a second or two; one whose cluster does not answer, a minute.
    for _ in 0..<900 {
      if let lock = try SubmissionLock(in: store) { return lock }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw SubmissionError.busy(store: store.root)
  }

  /// The runs that nobody computes or will compute.
  private func missing(note: @Sendable (String) -> Void) async throws -> SubmissionReport {
    let plan = try Plan(manifest, in: store, retriesFailed: request.retriesFailed) { _ in Costs() }
      .selected(by: request.selection)
    let wanted = plan.steps.filter(\.isWork).map(\.specification)
    let book = try SubmissionBook(store)
    for complaint in book.complaints { note(complaint) }
    let queue = try await Queue(of: Set(wanted.map(\.run)), in: book, engine: engine)
    try queue.writeReceipts(in: store)
    for sentence in queue.remarks { note(sentence) }
    return SubmissionReport(plan, missing: wanted.filter { queue.job(of: $0.run) == nil })
  }

  private func parts(of missing: [Specification], most: Int, _ needs: RunNeeds) throws -> [FrozenPlan] {
    try request.plans(for: missing, of: manifest, most: most, needs)
  }

  /// Gives one plan to the engine. Returns its number there.
  private func give(
    _ plan: FrozenPlan, needs: RunNeeds, lock: SubmissionLock, note: @Sendable (String) -> Void
  ) async throws -> String {
    let order = try request.order(plan, storePath: store.root, needs: needs, specifications: manifest.runs)
    try plan.put(in: store)
    _ = try store.makeJobFolder(of: plan.id)
    let record = SubmissionRecord(
      engine: engine.name, plan: plan.id, tag: order.tag, arguments: engine.arguments(for: order))
    try store.put(record.bytes, as: StoredObject(kind: SubmissionRecord.kind, id: record.id))
    do {
      let job = try await engine.submit(order, lock: lock.descriptor)
      try Receipt(of: record.id, job: job).put(in: store)
      // Slurm may have said so and forgotten it: nothing that comes later may rely on the number.
      let jobs = try? await engine.jobs(tagged: [order.tag])
      if let jobs, jobs.isEmpty {
        note("job \(job) is not in the queue: it is over already, or was lost. `mneme wait` tells.")
      }
      return job
    } catch let error as EngineError {
      if case .absent = error { throw error }
      // What said that it failed may have happened all the same.
      let jobs: [EngineJob]
      do { jobs = try await engine.jobs(tagged: [order.tag]) } catch let second {
        note(
          "whether the jobs were taken cannot be told now: \(second) The next `mneme submit` looks for them first."
        )
        throw error
      }
      guard let job = jobs.first.map({ String($0.id.prefix { $0 != "_" }) }) else {
        try Receipt(of: record.id, job: nil, refusal: error.description).put(in: store)
        throw error
      }
      note("\(error) The jobs are in the queue all the same.")
      try Receipt(of: record.id, job: job).put(in: store)
      return job
    }
  }
}

extension Store {
  /// Keeps a resolved manifest under its hash, unless it is kept already: it can be rerun without its file.
  package func keep(_ manifest: Manifest) throws {
    let object = StoredObject(kind: "manifest", id: manifest.hash)
    let known = try candidates(prefix: manifest.hash.hex)
    guard !known.contains(.object(object)) else { return }
    try put(manifest.canonicalBytes, as: object)
  }
}
