import Archive
import ArgumentParser
import Harness
import Records

/// `mneme hash`: the four hashes.
struct HashCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "hash",
    abstract: "Print all digits of the hashes of a manifest or a run: manifest, code, run, result.",
    discussion: """
      `run` and `manifest` name what was asked for, `result` what came out, `code` this very program, which is in none \
      of the others. A run without a result has none yet.

        mneme hash Experiments/sorting-ablation.yaml
        mneme hash 3f9a2c --json
      """)

  @Argument(
    help: "A manifest's file, or a run or a manifest by its hash or the beginning of it.",
    completion: .subject)
  var subject: String

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let existing = try store.existing()
    var damage = DamageNotes(in: store.path)
    let result = { (run: Digest) throws -> Digest? in
      guard let directory = existing?.run(run) else { return nil }
      switch try directory.state(verifying: true) {
      case .done: return try directory.result().digest
      case .corrupt(let sentence):
        damage.add(corrupt: run, sentence)
        return nil
      default: return nil
      }
    }
    let hashes: Hashes
    switch try Subject(subject, settings: overrides.settings, in: existing, at: store.path) {
    case .manifest(let manifest):
      if existing == nil { store.note(in: surroundings) }
      hashes = try Hashes(manifest, code: OwnCode.digest, result: result)
    case .run(let run):
      guard let existing else { throw ReportError.noStore(store.path, wanted: subject) }
      let settings = try existing.run(run).settingsOrRefusal()
      hashes = try Hashes(
        try Specification(canonicalBytes: settings.canonicalBytes), code: OwnCode.digest, result: result)
    }
    surroundings.errors(damage.text)
    surroundings.output(json ? hashes.json : surroundings.folded(hashes.text))
    return damage.isEmpty ? .done : .finding
  }
}
