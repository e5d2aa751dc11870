import Archive
import ArgumentParser
import Foundation
import Harness
import Records
import Tensors

/// `mneme worker`: computes one run. Started by schedulers, and by people who want to watch one run alone.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Compute one run of a store, in this process.",
    discussion: """
      Schedulers start workers; a person rarely needs to. Standard output has one line of JSON an event; everything \
      else goes to the attempt's log. SIGTERM or Ctrl-C lets it finish the step, save a checkpoint and leave with \
      status 3; 75 means that another process has the run.

      With --plan it is a job of a cluster: it computes the run of the plan with the number --index, or of a plan for \
      workers one run after the other, each in a process of its own.

        mneme worker --run 3f9a2c1b04d1 --threads 2
        mneme worker --plan 8c1d33a0f2b7 --index 3
      """,
    shouldDisplay: false)

  @OptionGroup var store: StoreOptions

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The run, by its hash or the beginning of it.", valueName: "hash"))
  var hash: String?

  @Option(help: ArgumentHelp("The plan of a submission, by its hash, in place of --run.", valueName: "hash"))
  var plan: String?

  @Option(help: ArgumentHelp("With --plan: the number of the job, from 0.", valueName: "number"))
  var index: Int?

  @OptionGroup var computing: ComputingOptions
  @OptionGroup var checkpoints: CheckpointOption

  @Option(
    help: ArgumentHelp(
      "Time between signs of life for other machines, where locks do not reach them.", valueName: "seconds"))
  var leaseSeconds: Double?

  @Option(help: ArgumentHelp("Leave when this process is not the parent any more.", valueName: "process"))
  var parent: Int32?

  @Option(
    help: ArgumentHelp("The manifest that asked for the run, for the attempt's record.", valueName: "hash"))
  var manifest: String?

  @Option(help: ArgumentHelp("The program's hash, for the attempt's record.", valueName: "hash"))
  var code: String?

  @Flag(inversion: .prefixedNo, help: "Whether to keep the file of final weights; their digest always is.")
  var keepWeights = true

  func validate() throws {
    guard (hash == nil) != (plan == nil) else {
      throw ValidationError("expected --run with a run, or --plan with a plan and --index.")
    }
    guard (plan == nil) == (index == nil) else {
      throw ValidationError("--plan and --index go together: the plan, and the number of the job.")
    }
    guard leaseSeconds.map({ $0.isFinite && $0 >= 0.01 && $0 <= 1e4 }) ?? true else {
      throw ValidationError("--lease-seconds is \(leaseSeconds ?? 0); expected 0.01 to 10000.")
    }
  }

  // Where it was called: a run is computed on the main thread, whose stack is the large one.
  @MainActor func run() async throws {
    Interruptions.watch(leavingAt: 2)
    let store = try Store(at: store.path, creating: false)
    if let plan, let index { throw ExitCode(try await work(on: plan, index, in: store).rawValue) }
    guard let hash else { return }
    let id = try Digest.run(hash, in: store)
    let chosen = computing.instructions.chosen
    var resources = RunResources(Resources(), threads: computing.threads)
    if let seconds = checkpoints.seconds { resources.checkpointInterval = .seconds(seconds) }
    (resources.keepsWeights, resources.instructions) = (keepWeights, chosen)
    var provenance = Provenance(
      arguments: CommandLine.arguments, threads: resources.threads, manifest: manifest)
    provenance.instructions = "\(chosen ?? .best)"
    provenance.code = code ?? OwnCode.digest?.hex
    provenance.toolchain = OwnCode.toolchain
    if let code = provenance.code.flatMap(Digest.init(hex:)),
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: LocalExecutor.ownProgram),
      let sources = SourceState(of: program, code: code)
    {
      (provenance.gitCommit, provenance.gitDirty) = (sources.commit, sources.isDirty)
    }
    (provenance.leaseSeconds, provenance.job) = (leaseSeconds, SlurmJob()?.sentence)
    let status = try WorkerProcess.work(
      store: store, run: id, resources: resources, parent: parent, provenance: provenance)
    throw ExitCode(status.rawValue)
  }
  /// One job of a plan.
  private func work(on plan: String, _ index: Int, in store: Store) async throws -> ExitStatus {
    Interruptions.watchForTimeWarnings()
    let plan = try FrozenPlan(plan, in: store)
    let surroundings = Surroundings.process
    let executor = LocalExecutor(
      store: store.root, manifest: plan.manifest, code: OwnCode.digest, parent: getpid(),
      leaseSeconds: leaseSeconds ?? 10)
    return try await PlanWork(plan, index: index, in: store).run(
      executor: executor, interruptions: surroundings.interruptions, warnings: { Interruptions.timeWarnings },
      requeue: SlurmJob().map { job in { try await job.requeue() } }, write: surroundings.errors)
  }
}
