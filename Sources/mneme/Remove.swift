import ArgumentParser
import Harness
import Records

/// `mneme remove`: takes runs and manifests out of the store.
struct RemoveCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove runs or manifests from the store, with everything that was computed of them.",
    discussion: """
      What goes is listed with its size before anything is done; --dry-run does nothing else. A run that a stored \
      manifest needs is refused unless --even-if-needed is given, and one that somebody works on always; then nothing is \
      removed. A run is renamed away before it is deleted: whoever is killed in between leaves a whole store, and the \
      same command or `mneme gc` goes on. Notes stay. Exit status: 0 done, 2 refused, 3 stopped with work left, 75 \
      somebody works on a run.

        mneme remove 3f9a2c --dry-run
        mneme remove --where 'status=failed failure=diverged' --even-if-needed
        mneme remove 5c0316837782 --with-runs
      """)

  @Argument(
    help: ArgumentHelp(
      "Runs or manifests, by their hash or the beginning of it. Runs of a manifest stay without --with-runs.",
      valueName: "hash"), completion: .subject)
  var subjects: [String] = []

  @OptionGroup var selection: WhereOptions

  @Flag(help: "Remove the runs that only the named manifests ask for, too.")
  var withRuns = false

  @Flag(help: "Remove runs that stored manifests ask for all the same.")
  var evenIfNeeded = false

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(name: [.customShort("n"), .long], help: "Say what would be removed, and do nothing.")
  var dryRun = false

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func validate() throws {
    guard !subjects.isEmpty || !selection.texts.isEmpty else {
      throw ValidationError("what to remove is missing; expected hashes, or --where.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard let existing = try store.existing() else { throw ReportError.absentStore(store.path) }
    let chosen = try selection.selection(in: existing)
    guard !subjects.isEmpty || !chosen.isEverything else {
      throw ValidationError("--where is empty, which is every run; expected terms such as status=failed.")
    }
    let removal = try Removal(
      subjects, where: chosen, withRuns: withRuns, evenIfNeeded: evenIfNeeded, in: existing)
    surroundings.errors(removal.complaints)
    if !json { surroundings.output(surroundings.folded(removal.text)) }
    if dryRun {
      surroundings.output(json ? removal.json(removed: []) : "Would remove \(removal.sum).\n")
      return .done
    }
    guard removal.running.isEmpty else {
      let names = removal.running.map(\.run.short).joined(separator: ", ")
      surroundings.errors("somebody works on \(names), so nothing was removed; wait, or stop it first.\n")
      return .busy
    }
    Interruptions.watch(leavingAt: 2)
    let outcome = try removal.perform { surroundings.interruptions() > 0 }
    surroundings.output(
      json ? removal.json(removed: outcome.removed) : "Removed \(removal.sum(of: outcome.removed)).\n")
    for run in outcome.busy { surroundings.errors("somebody began to work on \(run.short); it stays.\n") }
    return outcome.isStopped ? .stopped : outcome.busy.isEmpty ? .done : .busy
  }
}
