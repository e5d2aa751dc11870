import Archive
import ArgumentParser
import Harness

/// How runs are carried out, for every command that starts some.
struct ExecutionOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Runs at a time. Usually as many as there are processors for.", valueName: "number"))
  var jobs: Int?

  @OptionGroup var computing: ComputingOptions

  @Flag(
    name: .shortAndLong,
    help:
      "Go on even where the first 3 runs all fail in the same way. After single failures others always go on."
  )
  var keepGoing = false

  @Flag(help: "Start nothing more after the first failure.")
  var failFast = false

  func validate() throws {
    guard jobs.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--jobs is \(jobs ?? 0); expected 1 to 1024.")
    }
    guard !(keepGoing && failFast) else {
      throw ValidationError("--keep-going and --fail-fast say the opposite; give one of them.")
    }
  }

  var options: RunOptions {
    var options = RunOptions()
    (options.jobs, options.threads, options.failsFast) = (jobs, computing.threads, failFast)
    options.keepsGoing = keepGoing
    options.instructions = computing.instructions.chosen
    return options
  }

  /// The arguments that say the same to another invocation.
  var arguments: [String] {
    (jobs.map { ["--jobs", "\($0)"] } ?? []) + computing.arguments
      + (failFast ? ["--fail-fast"] : []) + (keepGoing ? ["--keep-going"] : [])
  }
}

/// `mneme run`: brings a manifest's runs to "all done".
struct RunCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute the runs of a manifest that are not done yet.",
    discussion: """
      The same command continues after anything: a Ctrl-C, a crash, a power cut. What is done is never computed again. \
      Several invocations may share a store; each run is computed by one of them. Ctrl-C lets runs finish their step \
      and save a checkpoint; a second one leaves at once. SIGUSR1 makes it say how far it is.

      What the surroundings did to a run (killed, io) is tried again three times, after 1, 4 and 16 seconds; what was \
      out of time goes on from its checkpoint. A crash or an error is tried again as often as resources.retries of the \
      manifest says, a run that diverged never. Where the first 3 runs fail in the same way, it stops and asks for a \
      common cause; a full disk lets what goes on end, and begins nothing more.

        mneme run Experiments/smoke.yaml
        mneme run Experiments/sorting-ablation.yaml --jobs 2 --set seed=4
        mneme run Experiments/sorting-ablation.yaml --time-budget 2h --memory 8GiB
        mneme run Experiments/sorting-ablation.yaml --slots gpu=1 --max-runs 10 --no-wait
        mneme run Experiments/sorting-ablation.yaml --only 'model.memory=long-term seed<=2' --jobs 1
        mneme run Experiments/sorting-ablation.yaml --retry-failed --timeout 30m

      Exit status: 0 all done, 1 a run failed, 2 it could not be begun, 3 stopped with work left, 130 left at once.
      """)

  @Argument(help: "The manifest: a YAML file.", completion: .manifestFile)
  var manifest: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Another value for a setting; part of what the runs are. May be repeated.", valueName: "key=value"),
    completion: .setting)
  var settings: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only the runs of the manifest with these values, as --where of `mneme ls` has them. May be repeated.",
      valueName: "terms"), completion: .terms)
  var only: [String] = []

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var scheduling: SchedulingOptions
  @OptionGroup var sharing: SharingOptions
  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(
    name: [.customShort("n"), .long],
    help: "Print what would be done, and do nothing. The same as `mneme plan`.")
  var dryRun = false

  @OptionGroup var checkpoints: CheckpointOption

  @Flag(help: "Try runs again that failed by themselves.")
  var retryFailed = false

  @Flag(help: "Print a summary for programs on standard output.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let manifest = try Manifest(reading: manifest, settings: settings)
    var options = execution.options
    options.retriesFailed = retryFailed
    scheduling.apply(to: &options)
    sharing.apply(to: &options)
    options.checkpointSeconds = checkpoints.seconds
    options.selection = try RunSelection(only, of: manifest, in: try store.existing())
    if dryRun {
      let text = try plan(manifest, options)
      surroundings.output(json ? text : surroundings.folded(text))
      return .done
    }
    Interruptions.watch(leavingAt: 3)
    Interruptions.watchForQuestions()
    // A store is made for what can be computed.
    if try store.existing() == nil { try Campaign.refuse(manifest, options) }
    let campaign = Campaign(manifest, in: try store.made(surroundings), options: options)
    let report = try await campaign.run(surroundings)
    let commands = CampaignReport.Commands(continuation: continuation, table: "mneme table \(source)")
    // Where all is well there is nothing but progress to tell.
    if report.status == .done {
      surroundings.note(report.text(commands))
    } else {
      surroundings.errors(report.text(commands))
    }
    if json { surroundings.output(report.json(commands)) }
    return report.status
  }

  /// A dry run makes nothing, not even the store.
  private func plan(_ manifest: Manifest, _ options: RunOptions) throws -> String {
    let plan = try Plan(manifest, in: try store.existing(), retriesFailed: options.retriesFailed) {
      try $0.costs(of: manifest.runs)
    }.selected(by: options.selection)
    return json ? plan.json : plan.text
  }

  private var overrides: [String] { settings.flatMap { ["--set", $0] } + grid.arguments }

  private var source: String { commandLine([manifest] + overrides + store.arguments) }

  private var continuation: String {
    commandLine(
      ["mneme", "run", manifest] + overrides + only.flatMap { ["--only", $0] } + execution.arguments
        + scheduling.arguments + sharing.arguments + voice.arguments
        + checkpoints.arguments + store.arguments)
  }
}
