import Archive
import ArgumentParser
import Harness
import Records

/// `mneme cancel`: ends submitted jobs.
struct CancelCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End the jobs of submitted runs; what they computed is kept.",
    discussion: """
      Workers save a checkpoint first, if the cluster gives them the time. Only jobs that bear the plan's name now are \
      ended, never a number that was written down: Slurm gives numbers anew.

        mneme cancel Experiments/sorting-ablation.yaml
        mneme cancel 3f9a2c
        mneme cancel --all

      Exit status: 0 also where there was nothing to end, 2 where Slurm could not be asked.
      """)

  @Argument(help: "A manifest: its file, or its hash; or the hash of a run.", completion: .subject)
  var subject: String?

  @Flag(help: "Everything that was submitted from this store.")
  var all = false

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print a list of the jobs, for programs.")
  var json = false

  func validate() throws {
    guard (subject == nil) == all else {
      throw ValidationError("name a manifest or a run, or give --all and neither.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let store = try Store(at: store.path, creating: false)
    let runs: Set<Digest>
    switch try subject.map({ try Subject($0, settings: overrides.settings, in: store, at: self.store.path) })
    {
    case .run(let run): runs = [run]
    case .manifest(let manifest): runs = Set(manifest.runs.map(\.run))
    case nil: runs = Set(try SubmissionBook(store).subjects.map(\.run))
    }
    let cancellation = try await Cancellation(of: runs, in: store, engine: Slurm(), isForAll: all)
    surroundings.output(json ? cancellation.json : surroundings.folded(cancellation.text))
    return .done
  }
}
