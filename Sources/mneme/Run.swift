import Archive
import ArgumentParser
import Harness

/// How runs are carried out, for every command that starts some.
struct ExecutionOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: "Runs at a time. Usually as many as there are processors for.")
  var jobs: Int?

  @Option(help: "Threads of one run. Results do not depend on it.")
  var threads: Int?

  @OptionGroup var instructions: InstructionsOption

  @Flag(
    name: .shortAndLong,
    help: "After a failure, go on with the other runs. Always so unless --fail-fast is given.")
  var keepGoing = false

  @Flag(help: "Start nothing more after the first failure.")
  var failFast = false

  func validate() throws {
    guard jobs.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--jobs is \(jobs ?? 0); expected 1 to 1024.")
    }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads is \(threads ?? 0); expected 1 to 1024.")
    }
    guard !(keepGoing && failFast) else {
      throw ValidationError("--keep-going and --fail-fast say the opposite; give one of them.")
    }
  }

  var options: RunOptions {
    var options = RunOptions()
    (options.jobs, options.threads, options.failsFast) = (jobs, threads, failFast)
    options.instructions = instructions.chosen
    return options
  }

  /// The arguments that say the same to another invocation.
  var arguments: [String] {
    (jobs.map { ["--jobs", "\($0)"] } ?? []) + (threads.map { ["--threads", "\($0)"] } ?? [])
      + instructions.arguments
      + (failFast ? ["--fail-fast"] : [])
  }
}

/// `mneme run`: brings a manifest's runs to "all done".
struct RunCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute the runs of a manifest that are not done yet.",
    discussion: """
      The same command continues after anything: a Ctrl-C, a crash, a power cut. What is done is never computed again. \
      Several invocations may share a store; each run is computed by one of them. Ctrl-C lets runs finish their step \
      and save a checkpoint; a second one leaves at once.

        mneme run Experiments/smoke.yaml
        mneme run Experiments/sorting-ablation.yaml --jobs 2 --set seed=4
      """)

  @Argument(help: "The manifest: a YAML file.")
  var manifest: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Another value for a setting; part of what the runs are. May be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var store: StoreOptions

  @Flag(
    name: [.customShort("n"), .long],
    help: "Print what would be done, and do nothing. The same as `mneme plan`.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Time between checkpoints; results do not depend on it. Usually what the manifest says, else 60.",
      valueName: "seconds"))
  var checkpointSeconds: Double?

  @Flag(help: "Try runs again that failed by themselves.")
  var retryFailed = false

  @Flag(help: "Print a summary for programs on standard output.")
  var json = false

  func validate() throws {
    guard checkpointSeconds.map({ $0.isFinite && $0 >= 0 && $0 <= 1e6 }) ?? true else {
      throw ValidationError(
        "--checkpoint-seconds is \(checkpointSeconds ?? 0); expected 0 to a million.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let manifest = try Manifest(reading: manifest, settings: settings)
    var options = execution.options
    options.retriesFailed = retryFailed
    options.checkpointSeconds = checkpointSeconds
    if dryRun {
      surroundings.output(try plan(manifest, options))
      return .done
    }
    Interruptions.watch(leavingAt: 3)
    let campaign = Campaign(manifest, in: try Store(at: store.path, creating: true), options: options)
    let report = try await campaign.run(surroundings)
    surroundings.errors(
      report.text(
        command: continuation, source: source, removal: commandLine(["rm", "-f"] + report.damagedFiles)))
    if json { surroundings.output(report.json) }
    return report.status
  }

  /// A dry run makes nothing, not even the store.
  private func plan(_ manifest: Manifest, _ options: RunOptions) throws -> String {
    let plan = try Plan(manifest, in: try store.existing(), retriesFailed: options.retriesFailed) {
      try $0.costs(of: manifest.runs)
    }
    return json ? plan.json : plan.text
  }

  private var overrides: [String] { settings.flatMap { ["--set", $0] } }

  private var source: String { commandLine([manifest] + overrides + store.arguments) }

  private var continuation: String {
    commandLine(
      ["mneme", "run", manifest] + overrides + execution.arguments
        + (checkpointSeconds.map { ["--checkpoint-seconds", "\($0)"] } ?? []) + store.arguments)
  }
}
