import Archive
import ArgumentParser
import Harness

/// `mneme import`: what another store has, into this one.
struct ImportCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring the runs, manifests and notes of another store into this one, every byte verified.",
    discussion: """
      The other store is a folder, and is only read. Each run is compared with its digests before it comes in, with \
      settings, results, weights and records; checkpoints come with unfinished runs, which go on from them. A run that is \
      here with the same bits is left alone; one with other bits is a conflict, and nothing is overwritten; a damaged one \
      is refused by name, and the others go on. With --where only the runs that meet it come, with the manifests that ask \
      for them and what was written about both. The same command continues after a kill, and may be typed while others \
      work with the store. Exit status: 0 all is here, 1 a conflict or damage, 2 it could not be done, 3 stopped, 75 \
      somebody works on a run.

        mneme import /media/stick/store --dry-run
        mneme import /media/stick/store
        mneme import /media/stick/store --where 'manifest=sorting status=done'
        mneme import ../colleague/Results/store --json
      """)

  @Argument(help: ArgumentHelp("The folder of the other store.", valueName: "dir"), completion: .directory)
  var source: String

  @OptionGroup var selection: WhereOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(name: [.customShort("n"), .long], help: "Verify and say what would come in, and write nothing.")
  var dryRun = false

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let other = try ImportError.source(at: source, besides: store.path)
    let selection = try selection.selection(in: other)
    let target = dryRun ? try store.existing() : try Store(at: store.path, creating: true)
    if !dryRun { Interruptions.watch(leavingAt: 2) }
    let report = try StoreImport(
      from: other, where: selection, into: target, isDry: dryRun,
      isToStop: { surroundings.interruptions() > 0 })
    surroundings.errors(report.notes)
    surroundings.output(json ? report.json : surroundings.folded(report.text))
    if report.isStopped {
      surroundings.note(
        "To go on: \(commandLine(["mneme", "import", source] + self.selection.arguments + store.arguments))\n"
      )
    }
    return report.status
  }
}
