package import Archive
import Foundation
package import Records

/// A run or a manifest computed again from what the store keeps, and compared with what is published: what
/// `mneme rerun` does.
///
/// The runs go through the same scheduler and the same workers in a store of their own, inside the store's
/// folder, that is removed afterwards. So nothing published is touched, and no cost is booked twice: a
/// repetition is no attempt.
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
    case differs(ResultDifference)
    /// It could not be computed or compared; never a pass.
    case incomparable(String)
  }

  /// Computes and compares; the findings are in the order of the runs.
  package func run(
    _ runs: [(specification: Specification, label: String)], resources: Resources,
    _ surroundings: Surroundings
  ) async throws -> ReproductionReport {
    var resources = RunResources(resources, threads: options.threads)
    // Whatever the manifest keeps: there may be weights to compare with.
    resources.keepsWeights = isThorough
    resources.instructions = options.instructions
    try ScratchStore.removeAbandoned(in: store)
    let scratch = try ScratchStore(in: store)
    defer { withExtendedLifetime(scratch) {} }
    let aside = scratch.store
    var assignments: [Assignment] = []
    for run in runs where try store.run(run.specification.run).state(verifying: true) == .done {
      try aside.add(run.specification.storedSettings)
      assignments.append(Assignment(run.specification, label: run.label, resources: resources))
    }
    var policy = options.policy(threads: resources.threads)
    // What a manifest asks for there is: enough for one of its runs at a time.
    policy.offer.slots = resources.slots
    let scheduler = Scheduler(
      assignments, in: aside, executor: surroundings.executor(aside.root, nil), policy: policy,
      costs: try store.costs(of: runs.map(\.specification)),
      printer: ProgressPrinter(surroundings.surface, write: surroundings.errors),
      interruptions: surroundings.interruptions)
    let outcome = await scheduler.run()
    var findings: [ReproductionReport.Line] = []
    for run in runs {
      let finding = finding(run.specification.run, aside, outcome)
      findings.append(ReproductionReport.Line(run: run.specification.run, label: run.label, finding: finding))
    }
    return ReproductionReport(
      lines: findings, interruptions: outcome.interruptions, isStopped: !outcome.left.isEmpty)
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
      case .corrupt(let sentence): return .incomparable("what is published is damaged: \(sentence)")
      default: return .incomparable("nothing is published to compare with; `mneme run` computes it")
      }
      let results = (try published.result(), try again.result())
      guard isThorough else {
        let digests = (results.0.digest, results.1.digest)
        if digests.0 == digests.1 { return .identical(digests.0) }
        return .differs(ResultDifference("the result", digests.0.hex, digests.1.hex))
      }
      guard FileManager.default.fileExists(atPath: published.weightsPath) else {
        let why = try published.keepsWeights() == true ? "their file is gone" : "their file was not kept"
        return firstDifference(results.0, results.1, weights: nil).map(Finding.differs)
          ?? .identical(results.0.digest, byDigest: why)
      }
      let weights = try again.weights()
      do throws(ArchiveError) {
        let kept = try published.weights()
        return firstDifference(results.0, results.1, weights: (kept, weights)).map(Finding.differs)
          ?? .identical(results.0.digest)
      } catch {
        return .differs(difference(ofDamaged: published.weightsPath, weights, error))
      }
    } catch {
      return .incomparable("\(error)")
    }
  }

  /// What sets weights that were changed after they were published apart from those computed now: the first
  /// number, if they can be read at all.
  private func difference(
    ofDamaged path: String, _ again: [NamedArray], _ reason: ArchiveError
  ) -> ResultDifference {
    if let kept = try? WeightsFile.readUnverified(path),
      let difference = Harness.difference(ofArrays: kept, again)
    {
      return difference
    }
    return ResultDifference("weights.h5", "damaged (\(reason))", weightsDigest(again).short)
  }
}

/// What came of a repetition, for people, for programs and for the exit status.
package struct ReproductionReport: Sendable {
  package struct Line: Sendable {
    package let run: Digest
    package let label: String
    package let finding: Reproduction.Finding
  }

  package let lines: [Line]
  package let interruptions: Int
  package let isStopped: Bool

  /// 0 identical, 1 something differs, 2 something could not be compared, 3 stopped before the end.
  package var status: ExitStatus {
    if interruptions > 1 { return .interrupted }
    if isStopped { return .stopped }
    if lines.contains(where: { if case .differs = $0.finding { true } else { false } }) { return .finding }
    if lines.contains(where: { if case .incomparable = $0.finding { true } else { false } }) {
      return .unable
    }
    return .done
  }

  /// One line a run, and the whole in a word behind several.
  package var text: String {
    var lines = self.lines.map { line in
      let name = line.run.short + (line.label.isEmpty ? "" : "  \(line.label)")
      switch line.finding {
      case .identical(let digest, let byDigest):
        let note = byDigest.map { "; weights compared by digest only: \($0)" } ?? ""
        return "identical     \(name)  result \(digest.short)\(note)"
      case .differs(let difference): return "differs       \(name)  first in \(difference)"
      case .incomparable(let why): return "not compared  \(name)  \(why)"
      }
    }
    if lines.count > 1 {
      let identical = self.lines.count { if case .identical = $0.finding { true } else { false } }
      lines.append(
        identical == lines.count
          ? "\(identical) runs: identical" : "\(identical) of \(lines.count) runs are identical")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A list of objects, each with its run.
  package var json: String {
    jsonText(
      lines.map { line in
        switch line.finding {
        case .identical(let digest, let byDigest):
          LineJSON(
            run: line.run.hex, label: line.label, verdict: "identical", result: digest.hex,
            reason: byDigest.map { "weights compared by digest only: \($0)" })
        case .differs(let difference):
          LineJSON(
            run: line.run.hex, label: line.label, verdict: "differs", place: difference.place,
            published: difference.published, again: difference.again)
        case .incomparable(let why):
          LineJSON(run: line.run.hex, label: line.label, verdict: "incomparable", reason: why)
        }
      })
  }

  private struct LineJSON: Encodable {
    let run: String
    let label: String
    let verdict: String
    var result: String?
    var place: String?
    var published: String?
    var again: String?
    var reason: String?
  }
}
