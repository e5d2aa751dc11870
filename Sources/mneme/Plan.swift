import Archive
import ArgumentParser
import Harness

/// `mneme plan`: what `run` would do, and how long it would take.
struct PlanCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print what `run` would do with a manifest, run by run, with the reason and the expected time.",
    discussion: """
      Computes nothing and changes nothing: times come from what alike runs took, else they are `unmeasured`. With \
      --measure a few segments of every size are timed first, and what was found is kept in the store.

        mneme plan Experiments/sorting-ablation.yaml
        mneme plan Experiments/sorting-ablation-paper.yaml --measure
      """)

  @Argument(help: "The manifest: a YAML file, or the hash of one in the store.")
  var manifest: String

  @Flag(help: "Time an early and a last segment of every size first.")
  var measure = false

  @Flag(help: "Plan also for runs that failed by themselves, as `mneme run --retry-failed` would.")
  var retryFailed = false

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let manifest = try Manifest(named: manifest, settings: overrides.settings, in: existing, at: store.path)
    guard measure else {
      let plan = try plan(manifest, in: existing)
      surroundings.output(json ? plan.json : plan.text)
      return .done
    }
    let checked = try manifest.checked()
    // Before minutes of measuring, and not after.
    let store = try Store(at: store.path, creating: true)
    try Measurement.refuseUnwritable(store)
    let measurement = Measurement(checked, by: MachineClock(threads: checked.resources.threads ?? 1)) {
      surroundings.errors($0 + "\n")
    }
    try measurement.put(in: store)
    let plan = try plan(manifest, in: store)
    surroundings.output(
      json
        ? "{\"plan\": \(plan.json), \"measurement\": \(measurement.json)}\n"
        : plan.text + "\n" + measurement.text)
    return .done
  }

  private func plan(_ manifest: Manifest, in store: Store?) throws -> Plan {
    try Plan(manifest, in: store, retriesFailed: retryFailed) { try $0.costsWithMeasured(of: manifest.runs) }
  }
}
