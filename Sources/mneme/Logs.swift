import Archive
import ArgumentParser
import Harness
import Records

/// `mneme logs`: what the process of a run wrote.
struct LogsCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Print what the process of a run wrote, its last words included.",
    discussion: """
      How the attempt ended is told on standard error.

        mneme logs 3f9a2c
        mneme logs 3f9a2c --attempt 1
      """)

  @Argument(help: ArgumentHelp("The run, by its hash or the beginning of it.", valueName: "run"))
  var hash: String

  @Option(help: ArgumentHelp("The number of the attempt. Usually the newest.", valueName: "number"))
  var attempt: Int?

  @Flag(name: [.customShort("f"), .long], help: "Go on printing while the attempt goes on.")
  var follow = false

  @OptionGroup var store: StoreOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let store = try Store(at: store.path, creating: false)
    let log = try RunLog(of: store.run(try Digest.run(hash, in: store)), attempt: attempt)
    if follow { Interruptions.watch(leavingAt: 1) }
    try await log.read(
      follows: follow, isToLeave: { surroundings.interruptions() > 0 }, write: surroundings.output)
    surroundings.errors((try log.ending() ?? "the attempt has no end: it goes on, or it was killed") + "\n")
    return .done
  }
}
