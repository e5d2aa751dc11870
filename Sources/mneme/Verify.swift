import ArgumentParser
import Harness
import Tables

/// `mneme verify`: is what was measured what was published?
struct VerifyCommand: ExpandingGrids {
  /// The checks whose outcome makes the exit status.
  enum Counting: String, ExpressibleByArgument, CaseIterable { case values, order, claims, never }

  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Hold a manifest's measured tables against the published ones: values, order, the paper's claims.",
    discussion: """
      Values cell by cell, with the published deviation where there is one; the order of every pair of rows in every \
      column; and what the paper says of its numbers, recomputed in its own form from what it printed and from what \
      was measured here. Each is reproduced, not reproduced, or inconclusive. Printed numbers are taken to be rounded. \
      Claims are declared in claims.csv beside the published numbers; a published table alone has only these.

      Exit status: 0 all is reproduced, 1 something is not, 2 something is inconclusive or could not be checked.

        mneme verify Experiments/sorting-ablation.yaml
        mneme verify Experiments/sorting.yaml --table table4 --margin 1% --fail-on order
        mneme verify Experiments/paper/table3.csv
        mneme verify Experiments/sorting-ablation.yaml -o verification.md -o verification.csv
      """)

  @Argument(help: "A manifest's file or hash, or published numbers as CSV.", completion: .tables)
  var subject: String

  @Option(help: "The table to verify. Usually all that name published numbers.")
  var table: String?

  @Option(
    help: ArgumentHelp("Published numbers in place of those that the table names.", valueName: "csv"),
    completion: .file(extensions: ["csv"]))
  var reference: String?

  @Option(
    help: ArgumentHelp("Claims in place of claims.csv beside the published numbers.", valueName: "csv"),
    completion: .file(extensions: ["csv"]))
  var claims: String?

  @Option(
    help:
      "How far numbers may be apart and count as the same: 1% of the published one, or 0.5abs as shown. Usually as the table declares."
  )
  var margin: Margin?

  @Option(help: ArgumentHelp("The level of every test.", valueName: "number"))
  var alpha = 0.05

  @Option(help: "Let only these count for the exit status: values, order, claims or never. May be repeated.")
  var failOn: [Counting] = []

  @Flag(help: "Let what is inconclusive pass.")
  var allowInconclusive = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file, which is left alone where it says the same already; the format goes by its ending. May be repeated.",
      valueName: "file"), completion: .file())
  var output: [String] = []

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var layout: LayoutOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    guard alpha > 0, alpha < 0.5 else {
      throw ValidationError("--alpha is \(alpha); expected a number between 0 and 0.5, such as 0.05.")
    }
    guard !failOn.contains(.never) || Set(failOn) == [.never] else {
      throw ValidationError("--fail-on never and another say different things; give one of them.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    var question = VerificationReport.Question(rules: VerificationRules(alpha: alpha, margin: margin))
    question.settings = overrides.settings
    (question.table, question.reference, question.claims) = (table, reference, claims)
    let report = try VerificationReport(subject, question, in: existing, at: store.path)
    surroundings.errors(report.complaints)
    surroundings.note(report.notes)
    if existing == nil, !subject.lowercased().hasSuffix(".csv") { store.note(in: surroundings) }
    try layout.put(in: output, surroundings) { report.text($0, page: $1) }
    return report.status(of: counting, allowsInconclusive: allowInconclusive)
  }

  private var counting: Set<Verification.Kind> {
    guard !failOn.isEmpty else { return Set(Verification.Kind.allCases) }
    return Set(failOn.compactMap { Verification.Kind(rawValue: $0.rawValue) })
  }
}
