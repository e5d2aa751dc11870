import Archive
import ArgumentParser
import Harness
import Tables

/// `mneme plan`: what `run` would do, and how long it would take.
struct PlanCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print what `run` would do with a manifest, run by run, with the reason and the expected time.",
    discussion: """
      Computes nothing and changes nothing: times come from what alike runs took, else they are `unmeasured`. With \
      --measure a few segments of every size are timed first, and what was found is kept in the store. With --power it \
      says how far two cells must be apart for the planned seeds to show it, from the deviations of finished runs.

        mneme plan Experiments/sorting-ablation.yaml
        mneme plan Experiments/sorting-ablation-paper.yaml --measure
        mneme plan Experiments/sorting-ablation.yaml --power --difference 1abs
      """)

  @Argument(help: "The manifest: a YAML file, or the hash of one in the store.", completion: .manifest)
  var manifest: String

  @Flag(help: "Time an early and a last segment of every size first.")
  var measure = false

  @Flag(help: "Plan also for runs that failed by themselves, as `mneme run --retry-failed` would.")
  var retryFailed = false

  @OptionGroup var power: PowerOptions
  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func validate() throws {
    guard !measure || !power.power else {
      throw ValidationError("--measure and --power ask different things; ask one after the other.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let manifest = try Manifest(named: manifest, settings: overrides.settings, in: existing, at: store.path)
    guard measure else {
      let plan = try plan(manifest, in: existing)
      let report = try power.report(manifest, in: existing)
      surroundings.output(
        json
          ? report.map { "{\"plan\": \(plan.json), \"power\": \($0.json)}\n" } ?? plan.json
          : surroundings.folded(plan.text + (report.map { "\n" + $0.text } ?? "")))
      return .done
    }
    let checked = try manifest.checked()
    // Before minutes of measuring, and not after.
    let store = try self.store.made(surroundings)
    try Measurement.refuseUnwritable(store)
    let measurement = Measurement(checked, by: MachineClock(threads: checked.resources.threads ?? 1)) {
      surroundings.note($0 + "\n")
    }
    try measurement.put(in: store)
    let plan = try plan(manifest, in: store)
    surroundings.output(
      json
        ? "{\"plan\": \(plan.json), \"measurement\": \(measurement.json)}\n"
        : surroundings.folded(plan.text + "\n" + measurement.text))
    return .done
  }

  private func plan(_ manifest: Manifest, in store: Store?) throws -> Plan {
    try Plan(manifest, in: store, retriesFailed: retryFailed) { try $0.costsWithMeasured(of: manifest.runs) }
  }
}

/// What the planned seeds can show.
struct PowerOptions: ParsableArguments {
  @Flag(help: "Say what the planned seeds can show, table by table.")
  var power = false

  @Option(
    help: "With --power: also how many seeds a difference takes, 1% of what was measured or 0.5abs as shown.")
  var difference: Margin?

  @Option(help: ArgumentHelp("With --power: the level of the tests. Usually 0.05.", valueName: "number"))
  var alpha: Double?

  func validate() throws {
    guard power || difference == nil && alpha == nil else {
      throw ValidationError("--difference and --alpha say more of --power; give it as well.")
    }
    guard alpha.map({ $0 > 0 && $0 < 0.5 }) ?? true else {
      throw ValidationError("--alpha is \(alpha ?? 0); expected a number between 0 and 0.5, such as 0.05.")
    }
  }

  /// Nil where nobody asked.
  func report(_ manifest: Manifest, in store: Store?) throws -> PowerReport? {
    guard power else { return nil }
    return try PowerReport(manifest, in: store, alpha: alpha ?? 0.05, wanted: difference)
  }
}
