import Archive
import ArgumentParser
import Harness

/// `mneme rerun`: computes again what is published, and says whether the same bits came out.
struct RerunCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "rerun",
    abstract: "Compute a run or a manifest again from what the store keeps, and compare.",
    discussion: """
      Nothing but the hash is needed: no file of the manifest. What is published is never touched. Without --check the \
      results are compared and the digests of the final weights; with it every weight, too. The first step, metric and \
      weight that differ are told in decimal and as bits, with the units in the last place between them, and which \
      parameters have other digests; beside it what was other in the code and the machine, also where the bits are the \
      same. One that was stopped or killed is continued by the same command. How many runs it takes is said by --sample, \
      and nobody shares the work, so there is no --max-runs and no --no-wait as `mneme run` has them; slots that runs ask \
      for are there for one at a time, unless --slots says what there is. Exit status: 0 identical, 1 something \
      differs, 2 something could not be compared, 3 stopped, 75 another process does the same.

        mneme rerun 3f9a2c --check
        mneme rerun Experiments/sorting-ablation.yaml --sample 3 --dry-run
        mneme rerun 5c0316837782 --sample 3 --check
        mneme rerun 5c0316837782 --jobs 2 --memory 8GiB --time-budget 1h
      """)

  @Argument(
    help:
      "A run or a manifest, by its hash or the beginning of it, or a manifest's file whose hash the store has.",
    completion: .subject)
  var subject: String

  @Flag(help: "Compare every number and the final weights bit for bit.")
  var check = false

  @Option(
    help: ArgumentHelp(
      """
      So many of a manifest's runs, spread over its cells; the same ones for everybody. Each next one is the run whose \
      settings were taken least so far, and among equals that with the lowest hash of manifest, sample seed and run.
      """, valueName: "n"))
  var sample: Int?

  @Option(help: ArgumentHelp("Another number gives another sample. Usually 0.", valueName: "number"))
  var sampleSeed: UInt64?

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var scheduling: SchedulingOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(
    name: [.customShort("n"), .long],
    help: "Print which runs would be computed and what that takes, and do nothing.")
  var dryRun = false

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func validate() throws {
    guard sample.map({ $0 >= 1 }) ?? true else {
      throw ValidationError("--sample is \(sample ?? 0); expected 1 or more.")
    }
    guard sampleSeed == nil || sample != nil else {
      throw ValidationError("--sample-seed chooses among samples; say how many runs with --sample.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard let store = try store.existing() else { throw ReportError.noStore(store.path, wanted: subject) }
    var options = execution.options
    scheduling.apply(to: &options)
    let selection = try RerunSelection(
      subject, settings: overrides.settings, sample: sample, seed: sampleSeed ?? 0, in: store)
    surroundings.errors(selection.complaints)
    let slots = options.jobs(threads: options.threads ?? selection.resources.threads ?? 1)
    if dryRun {
      surroundings.output(
        json ? selection.json : surroundings.folded(selection.text(slots: slots, isWhole: true)))
      return .done
    }
    surroundings.note(selection.text(slots: slots, isWhole: false))
    Interruptions.watch(leavingAt: 3)
    let reproduction = Reproduction(in: store, options: options, isThorough: check)
    guard let report = try await reproduction.run(selection, surroundings) else {
      surroundings.errors(
        "another process computes the same again; wait for its end, and type this once more.\n")
      return .busy
    }
    surroundings.output(json ? report.json : surroundings.folded(report.text))
    if report.isStopped { surroundings.note("To go on: \(continuation)\n") }
    return report.status
  }

  private var continuation: String {
    var words = ["mneme", "rerun", subject] + (check ? ["--check"] : [])
    if let sample { words += ["--sample", "\(sample)"] }
    if let sampleSeed { words += ["--sample-seed", "\(sampleSeed)"] }
    words +=
      overrides.settings.flatMap { ["--set", $0] } + grid.arguments + execution.arguments
      + scheduling.arguments + voice.arguments + store.arguments
    return commandLine(words + (json ? ["--json"] : []))
  }
}
