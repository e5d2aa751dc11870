package import Archive
import Foundation
package import Records

/// Runs computed again from what the store keeps, and compared with what is published: what `mneme rerun` does.
///
/// They go through the same scheduler and the same workers in a store of their own, inside the store's folder, that
/// is removed afterwards. So nothing published is touched, and no cost is booked twice: a repetition is no attempt.
/// One that is stopped or killed leaves that store behind, under a name made of what it was to compute and by which
/// program; the same command goes on with it.
package struct Reproduction: Sendable {
  package let store: Store
  package let options: RunOptions
  /// Whether every number is compared, and the final weights; otherwise the digests of the results are.
  package let isThorough: Bool

  package init(in store: Store, options: RunOptions, isThorough: Bool) {
    (self.store, self.options, self.isThorough) = (store, options, isThorough)
  }

  /// What came of one run.
  package enum Finding: Sendable, Equatable {
    /// The same bits; the digest of the result, and why its weights were compared by their digest alone, where
    /// every number was to be compared.
    case identical(Digest, byDigest: String? = nil)
    case differs(ResultComparison)
    /// It could not be computed or compared; never a pass.
    case incomparable(String)
    /// The published result is damaged: which file, and what is wrong with it.
    case corrupt(String)
    /// The results are the same bits, and the published weights are damaged.
    case weightsLost(String)
  }

  /// Computes and compares; the findings are in the order of the runs.
  ///
  /// - Returns: nil where another process computes the same again.
  package func run(
    _ selection: RerunSelection, _ surroundings: Surroundings
  ) async throws -> ReproductionReport? {
    var resources = RunResources(selection.resources, threads: options.threads)
    // Whatever the manifest keeps: there may be weights to compare with.
    resources.keepsWeights = isThorough
    resources.instructions = options.instructions
    if let timeout = options.timeout { resources.timeout = .seconds(timeout) }
    let runs = selection.runs
    var policy = options.policy(threads: resources.threads)
    // What a manifest asks for there is, where nobody says what there is: enough for one of its runs at a time.
    if options.slots.isEmpty { policy.offer.slots = resources.slots }
    let needs = try store.needs(of: runs.map(\.specification))
    // Before anything is made, and before what an earlier invocation left is touched.
    try Admission(policy.offer, needs).check(
      runs.map { Assignment($0.specification, label: $0.label, resources: resources) })
    try ScratchStore.removeAbandoned(in: store)
    guard let scratch = try ScratchStore(in: store, for: key(of: runs.map(\.specification.run))) else {
      return nil
    }
    defer { withExtendedLifetime(scratch) {} }
    let aside = scratch.store
    var assignments: [Assignment] = []
    var reused = 0
    for run in runs where try store.run(run.specification.run).state(verifying: true) == .done {
      switch try aside.run(run.specification.run).state(verifying: true) {
      case .done:
        reused += 1
        continue
      case .corrupt: try scratch.forget(run.specification.run)
      default: break
      }
      try aside.add(run.specification.storedSettings)
      assignments.append(Assignment(run.specification, label: run.label, resources: resources))
    }
    if reused > 0 {
      surroundings.note("Going on: \(counted(reused, "run")) computed again before it was stopped.\n")
    }
    let scheduler = Scheduler(
      assignments, reused: reused, in: aside, executor: surroundings.executor(aside.root, nil),
      policy: policy, costs: needs.costs, needs: needs,
      printer: surroundings.printer,
      interruptions: surroundings.interruptions)
    let outcome = await scheduler.run()
    if !outcome.left.isEmpty || outcome.interruptions > 0 { scratch.keep() }
    return ReproductionReport(
      manifest: selection.manifest?.hash, sample: selection.sample,
      lines: runs.map { run in
        let id = run.specification.run
        let finding = finding(id, aside, outcome)
        var code: CodeComparison?
        switch finding {
        case .identical, .differs:
          code = CodeComparison(published: store.run(id).publisher(), again: aside.run(id).publisher())
        case .incomparable, .corrupt, .weightsLost: break
        }
        return ReproductionReport.Line(run: id, label: run.label, finding: finding, code: code)
      }, interruptions: outcome.interruptions, isStopped: !outcome.left.isEmpty,
      mending: DamageNotes.next(in: store.root))
  }

  /// What is computed again, and by what: whatever one process left of it is good for the next.
  private func key(of runs: [Digest]) -> Digest {
    var builder = DigestBuilder(kind: "rerun")
    for run in runs.sorted() { builder.update(run.bytes) }
    builder.update(OwnCode.digest?.bytes ?? [])
    let how = "\(options.instructions.map { "\($0)" } ?? "best") \(isThorough ? "with" : "without") weights"
    builder.update(Array(how.utf8))
    return builder.finish()
  }

  private func finding(_ run: Digest, _ aside: Store, _ outcome: ScheduleOutcome) -> Finding {
    if let failure = outcome.failed.first(where: { $0.assignment.run == run }) {
      return .incomparable("computing it again failed (\(failure.failure.rawValue)): \(failure.message)")
    }
    if outcome.left.contains(where: { $0.run == run }) { return .incomparable("it was left before its end") }
    do {
      let (published, again) = (store.run(run), aside.run(run))
      switch try published.state(verifying: true) {
      case .done: break
      case .corrupt(let sentence): return .corrupt(sentence)
      default: return .incomparable("nothing is published to compare with; `mneme run` computes it")
      }
      let results = (try published.result(), try again.result())
      guard isThorough else { return finding(results, weights: nil) }
      guard FileManager.default.fileExists(atPath: published.weightsPath) else {
        let why = try published.keepsWeights() == true ? "their file is gone" : "their file was not kept"
        return finding(results, weights: nil, byDigest: why)
      }
      let weights = try again.weights()
      do throws(ArchiveError) {
        return finding(results, weights: (try published.weights(), weights))
      } catch {
        // Results that differ are told all the same.
        let finding = finding(results, weights: nil)
        guard case .identical = finding else { return finding }
        return .weightsLost(
          RunDirectory.Damage(to: published.weightsPath, of: published, error).sentence)
      }
    } catch {
      return .incomparable("\(error)")
    }
  }

  private func finding(
    _ results: (published: RunResult, again: RunResult),
    weights: (published: [NamedArray], again: [NamedArray])?, byDigest: String? = nil
  ) -> Finding {
    ResultComparison(results.published, results.again, weights: weights).map(Finding.differs)
      ?? .identical(results.published.digest, byDigest: byDigest)
  }
}
