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
    try Plan(manifest, costs: costs, retriesFailed: options.retriesFailed) { try store.progress(of: $0.run) }
  }

  /// Does it. Where nothing is to be done, nothing is started and no file is touched.
  package func run(_ surroundings: Surroundings) async throws -> CampaignReport {
    let clock = ContinuousClock()
    let start = clock.now
    // The place of a run is made, with its settings, before anybody can claim it; and settings that were lost or
    // damaged are at hand here, and maybe nowhere else.
    for specification in manifest.runs {
      try store.add(specification.storedSettings) { surroundings.errors("mended: \($0)\n") }
    }
    let plan = try plan()
    var resources = RunResources(manifest.resources, threads: options.threads)
    resources.instructions = options.instructions
    if let seconds = options.checkpointSeconds { resources.checkpointInterval = .seconds(seconds) }
    let wanted = plan.steps.filter { $0.isWork || $0.action == .wait }
    try keepManifest()
    var outcome = ScheduleOutcome()
    if !wanted.isEmpty {
      let assignments = wanted.map { Assignment($0.specification, label: $0.label, resources: resources) }
      let scheduler = Scheduler(
        assignments, reused: plan.steps.count { $0.action == .nothing }, in: store,
        executor: surroundings.executor(store.root, manifest.hash), policy: policy(resources),
        costs: try store.costs(of: manifest.runs),
        printer: ProgressPrinter(surroundings.surface, write: surroundings.errors),
        interruptions: surroundings.interruptions)
      outcome = await scheduler.run()
    }
    let suspects =
      plan.steps.filter { $0.action == .inspect }.map(\.specification.run)
      + outcome.failed.map(\.assignment.run)
    var damaged: [Digest: String] = [:]
    for run in suspects { damaged[run] = store.run(run).damage(verifying: true)?.path }
    return CampaignReport(plan, outcome, damaged: damaged, seconds: (clock.now - start).inSeconds)
  }

  private func policy(_ resources: RunResources) -> Scheduler.Policy {
    var policy = Scheduler.Policy(slots: options.slots(threads: resources.threads))
    policy.failsFast = options.failsFast
    return policy
  }

  /// Keeps the resolved manifest under its hash, unless it is kept already: it can be rerun without its file.
  private func keepManifest() throws {
    let object = StoredObject(kind: "manifest", id: manifest.hash)
    let known = try store.candidates(prefix: manifest.hash.hex)
    guard !known.contains(.object(object)) else { return }
    try store.put(manifest.canonicalBytes, as: object)
  }
}
