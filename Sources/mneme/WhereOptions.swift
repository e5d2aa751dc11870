import Archive
import ArgumentParser
import Harness

/// Which of the runs are meant.
struct WhereOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only the runs with these values: 'model.kind=memoria task.segments>=8 status=failed'. \(language) More: `mneme help keys`.",
      valueName: "terms"), completion: .terms)
  var texts: [String] = []

  /// What can be typed, in two sentences.
  static let language =
    "Operators are = != < <= > >=, several values (a b), the opposite `not`; keys are settings, task.segments, status, failure, tier, manifest, run, tag, metrics, cost.*; note~word looks into notes. May be repeated; all must hold."

  /// - Parameter store: nil where nothing is stored yet.
  func selection(in store: Store?) throws -> Selection { try Selection(texts, in: store) }

  /// The arguments that say the same to another invocation.
  var arguments: [String] { texts.flatMap { ["--where", $0] } }
}
