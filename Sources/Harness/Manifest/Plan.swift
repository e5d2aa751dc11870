package import Archive
package import Records
import Tables

/// How far a run has come, as the store tells it.
package struct RunProgress: Sendable {
  package let state: RunState
  /// The newest step that a checkpoint holds, where a run stopped on the way.
  package let step: UInt64?

  package init(_ state: RunState, step: UInt64? = nil) {
    self.state = state
    self.step = step
  }

  /// How the last attempt failed, where it did.
  var failure: FailureClass? { if case .failed(let failure, _) = state { failure } else { nil } }
}

/// What `run` would do with a manifest, run by run, and why. Computes nothing and touches nothing.
package struct Plan: Sendable {
  /// What is to be done with a run.
  package enum Action: String, Sendable, Codable, CaseIterable {
    /// Nothing: its result is there.
    case nothing
    /// Compute it from the beginning.
    case run
    /// Compute it from its newest checkpoint.
    case resume
    /// Another process computes it.
    case wait
    /// It failed in a way that another attempt would repeat; left alone unless asked for.
    case leave
    /// What is stored is damaged: a person must look.
    case inspect
  }

  /// One run of the plan.
  package struct Step: Sendable {
    package let specification: Specification
    /// The values in which it differs from the other runs: `model.memory=none seed=1`.
    package let label: String
    package let action: Action
    /// `missing`, `done`, `failed ×2 (crash)`, `interrupted at step 300`.
    package let reason: String
    /// The expected seconds of computing; nil when no alike run was measured or there is nothing to compute.
    package let seconds: Double?
    /// How its last attempt failed, where it did.
    package let failure: FailureClass?

    /// True when something is to be computed.
    package var isWork: Bool { action == .run || action == .resume }
  }

  /// A key in which runs differ, and how many values it has: two at least.
  package struct Axis: Sendable, Equatable {
    package let key: String
    package let count: Int
  }

  package let name: String
  package let tier: Tier
  package let manifest: Digest
  /// In the order of the manifest.
  package private(set) var steps: [Step]
  package let axes: [Axis]
  /// What to type about corrupt runs.
  let mending: String

  /// The plan for `manifest` when its runs have come as far as `progress` says.
  ///
  /// - costs: What alike runs took.
  /// - retriesFailed: Whether runs that failed by themselves are to be tried again.
  /// - store: The folder of the store, as it was given.
  package init(
    _ manifest: Manifest, costs: Costs, retriesFailed: Bool, store: String = "Results/store",
    progress: (Specification) throws -> RunProgress
  ) rethrows {
    let labels = RunLabels(manifest)
    name = manifest.name
    tier = manifest.tier
    self.manifest = manifest.hash
    mending = DamageNotes.next(in: store)
    let order = manifest.order
    // A key that tells no more runs apart than others do follows from those, and is no axis.
    axes = manifest.differingKeys.filter(labels.keys.contains)
      .map { Axis(key: $0, count: order[$0]?.count ?? 0) }.filter { $0.count > 1 }
    steps = try manifest.runs.map { run in
      let progress = try progress(run)
      let (action, reason) = Plan.decision(on: progress, retriesFailed: retriesFailed)
      let isWork = action == .run || action == .resume
      return Step(
        specification: run, label: labels.label(of: run), action: action, reason: reason,
        seconds: isWork ? costs.seconds(of: run) : nil, failure: progress.failure)
    }
  }

  /// The plan for some of the runs.
  package func keeping(_ isKept: (Step) -> Bool) -> Plan {
    var plan = self
    plan.steps.removeAll { !isKept($0) }
    return plan
  }

  /// How many runs have each action; those that no run has are left out.
  package var counts: [(action: Action, count: Int)] {
    Action.allCases.map { action in (action, steps.count { $0.action == action }) }.filter { $0.count > 0 }
  }

  /// The expected seconds of all that is to be computed and was measured before.
  package var measuredSeconds: Double { steps.reduce(0) { $0 + ($1.seconds ?? 0) } }

  /// Runs to compute of which no alike run was measured.
  package var unmeasured: Int { steps.count { $0.isWork && $0.seconds == nil } }

  private static func decision(on progress: RunProgress, retriesFailed: Bool) -> (Action, String) {
    let at = progress.step.map { " at step \($0)" } ?? ""
    switch progress.state {
    case .done: return (.nothing, "done")
    case .pending: return (.run, "missing")
    case .interrupted: return (progress.step == nil ? .run : .resume, "interrupted\(at)")
    case .running(let owner): return (.wait, "running elsewhere\(described(owner))")
    case .corrupt(let reason): return (.inspect, "corrupt: \(reason)")
    case .failed(let failure, let attempts):
      let reason = "failed ×\(attempts) (\(failure.rawValue))\(at)"
      guard retriesFailed || failure.isAccident else { return (.leave, reason) }
      return (progress.step == nil ? .run : .resume, reason)
    }
  }

  /// ` (process 4711 on host)`, as far as it is known.
  private static func described(_ owner: RunState.Owner) -> String {
    let process = owner.pid.map { "process \($0)" }
    let host = owner.host.map { "on \($0)" }
    let parts = [process, host].compactMap { $0 }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: " ")))"
  }
}

/// Names runs of a manifest by what sets them apart.
package struct RunLabels: Sendable {
  /// What the names are made of.
  let keys: [String]

  /// Takes the keys that tables are made by first, and any other only where it still tells runs apart: settings that
  /// come and go with a kind of model say nothing more.
  package init(_ manifest: Manifest) {
    self.init(
      manifest.runs.map(\.settings), differingIn: manifest.differingKeys,
      axes: manifest.tables.flatMap(\.specification.axes))
  }

  /// The same for any runs by their settings.
  init(_ runs: [Settings], differingIn keys: [String], axes: [String]) {
    // What a run means follows from its model and task, so it tells nothing apart.
    let settings = keys.filter { key in
      !Specification.isMeaning(key) && runs.contains { $0[key] != nil }
    }
    var chosen: Set<String> = []
    var classes = [Int](repeating: 0, count: runs.count)
    for key in settings.filter(axes.contains) + settings.filter({ !axes.contains($0) }) {
      var numbers: [[String]: Int] = [:]
      let finer = zip(runs, classes).map { run, old in
        let group = [String(old), run[key]?.description ?? ""]
        return numbers[group]
          ?? {
            numbers[group] = numbers.count; return numbers.count - 1
          }()
      }
      guard numbers.count > Set(classes).count else { continue }
      chosen.insert(key)
      classes = finer
    }
    self.keys = settings.filter(chosen.contains)
  }

  /// `model.memory=none seed=1`; empty for the only run of a manifest.
  package func label(of run: Specification) -> String { label(of: run.settings) }

  func label(of settings: Settings) -> String {
    keys.compactMap { key in settings[key].map { "\(key)=\($0)" } }.joined(separator: " ")
  }
}
