import ArgumentParser
import Harness

/// `mneme export`: runs as one file for other programs.
struct ExportCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "Write the finished runs of the store as one HDF5, CSV or JSON lines file, for h5py, pandas and others.",
    discussion: """
      A row a run, a column a key: run, manifest and tier, every setting and what follows from it, final metrics, costs, \
      and who computed it with which code. HDF5 has the history of metrics, too. The file's name tells the format: .h5, \
      .csv or .jsonl. It is written whole or not at all, and never over another one without --replace. Runs that are not \
      finished are left out, and counted on standard error; what is damaged makes the exit status 1.

        mneme export runs.csv
        mneme export memoria.h5 --where 'model.kind=memoria tier=quick'
        mneme export runs.jsonl --where 'manifest=sorting' --replace
        python3 -c 'import pandas; print(pandas.read_csv("runs.csv").groupby("model.memory")["test.accuracy"].mean())'
      """)

  @Argument(
    help: "The file to write; its name ends in .h5, .hdf5, .csv, .jsonl or .ndjson.", completion: .file())
  var file: String

  @OptionGroup var selection: WhereOptions

  @Flag(help: "Write over a file of that name.")
  var replace = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print what was written as an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard let existing = try store.existing() else { throw ReportError.absentStore(store.path) }
    let report = try ExportReport(
      to: file, replacing: replace, where: selection.selection(in: existing), in: existing)
    surroundings.errors(report.complaints)
    surroundings.note(report.notes)
    surroundings.output(json ? report.json : surroundings.folded(report.text))
    return report.status
  }
}
