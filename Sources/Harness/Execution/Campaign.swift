package import Archive
import Records

/// A manifest's runs brought to "all done" in a store: what `mneme run` does. The same call continues after
/// anything.
package struct Campaign: Sendable {
  package let manifest: Manifest
  package let store: Store
  package let options: RunOptions

  package init(_ manifest: Manifest, in store: Store, options: RunOptions) {
    (self.manifest, self.store, self.options) = (manifest, store, options)
  }

  /// What is to be done, and why.
  package func plan(costs: Costs = Costs()) throws -> Plan {
    try Plan(manifest, costs: costs, retriesFailed: options.retriesFailed, store: store.root) {
      try store.progress(of: $0.run)
    }
    .selected(by: options.selection)
  }

  /// Does it. Where nothing is to be done, nothing is started and no file is touched.
  ///
  /// Throws `RunRefusal`, with nothing begun and nothing written, where a run can never be started.
  package func run(_ surroundings: Surroundings) async throws -> CampaignReport {
    let clock = ContinuousClock()
    let start = clock.now
    var plan = try plan()
    var (chosen, rest) = work(of: plan)
    var needs = try admit(chosen)
    // The place of a run is made, with its settings, before anybody can claim it; and settings that were lost or
    // damaged are at hand here, and maybe nowhere else.
    var hasMended = false
    for specification in manifest.runs {
      try store.add(specification.storedSettings) {
        surroundings.note("mended: \($0)\n")
        hasMended = true
      }
    }
    if hasMended {
      plan = try self.plan()
      (chosen, rest) = work(of: plan)
      needs = try admit(chosen)
    }
    try store.keep(manifest)
    surroundings.detail("\(manifest.name), manifest \(manifest.hash), in \(store.root)\n")
    for step in plan.steps { surroundings.detail(step.decision + "\n") }
    var outcome = ScheduleOutcome()
    var space: String?
    if !chosen.isEmpty {
      outcome = try await schedule(
        chosen, needs, reused: plan.steps.count { $0.action == .nothing }, surroundings)
      // The first table after thousands of runs then need not read each of them as HDF5.
      if !outcome.done.isEmpty { ResultIndex.remember(outcome.done.map(\.run), in: store) }
      space = try outcome.freeBytes.map { try sentence(onFree: $0, outcome) }
    }
    for assignment in rest { outcome.leave(assignment, .maxRuns) }
    let suspects =
      plan.steps.filter { $0.action == .inspect }.map(\.specification.run)
      + outcome.failed.map(\.assignment.run)
    var damaged: [Digest: String] = [:]
    for run in suspects { damaged[run] = store.run(run).damage(verifying: true)?.sentence }
    return CampaignReport(
      plan, outcome, damaged: damaged, space: space, seconds: (clock.now - start).inSeconds)
  }

  /// Throws `RunRefusal` for a manifest of which some run can never be started, whatever a store has of it.
  package static func refuse(_ manifest: Manifest, _ options: RunOptions) throws {
    let resources = options.resources(manifest.resources)
    let plan = Plan(manifest, costs: Costs(), retriesFailed: false) { _ in RunProgress(.pending) }
    let assignments = plan.selected(by: options.selection).steps.map {
      Assignment($0.specification, label: $0.label, resources: resources)
    }
    let offer = options.policy(threads: resources.threads).offer
    try Admission(offer, RunNeeds()).check(Array(assignments.prefix(options.maxRuns ?? assignments.count)))
  }

  /// What is to be computed or waited for now, and what more there is than was asked for.
  private func work(of plan: Plan) -> (chosen: [Assignment], rest: [Assignment]) {
    let resources = options.resources(manifest.resources)
    let wanted = plan.steps.filter { $0.isWork || $0.action == .wait }.map {
      Assignment($0.specification, label: $0.label, resources: resources)
    }
    let count = min(options.maxRuns ?? wanted.count, wanted.count)
    return (Array(wanted[..<count]), Array(wanted[count...]))
  }

  /// What the runs need, by earlier ones; refuses those that can never be started, and all where the disk is too small.
  private func admit(_ assignments: [Assignment]) throws -> RunNeeds {
    guard let first = assignments.first else { return RunNeeds() }
    let needs = try store.needs(of: assignments.map(\.specification))
    let admission = Admission(options.policy(threads: first.resources.threads).offer, needs)
    try admission.check(assignments)
    try admission.check(room: store.freeBytes, for: assignments, in: store.root)
    return needs
  }

  private func schedule(
    _ assignments: [Assignment], _ needs: RunNeeds, reused: Int, _ surroundings: Surroundings
  ) async throws -> ScheduleOutcome {
    let policy = options.policy(threads: assignments[0].resources.threads)
    let specifications = assignments.map(\.specification)
    if let note = Admission(policy.offer, needs).noteOnMemory(assignments) {
      surroundings.note(note + "\n")
    }
    var costs = needs.costs
    costs.fill(from: try store.costsWithMeasured(of: specifications))
    let scheduler = Scheduler(
      assignments, reused: reused, rests: try rests(of: specifications), in: store,
      executor: surroundings.executor(store.root, manifest.hash), policy: policy, costs: costs, needs: needs,
      printer: surroundings.printer,
      interruptions: surroundings.interruptions, statusRequests: surroundings.statusRequests)
    return await scheduler.run()
  }

  /// How much is left of runs that have a checkpoint and said how many steps they take.
  private func rests(of specifications: [Specification]) throws -> [Digest: Double] {
    var rests: [Digest: Double] = [:]
    for specification in specifications {
      let directory = store.run(specification.run)
      guard let step = try directory.checkpoints().first?.step,
        case .integer(let steps)? = try directory.live().records.last(where: { $0.event == "step" })?
          .facts["steps"], steps > 0
      else { continue }
      rests[specification.run] = max(0, 1 - Double(step) / Double(steps))
    }
    return rests
  }

  /// How much room is needed on a disk that was found full.
  private func sentence(onFree free: Int, _ outcome: ScheduleOutcome) throws -> String {
    let needs = try store.needs(of: outcome.left.map(\.specification))
    let known = outcome.left.compactMap { needs.bytes(of: $0.specification) }
    let unknown = outcome.left.count - known.count
    let amount =
      known.isEmpty
      ? "how much they need is unmeasured"
      : "\(counted(known.count, "run")) of them need about \(Quantity.text(bytes: known.reduce(0, +)))"
        + (unknown > 0 ? ", \(unknown) are unmeasured" : "")
    return
      "The disk is full: \(Quantity.text(bytes: free)) were free for the \(counted(outcome.left.count, "run")) "
      + "left; \(amount). What is stored is kept; make room first."
  }
}

extension Plan {
  /// The plan for the selected runs.
  package func selected(by selection: RunSelection?) -> Plan {
    selection.map { keeping($0.includes) } ?? self
  }
}
