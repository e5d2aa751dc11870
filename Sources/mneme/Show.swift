import ArgumentParser
import Harness

/// `mneme show`: one run or manifest, with all there is to know.
struct ShowCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Show a run or a manifest: what it is in words, its settings, state, metrics, attempts and files.",
    discussion: """
      Of a run every number comes with the sum it is made by: parameters by group, steps, segments, the error of its \
      accuracy. Damage is told on standard error too, and makes the exit status 1.

        mneme show 3f9a2c
        mneme show Experiments/sorting-ablation.yaml
      """)

  @Argument(
    help: "A run or a manifest, by its hash or the beginning of it, or a manifest's file.",
    completion: .subject)
  var subject: String

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Option(
    help: ArgumentHelp(
      "Characters in a line of words about a run, 20 at least. Usually the terminal's.", valueName: "number"))
  var width: Int?

  @Flag(help: "Print an object for programs.")
  var json = false

  func validate() throws {
    guard width.map({ (20...10_000).contains($0) }) ?? true else {
      throw ValidationError("--width is \(width ?? 0); expected 20 to 10000.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    switch try Subject(subject, settings: overrides.settings, in: existing, at: store.path) {
    case .manifest(let manifest):
      let portrait = try ManifestPortrait(manifest, in: existing)
      if existing == nil { store.note(in: surroundings) }
      surroundings.errors(portrait.complaints)
      surroundings.output(json ? portrait.json : surroundings.folded(portrait.text, width: width))
      return portrait.status
    case .run(let run):
      guard let existing else { throw ReportError.noStore(store.path, wanted: subject) }
      let portrait = try RunPortrait(run, in: existing)
      surroundings.errors(portrait.complaints)
      surroundings.output(
        json
          ? portrait.json
          : surroundings.folded(portrait.text(width: width ?? Page.standardOutput.width), width: width))
      return portrait.status
    }
  }
}
