import Archive
import ArgumentParser
import Harness
import Records

/// `mneme rerun`: computes again what is published, and says whether the same bits came out.
struct RerunCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "rerun",
    abstract: "Compute a run or a manifest again from what the store keeps, and compare.",
    discussion: """
      Nothing but the hash is needed: no file of the manifest. What is published is never touched. Without --check the \
      digests of the results are compared; with it every number and the final weights, and the first difference is \
      told. Exit status: 0 identical, 1 something differs, 2 something could not be compared, 3 stopped.

        mneme rerun 3f9a2c --check
      """)

  @Argument(help: "A run or a manifest, by its hash or the beginning of it.")
  var hash: String

  @Flag(help: "Compare every number and the final weights bit for bit.")
  var check = false

  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var store: StoreOptions

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let store = try Store(at: store.path, creating: false)
    let (runs, resources) = try chosen(in: store)
    Interruptions.watch(leavingAt: 3)
    let reproduction = Reproduction(in: store, options: execution.options, isThorough: check)
    let report = try await reproduction.run(runs, resources: resources, surroundings)
    surroundings.output(json ? report.json : report.text)
    return report.status
  }

  private func chosen(in store: Store) throws -> (
    runs: [(specification: Specification, label: String)], Resources
  ) {
    switch try Target(hash, in: store) {
    case .run(let run):
      let settings = try store.run(run).settings()
      return ([(try Specification(canonicalBytes: settings.canonicalBytes), "")], Resources())
    case .manifest(let object):
      let manifest = try Manifest(canonicalBytes: try store.object(object), hash: object.id).checked()
      let labels = RunLabels(manifest)
      return (manifest.runs.map { ($0, labels.label(of: $0)) }, manifest.resources)
    }
  }
}
