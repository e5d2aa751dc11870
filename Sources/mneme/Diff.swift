import ArgumentParser
import Harness
import Tables

/// `mneme diff`: two tables, cell by cell.
struct DiffCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract:
      "Compare the tables of two manifests, CSV files or runs, or a manifest's with the published numbers.",
    discussion: """
      Cells are joined by the keys that both sides have, and each gets a verdict: identical (bit for bit), same (within \
      the margin), improved, regressed, changed (B against A), higher or lower than published (where one side is published \
      numbers), unclear (these runs show neither), incomparable, missing. Differences \
      are tested with Welch's t-test, or the paired one where the table says `paired: true`, corrected for the number \
      of cells; `margin: 0.5%` and `converged: 0.5` in a table are used as well.

      Exit status: 0 every cell is identical or the same, 1 some are not (--fail-on narrows that), 2 they cannot be \
      compared. Beside `paper`, tables without published numbers are left out; with --where, the published cells of \
      what was not chosen are missing.

        mneme diff Experiments/sorting-ablation.yaml paper
        mneme diff 3f9a2c 81d04e --table table6 --margin 0.5% --fail-on regressed
        mneme diff 3f9a2c 81d04e -o difference.md
        mneme diff Results/tables/sorting-ablation.csv Experiments/sorting-ablation.yaml --test exact
      """)

  @Argument(help: "A manifest's file or hash, a run's hash, or a CSV file.", completion: .tables)
  var a: String

  @Argument(help: "Another; or `paper`, for the numbers published beside A's tables.", completion: .tables)
  var b: String

  @Option(help: "The table to compare. Usually all of A's.")
  var table: String?

  @Option(help: "The metric to compare. Usually all.")
  var metric: String?

  @OptionGroup var judging: JudgingOptions

  @Option(help: "Which verdicts make the exit status 1: regressed, changed, different or never.")
  var failOn = FailOn.different

  @Flag(help: "Cells that one side lacks do not fail.")
  var allowMissing = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file, which is left alone where it says the same already; the format goes by its ending. May be repeated.",
      valueName: "file"), completion: .file())
  var output: [String] = []

  @OptionGroup var selection: WhereOptions
  @OptionGroup var layout: LayoutOptions
  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let comparison = try TableComparison(
      a, b, table: table, metric: metric, asked: judging.rules, isTestGiven: judging.test != nil,
      where: selection.selection(in: existing), in: existing,
      at: store.path)
    surroundings.errors(comparison.complaints)
    surroundings.note(comparison.notes)
    // Two files need no store.
    if existing == nil, ![a, b].allSatisfy({ $0.lowercased().hasSuffix(".csv") }) {
      store.note(in: surroundings)
    }
    try layout.put(in: output, surroundings) { try comparison.text($0, isSingle: table != nil, page: $1) }
    if !comparison.hasCommonCell, !comparison.hasCorrupt {
      surroundings.errors("\(ReportError.nothingComparable(a: a, b: b))\n")
    }
    return comparison.status(failOn: failOn, allowsMissing: allowMissing)
  }
}

/// How differences are told from chance.
struct JudgingOptions: ParsableArguments {
  @Option(
    help:
      "welch, paired (runs of one seed belong together), permutation (exact, for skewed numbers; from 4 runs a side), or exact (bit for bit, no statistics). Usually as the table declares."
  )
  var test: ComparisonRules.Test?

  @Option(help: ArgumentHelp("The p below which a difference is no chance.", valueName: "number"))
  var alpha = 0.05

  @Option(help: "For the number of cells: holm, bh (Benjamini-Hochberg) or none.")
  var correction = Correction.holm

  @Option(
    help: ArgumentHelp(
      "What does not matter: 0.5% of A, or 0.2abs as shown. Usually as the table declares.",
      valueName: "margin"))
  var margin: Margin?

  func validate() throws {
    guard alpha > 0, alpha < 0.5 else {
      throw ValidationError("--alpha is \(alpha); expected a number between 0 and 0.5, such as 0.05.")
    }
  }

  var rules: ComparisonRules {
    ComparisonRules(test: test ?? .welch, correction: correction, alpha: alpha, margin: margin)
  }
}

extension ComparisonRules.Test: ExpressibleByArgument {}
extension Correction: ExpressibleByArgument {}
extension FailOn: ExpressibleByArgument {}

extension Margin: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
