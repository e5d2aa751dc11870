package import Archive
package import Records

extension SubmissionBook {
  /// The runs of all submissions, once each, as something to look at.
  package var subjects: [Standing.Subject] {
    var seen: Set<Digest> = []
    return entries.flatMap(\.plan.runs).filter { seen.insert($0).inserted }.map {
      Standing.Subject(run: $0, label: "")
    }
  }
}

/// What `mneme status` says besides where runs are submitted: which job of the engine has each.
package struct QueuePicture: Sendable {
  private let queue: Queue?
  /// Why the engine could not be asked, where it could not.
  package let complaint: String?

  /// Asks only where a submission concerns some of `runs`.
  package init(of runs: [Digest], in store: Store?, engine: any Engine) async throws {
    let book = try SubmissionBook(store)
    do {
      queue = try await Queue(of: Set(runs), in: book, engine: engine)
      complaint = nil
    } catch let error as EngineError {
      (queue, complaint) = (nil, error.description)
    }
  }

  package func job(of run: Digest) -> EngineJob? { queue?.job(of: run) }

  /// A line for each plan that has jobs, and what a person has to do something about.
  package var lines: [String] {
    guard let queue else { return [] }
    return queue.plans.map { entry, jobs in
      let states = Dictionary(grouping: jobs, by: \.state).map { (state: $0.key, count: $0.value.count) }
        .sorted { ($1.count, $0.state) < ($0.count, $1.state) }.map { "\($0.count) \($0.state)" }
      return "plan \(entry.planID.short), \(entry.record.engine) job "
        + "\(jobs.first.map { String($0.id.prefix { $0 != "_" }) } ?? ""): \(states.joined(separator: ", "))"
    } + queue.remarks
  }
}

/// Ends the jobs of some runs: `mneme cancel`.
package struct Cancellation: Sendable {
  /// What was asked of the engine to end.
  package private(set) var jobs: [EngineJob] = []
  /// What was not: workers compute runs besides those that were named.
  package private(set) var shared: [EngineJob] = []

  /// - Parameter runs: those whose jobs end; nil for all that was submitted from the store.
  /// - Parameter isForAll: whether a job ends that computes other runs, too.
  package init(of runs: Set<Digest>, in store: Store, engine: any Engine, isForAll: Bool) async throws {
    let book = try SubmissionBook(store)
    let queue = try await Queue(of: runs, in: book, engine: engine)
    for (entry, jobs) in queue.plans {
      let wanted: [EngineJob]
      switch entry.plan.mode {
      case .array:
        wanted = jobs.filter { $0.index < entry.plan.runs.count && runs.contains(entry.plan.runs[$0.index]) }
      case .workers:
        let isWhole = isForAll || runs.isSuperset(of: entry.plan.runs)
        wanted = isWhole ? jobs : []
        if !isWhole { shared += jobs }
      }
      try await engine.cancel(wanted, tag: entry.record.tag)
      self.jobs += wanted
    }
  }

  package var text: String {
    var lines = [
      jobs.isEmpty
        ? "nothing that was submitted waits or runs."
        : "asked Slurm to end \(counted(jobs.count, "job")): \(jobs.prefix(5).map(\.id).joined(separator: ", "))\(jobs.count > 5 ? ", …" : ""). "
          + "What they computed is kept in checkpoints."
    ]
    if !shared.isEmpty {
      lines.append(
        "\(counted(shared.count, "worker")) compute other runs as well and go on; name the manifest to end them, too."
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct JobJSON: Encodable {
    let job: String
    let tag: String
    let state: String
  }

  /// A list of the jobs that were to end.
  package var json: String { jsonText(jobs.map { JobJSON(job: $0.id, tag: $0.tag, state: $0.state) }) }
}

/// What the jobs of a run wrote outside of any attempt: why a worker did not come to begin, for one.
package struct JobLogs: Sendable {
  /// Newest last.
  package let paths: [String]

  package init(of run: Digest, in store: Store) throws {
    var paths: [String] = []
    for entry in try SubmissionBook(store).concerning([run]) {
      let index = entry.plan.runs.firstIndex(of: run)
      for path in try store.jobLogs(of: entry.planID) {
        let number = path.dropLast(".log".count).split(separator: "_").last.flatMap { Int($0) }
        if entry.plan.mode == .workers || number == index { paths.append(path) }
      }
    }
    self.paths = paths
  }
}
