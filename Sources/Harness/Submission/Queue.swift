import Archive
package import Records

/// What an engine's list says of the runs of a store, at one moment.
package struct Queue: Sendable {
  package let jobs: [EngineJob]
  private let entries: [SubmissionBook.Entry]
  private let ofRuns: [Digest: EngineJob]
  private let runs: Set<Digest>

  /// Asks for the jobs of all submissions that have one of `runs`, in one question; asks nothing where there are none.
  package init(of runs: Set<Digest>, in book: SubmissionBook, engine: any Engine) async throws {
    self.runs = runs
    entries = book.concerning(runs)
    jobs = try await engine.jobs(tagged: entries.map(\.record.tag))
    var ofRuns: [Digest: EngineJob] = [:]
    let byTag = Dictionary(grouping: jobs.filter(\.isAlive), by: \.tag)
    for entry in entries {
      for job in byTag[entry.record.tag] ?? [] {
        switch entry.plan.mode {
        case .array: if job.index < entry.plan.runs.count { ofRuns[entry.plan.runs[job.index]] = job }
        // Whichever of them is free takes the next run.
        case .workers:
          for run in entry.plan.runs where ofRuns[run]?.state != "running" { ofRuns[run] = job }
        }
      }
    }
    self.ofRuns = ofRuns
  }

  /// The job that computes a run, or will.
  package func job(of run: Digest) -> EngineJob? { ofRuns[run] }

  /// The plans that have jobs now, with those.
  package var plans: [(entry: SubmissionBook.Entry, jobs: [EngineJob])] {
    entries.compactMap { entry in
      let jobs = jobs.filter { $0.tag == entry.record.tag }
      return jobs.isEmpty ? nil : (entry, jobs)
    }
  }

  /// What a submitter that was killed could not write down any more.
  func writeReceipts(in store: Store) throws(ArchiveError) {
    for (entry, jobs) in plans where entry.receipt?.job == nil {
      guard let job = jobs.first else { continue }
      try Receipt(of: entry.id, job: String(job.id.prefix { $0 != "_" })).put(in: store)
    }
  }

  /// What a person has to do something about: jobs of the runs that were asked about, and of no others.
  package var remarks: [String] {
    let held = Set(runs.compactMap { ofRuns[$0] }.filter(\.isHeld).map { "\($0.id) (\($0.reason))" }).sorted()
    guard let first = held.first else { return [] }
    return [
      "\(counted(held.count, "job")) will not begin unless somebody sees to it, such as \(first): `scontrol release` "
        + "lets them, `mneme cancel` ends them."
    ]
  }
}
