import Archive
import Records

/// What came of a submission.
package struct SubmissionReport: Sendable {
  package struct Part: Sendable {
    package let plan: FrozenPlan
    /// The engine's number of it.
    package let job: String
  }

  private let plan: Plan
  let missing: [Specification]
  package var submitted: [Part] = []

  init(_ plan: Plan, missing: [Specification]) { (self.plan, self.missing) = (plan, missing) }

  /// Runs that an earlier submission, or a process somewhere, will bring to their end.
  private var elsewhere: Int { plan.steps.count { $0.isWork || $0.action == .wait } - missing.count }

  private var counts: [(word: String, count: Int)] {
    [
      ("done", plan.steps.count { $0.action == .nothing }), ("on the way already", elsewhere),
      ("submitted", submitted.reduce(0) { $0 + $1.plan.runs.count }),
      ("failed before and left alone", plan.steps.count { $0.action == .leave }),
      ("damaged and left alone", plan.steps.count { $0.action == .inspect }),
    ].filter { $0.1 > 0 }
  }

  /// 1 where a run was left alone because it failed or is damaged.
  package var status: ExitStatus {
    plan.steps.contains { $0.action == .leave || $0.action == .inspect } ? .finding : .done
  }

  package var text: String {
    let counts = counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
    var text = "\(plan.name): \(counted(plan.steps.count, "run")): \(counts.isEmpty ? "none" : counts)\n"
    for part in submitted {
      let jobs =
        part.plan.mode == .array
        ? "an array of \(counted(part.plan.jobs, "job"))"
        : "\(counted(part.plan.jobs, "worker")) for \(counted(part.plan.runs.count, "run"))"
      text += "  plan \(part.plan.id.short)  slurm job \(part.job): \(jobs)\n"
    }
    return text
  }

  private struct PartJSON: Encodable {
    let plan: String
    let engine = "slurm"
    let job: String
    let mode: FrozenPlan.Mode
    let jobs: Int
    let runs: [String]
  }

  /// A list of what was submitted.
  package var json: String {
    jsonText(
      submitted.map {
        PartJSON(
          plan: $0.plan.id.hex, job: $0.job, mode: $0.plan.mode, jobs: $0.plan.jobs,
          runs: $0.plan.runs.map(\.hex))
      })
  }
}
