package import Archive
package import Records

extension Store {
  /// How far a run has come: its state, every byte of its result verified, and the newest step that a checkpoint
  /// of it holds.
  ///
  /// - Parameter known: the canonical bytes of the run's settings, where the caller has them.
  package func progress(of run: Digest, known: [UInt8]? = nil) throws(ArchiveError) -> RunProgress {
    let directory = self.run(run)
    let state = try directory.state(verifying: true, known: known)
    guard state != .done, state != .pending else { return RunProgress(state) }
    return RunProgress(state, step: try directory.checkpoints().first?.step)
  }

  /// The same of many runs, in their order, by all processors.
  func progress(of runs: [Specification]) throws(ArchiveError) -> [RunProgress] {
    var progress: [RunProgress] = []
    let found = inParallel(runs) { run in
      Result { () throws(ArchiveError) in try self.progress(of: run.run, known: run.canonicalBytes) }
    }
    for one in found { progress.append(try one.get()) }
    return progress
  }

  /// What finished runs among `specifications` took, all their attempts together.
  package func costs(of specifications: [Specification]) throws(ArchiveError) -> Costs {
    let seconds = inParallel(specifications) { specification in
      Result { () throws(ArchiveError) in try self.seconds(of: specification) }
    }
    var costs = Costs()
    for (specification, seconds) in zip(specifications, seconds) {
      if let seconds = try seconds.get() { costs.add(specification.storedSettings, seconds: seconds) }
    }
    return costs
  }

  /// What all attempts at a finished run took; nil for any other, and where nobody kept it.
  private func seconds(of specification: Specification) throws(ArchiveError) -> Double? {
    let directory = run(specification.run)
    guard try directory.state(known: specification.canonicalBytes) == .done else { return nil }
    let attempts = try directory.attempts()
    // What a damaged record told is not known, and the rest of the sum is no measurement of the run.
    guard !attempts.contains(where: \.hasLostEnd) else { return nil }
    let seconds = attempts.reduce(0) { $0 + ($1.end?.seconds ?? 0) }
    return seconds > 0 ? seconds : nil
  }
}

extension Plan {
  /// The plan for `manifest` as a store has its runs now; a nil store holds nothing yet.
  ///
  /// - costs: What alike runs took; asked for only where something is not done.
  package init(
    _ manifest: Manifest, in store: Store?, retriesFailed: Bool, costs: (Store) throws -> Costs
  ) throws {
    let all = try store?.progress(of: manifest.runs) ?? manifest.runs.map { _ in RunProgress(.pending) }
    let progress = Dictionary(zip(manifest.runs.map(\.run), all)) { first, _ in first }
    let isDone = progress.values.allSatisfy { $0.state == .done }
    let costs = isDone ? Costs() : try store.map(costs) ?? Costs()
    self.init(manifest, costs: costs, retriesFailed: retriesFailed, store: store?.root ?? "") { run in
      progress[run.run, default: RunProgress(.pending)]
    }
  }
}
