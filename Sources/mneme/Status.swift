import Archive
import ArgumentParser
import Harness

/// `mneme status`: how far runs have come.
struct StatusCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far the runs of a manifest, or of the whole store, have come.",
    discussion: """
      Looks at the store at any time, waits for nobody, and changes nothing. Where runs were submitted and are not done, \
      Slurm is asked for their jobs. Of the whole store its size is told, too. Exit status: 0 nothing is wrong, 1 a run \
      failed or something is damaged, 2 it could not be looked at.

        mneme status Experiments/sorting-ablation.yaml
        mneme status --where 'model.kind=memoria status!=done'
      """)

  @Argument(
    help: "A manifest: its file, or the hash of one in the store. Without it, everything that is stored.",
    completion: .manifest)
  var manifest: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a setting, as given to `mneme run`.", valueName: "key=value"),
    completion: .setting)
  var settings: [String] = []

  @OptionGroup var selection: WhereOptions
  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(
    help: "Print a list of objects for programs, each of a run; of a whole store the last is of the store.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let store = try store.existing()
    var report: StatusReport
    if let manifest {
      let manifest = try Manifest(named: manifest, settings: settings, in: store, at: self.store.path)
        .selecting(selection.selection(in: store), in: store)
      report = StatusReport(manifest, in: store)
    } else {
      report = try StatusReport(of: store, where: selection.selection(in: store))
    }
    if store == nil { self.store.note(in: surroundings) }
    let picture = try await QueuePicture(of: report.open, in: store, engine: Slurm())
    report.add(picture)
    // Only who asks about all of it wants to know.
    let whole = manifest == nil && selection.texts.isEmpty ? store : nil
    surroundings.output(
      json ? whole.map(report.json(of:)) ?? report.json : surroundings.folded(report.text))
    for line in picture.lines { surroundings.note(line + "\n") }
    if let complaint = picture.complaint {
      surroundings.errors("\(complaint) What is said of the runs is the store's word.\n")
    }
    if let whole, !json { surroundings.output(surroundings.folded(StoreSizes(of: whole).text)) }
    return report.status
  }
}
