import ArgumentParser
import Harness

/// `mneme check`: whether manifests say something that can be run.
struct CheckCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Read manifests, check every setting, and print what they come to. Runs nothing.",
    discussion: """
      Prints the hash, the number of runs, the keys they differ in and the tables of each. Everything \
      that is wrong with a manifest is told with file and line on standard error, as far as one mistake does not hide \
      another; then the exit status is 2.

        mneme check Experiments/sorting-ablation.yaml
        mneme check Experiments/*.yaml --json
      """)

  @Argument(help: "The manifests: YAML files.", completion: .manifestFile)
  var manifests: [String]

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    var summaries: [ManifestSummary] = []
    var status = ExitStatus.done
    for manifest in manifests {
      do throws(ManifestError) {
        summaries.append(ManifestSummary(try Manifest(reading: manifest, settings: overrides.settings)))
      } catch {
        let complaints = Manifest.complaints(reading: manifest, settings: overrides.settings, after: error)
        surroundings.errors(complaints.map { "Error: \($0)\n" }.joined())
        status = .unable
      }
    }
    surroundings.output(
      json
        ? ManifestSummary.json(summaries) : surroundings.folded(summaries.map(\.text).joined(separator: "\n"))
    )
    return status
  }
}

/// Settings in place of a manifest's own, for the commands that read manifests.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Another value for a setting, as given to `mneme run`. May be repeated.", valueName: "key=value"),
    completion: .setting)
  var settings: [String] = []
}
