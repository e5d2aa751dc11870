import ArgumentParser
import Harness

/// `mneme gc`: removes what nothing needs.
struct GCCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Remove what nothing in the store needs any more. Try --dry-run first.",
    discussion: """
      That is: checkpoints of finished runs; of an unfinished one those that two newer ones of its newest attempt \
      replace; what killed processes left half written or half removed; measured costs and counted baselines that no run \
      asks for. Manifests, runs, results, weights, records and notes stay: `mneme remove` takes those. Runs that somebody \
      works on are passed over, so it may be typed at any time. Exit status: 0 done, 2 something could not be looked at \
      or removed, 3 stopped.

        mneme gc --dry-run
        mneme gc --json
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(name: [.customShort("n"), .long], help: "Say what would be removed, and do nothing.")
  var dryRun = false

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard let existing = try store.existing() else { throw ReportError.absentStore(store.path) }
    if !dryRun { Interruptions.watch(leavingAt: 2) }
    let tidying = try Tidying(existing, isDry: dryRun) { surroundings.interruptions() > 0 }
    surroundings.errors(tidying.complaints.map { "\($0)\n" }.joined())
    surroundings.output(json ? tidying.json : surroundings.folded(tidying.text))
    return tidying.status
  }
}
