import Records

/// How a person wants runs to be submitted; in no hash of a run.
package struct SubmissionRequest: Sendable {
  package let wishes: SlurmWishes
  /// Nil for what suits the runs: workers where their median takes less than a minute, else an array.
  package var mode: FrozenPlan.Mode?
  /// Jobs at a time.
  package var jobs: Int?
  package var threads: Int?
  /// Bytes that a job may hold; nil for what alike runs held, and half of it more.
  package var memory: Int?
  package var checkpointSeconds: Double?
  package var instructions: String?
  package var retriesFailed = false
  package var selection: RunSelection?
  /// The program that the jobs start.
  package var program: String

  package init(_ wishes: SlurmWishes, program: String) { (self.wishes, self.program) = (wishes, program) }

  /// Starting a job costs Slurm some 150 ms, and a place in its queue; below this many seconds a run is not worth one.
  static let shortRun = 60.0
  /// What one worker is to be busy for, in seconds.
  private static let workersTurn = 600.0

  /// Throws where what the manifest asks for cannot be passed on.
  func check(_ resources: Resources) throws {
    guard !resources.slots.isEmpty, wishes.extra.isEmpty else { return }
    throw SubmissionError.slots(
      resources.slots.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","))
  }

  /// Cuts runs into plans of as many jobs as one order may have.
  func plans(
    for runs: [Specification], of manifest: Manifest, most: Int, _ needs: RunNeeds
  ) throws -> [FrozenPlan] {
    guard !runs.isEmpty else { return [] }
    let seconds = runs.compactMap { needs.costs.seconds(of: $0) }.sorted()
    let isShort = seconds.count * 2 > runs.count && seconds[seconds.count / 2] < SubmissionRequest.shortRun
    let mode = mode ?? (isShort ? .workers : .array)
    let use = use(manifest.resources)
    guard mode == .workers else {
      return stride(from: 0, to: runs.count, by: most).map { start in
        let part = runs[start..<min(runs.count, start + most)].map(\.run)
        return FrozenPlan(manifest: manifest.hash, mode: .array, jobs: part.count, runs: part, use: use)
      }
    }
    let workers: Int
    if let jobs {
      workers = jobs
    } else {
      guard !seconds.isEmpty else { throw SubmissionError.unmeasured }
      let all = seconds.reduce(0, +) / Double(seconds.count) * Double(runs.count)
      workers = Int((all / SubmissionRequest.workersTurn).rounded(.up))
    }
    return [
      FrozenPlan(
        manifest: manifest.hash, mode: .workers, jobs: max(1, min(workers, runs.count, most)),
        runs: runs.map(\.run),
        use: use)
    ]
  }

  private func use(_ resources: Resources) -> FrozenPlan.Use {
    let decided = RunResources(resources, threads: threads)
    return FrozenPlan.Use(
      threads: decided.threads,
      checkpointSeconds: checkpointSeconds ?? decided.checkpointInterval.inSeconds,
      keepsWeights: decided.keepsWeights, timeout: resources.timeout, retries: decided.retries,
      instructions: instructions, jobSeconds: wishes.seconds)
  }

  /// What the engine is asked for one plan.
  func order(
    _ plan: FrozenPlan, storePath: String, needs: RunNeeds, specifications: [Specification]
  ) throws -> JobOrder {
    let store = SubmissionRecord.whole(storePath)
    if let bad = store.first(where: { "%\\\"\n\r".contains($0) }) { throw SubmissionError.path(store, bad) }
    let id = plan.id
    let wanted = Set(plan.runs)
    let peak = specifications.filter { wanted.contains($0.run) }.compactMap { needs.memory(of: $0) }.max()
    let bytes = memory ?? peak.map { $0 + $0 / 2 }
    return JobOrder(
      tag: "mneme-\(id.short)-\(SubmissionRecord.mark(of: store))", plan: id, jobs: plan.jobs,
      most: plan.mode == .array ? jobs : nil,
      threads: plan.use.threads,
      command: [program, "worker", "--store", store, "--plan", id.hex, "--index"],
      logFolder: "\(store)/jobs/\(id.hex)", wishes: wishes, mebibytes: bytes.map { ($0 + 1 << 20 - 1) >> 20 })
  }
}
