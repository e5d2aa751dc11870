import ArgumentParser
import Harness
import Tables

/// `mneme diff`: two tables, cell by cell.
struct DiffCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract:
      "Compare the tables of two manifests, CSV files or runs, or a manifest's with the published numbers.",
    discussion: """
      Cells are joined by the keys that both sides have. Exit status: 0 every cell is identical, 1 some differ or are \
      missing on one side, 2 they cannot be compared. Beside `paper`, tables without published numbers are left out.

        mneme diff Experiments/sorting-ablation.yaml paper
        mneme diff 3f9a2c 81d04e --table table6
        mneme diff Results/tables/sorting-ablation.csv Experiments/sorting-ablation.yaml
      """)

  @Argument(help: "A manifest's file or hash, a run's hash, or a CSV file.")
  var a: String

  @Argument(help: "Another; or `paper`, for the numbers published beside A's tables.")
  var b: String

  @Option(help: "The table to compare. Usually all of A's.")
  var table: String?

  @OptionGroup var layout: LayoutOptions
  @OptionGroup var store: StoreOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let comparison = try TableComparison(a, b, table: table, in: existing, at: store.path)
    surroundings.errors(comparison.complaints + comparison.notes)
    // Two files need no store.
    if existing == nil, ![a, b].allSatisfy({ $0.lowercased().hasSuffix(".csv") }) {
      store.note(in: surroundings)
    }
    surroundings.output(
      try comparison.text(layout.chosen ?? .text, isSingle: table != nil, page: layout.page))
    if !comparison.hasCommonCell, comparison.complaints.isEmpty {
      surroundings.errors("\(ReportError.nothingComparable(a: a, b: b))\n")
    }
    return comparison.status
  }
}
