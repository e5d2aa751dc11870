import Archive
import ArgumentParser
import Foundation
import Harness
import Records
import Tensors

/// `mneme worker`: computes one run. Started by schedulers, and by people who want to watch one run alone.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Compute one run of a store, in this process.",
    discussion: """
      Schedulers start workers; a person rarely needs to. Standard output has one line of JSON an event; everything \
      else goes to the attempt's log. SIGTERM or Ctrl-C lets it finish the step, save a checkpoint and leave with \
      status 3; 75 means that another process has the run.

        mneme worker --run 3f9a2c1b04d1 --threads 2
      """,
    shouldDisplay: false)

  @OptionGroup var store: StoreOptions

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The run, by its hash or the beginning of it.", valueName: "hash"))
  var hash: String

  @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "number"))
  var threads = 1

  @OptionGroup var instructions: InstructionsOption

  @Option(help: ArgumentHelp("Time between checkpoints; results do not depend on it.", valueName: "seconds"))
  var checkpointSeconds = 60.0

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
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads); expected 1 to 1024.")
    }
    guard checkpointSeconds.isFinite, checkpointSeconds >= 0, checkpointSeconds <= 1e6 else {
      throw ValidationError("--checkpoint-seconds is \(checkpointSeconds); expected 0 to a million.")
    }
  }

  func run() throws {
    Interruptions.watch(leavingAt: 2)
    let store = try Store(at: store.path, creating: false)
    let id = try Digest.run(hash, in: store)
    var resources = RunResources(Resources(), threads: threads)
    resources.checkpointInterval = .seconds(checkpointSeconds)
    resources.keepsWeights = keepWeights
    resources.instructions = instructions.chosen
    var provenance = Provenance(arguments: CommandLine.arguments, threads: threads, manifest: manifest)
    provenance.instructions = "\(instructions.chosen ?? .best)"
    provenance.code = code ?? OwnCode.digest?.hex
    provenance.toolchain = OwnCode.toolchain
    let status = try WorkerProcess.work(
      store: store, run: id, resources: resources, parent: parent, provenance: provenance)
    throw ExitCode(status.rawValue)
  }
}
