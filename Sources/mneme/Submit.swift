import Archive
import ArgumentParser
import Foundation
import Harness

/// `mneme submit`: gives a manifest's missing runs to a cluster.
struct SubmitCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Give the runs of a manifest that are not done yet to a cluster, and return.",
    discussion: """
      The cluster's machines must see the store under the same path. What is missing is kept as a plan that never \
      changes; its jobs are workers as `mneme run` has them, and every way gives the same bytes. Runs that take less \
      than a minute share some jobs, others get one each (--mode). The same command again submits what is still missing \
      and on nobody's way: after a crash of anything, and while jobs go on. Slurm's word is not taken for it: a run is \
      done when its result is published and verified.

        mneme submit Experiments/sorting-ablation.yaml --engine slurm --time 2h --partition cpu
        mneme submit Experiments/sorting-ablation.yaml --engine slurm --jobs 20 --sbatch=--constraint=avx512
        mneme submit Experiments/sorting-ablation.yaml --engine slurm --dry-run
        mneme wait Experiments/sorting-ablation.yaml

      Exit status: 0 all that is missing is on its way, 1 a run failed or is damaged and was left alone, 2 it could not \
      be submitted.
      """)

  @Argument(help: "The manifest: a YAML file, or the hash of one in the store.", completion: .manifest)
  var manifest: String

  @Option(
    help: ArgumentHelp("The cluster's software: slurm.", valueName: "name"), completion: .list(["slurm"]))
  var engine: String

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only the runs of the manifest with these values, as --where of `mneme ls` has them. May be repeated.",
      valueName: "terms"))
  var only: [String] = []

  @Option(help: "array: a job for every run. workers: some jobs that take one run after the other.")
  var mode: FrozenPlan.Mode?

  @Option(name: [.customShort("j", allowingJoined: true), .long], help: "Jobs at a time.")
  var jobs: Int?

  @OptionGroup var computing: ComputingOptions

  @Option(
    help: ArgumentHelp(
      "Time of one job: 30m, 2h, or Slurm's 1-12:30:00. What is not done then is submitted again.",
      valueName: "time"))
  var time: String?

  @Option(
    help: ArgumentHelp(
      "Memory of one job: 8GiB. If not given, what alike runs held and half of it more.", valueName: "amount")
  )
  var memory: String?

  @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"))
  var partition: String?

  @Option(help: ArgumentHelp("Slurm's account.", valueName: "name"))
  var account: String?

  @Option(
    name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "One more option of sbatch, as one word. May be repeated.", valueName: "--option=value"))
  var extra: [String] = []

  @OptionGroup var checkpoints: CheckpointOption

  @Flag(help: "Submit runs again that failed by themselves.")
  var retryFailed = false

  @Flag(
    name: [.customShort("n"), .long],
    help: "Print what would be submitted, as a line for a shell, and do nothing.")
  var dryRun = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print a list of what was submitted, for programs.")
  var json = false

  func validate() throws {
    guard jobs.map({ (1...100_000).contains($0) }) ?? true else {
      throw ValidationError("--jobs is \(jobs ?? 0); expected 1 to 100000.")
    }
    _ = try MemoryAmount(memory)
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard engine == "slurm" else { throw SubmissionError.unknownEngine(engine) }
    let existing = try store.existing()
    let manifest = try Manifest(named: manifest, settings: overrides.settings, in: existing, at: store.path)
      .checked()
    var request = SubmissionRequest(
      try SlurmWishes(partition: partition, account: account, time: time, extra: extra),
      program: try FileManager.default.destinationOfSymbolicLink(atPath: LocalExecutor.ownProgram))
    (request.mode, request.jobs, request.threads) = (mode, jobs, computing.threads)
    (request.memory, request.checkpointSeconds) = (try MemoryAmount(memory).bytes, checkpoints.seconds)
    request.instructions = computing.instructions.chosen.map { "\($0)" }
    request.retriesFailed = retryFailed
    request.selection = try RunSelection(only, of: manifest, in: existing)
    if dryRun {
      let orders = try Submitter.preview(
        manifest, in: existing, storePath: store.path, engine: Slurm(), request: request)
      for order in orders { surroundings.output(commandLine(["sbatch"] + order) + "\n") }
      if orders.isEmpty { surroundings.note("nothing is missing.\n") }
      return .done
    }
    // Before a store is made.
    try Slurm().look()
    let submitter = Submitter(
      manifest, in: try Store(at: store.path, creating: true), engine: Slurm(), request: request)
    let report = try await submitter.submit { surroundings.note($0 + "\n") }
    surroundings.output(json ? report.json : surroundings.folded(report.text))
    if !report.submitted.isEmpty {
      surroundings.note(
        "To wait for them: \(commandLine(["mneme", "wait", self.manifest] + overrides.settings.flatMap { ["--set", $0] } + grid.arguments + store.arguments))\n"
      )
    }
    return report.status
  }
}

extension FrozenPlan.Mode: ExpressibleByArgument {}
