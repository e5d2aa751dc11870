import Archive
import ArgumentParser
import Harness
import Records

/// `mneme explain`: why two hashes are not the same.
struct ExplainCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell in which keys two runs or two manifests differ, and which of the differences count.",
    discussion: """
      Exit status: 0 they are the same by their hash, 1 they are not, 2 they cannot be compared.

        mneme explain 3f9a2c 81d04e
        mneme explain 3f9a2c Experiments/sorting-ablation.yaml
      """)

  @Argument(
    help: "A manifest's file, or a run or a manifest by its hash or the beginning of it.",
    completion: .subject)
  var a: String

  @Argument(help: "Another of the same kind.", completion: .subject)
  var b: String

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    let subjects = (
      try Subject(a, in: existing, at: store.path), try Subject(b, in: existing, at: store.path)
    )
    let explanation: Explanation
    switch subjects {
    case (.manifest(let first), .manifest(let second)): explanation = Explanation(first, second)
    case (.run(let first), .run(let second)):
      guard let existing else { throw ReportError.noStore(store.path, wanted: a) }
      let runs = try [first, second].map { run in
        try Specification(canonicalBytes: try existing.run(run).settings().canonicalBytes)
      }
      explanation = Explanation(runs[0], runs[1])
    default: throw ReportError.unlikeSubjects(a, b)
    }
    surroundings.output(json ? explanation.json : surroundings.folded(explanation.text))
    return explanation.isSame ? .done : .finding
  }
}
