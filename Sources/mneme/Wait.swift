import Archive
import ArgumentParser
import Harness

/// `mneme wait`: waits for what was submitted.
struct WaitCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract:
      "Wait until submitted runs are done, or until nothing is on its way any more that could do them.",
    discussion: """
      What is done, the store says; Slurm is only asked what is still to come, and may be away meanwhile. The one who \
      submitted need not be the one who waits, and what `mneme run` computes elsewhere is waited for as well. Ctrl-C \
      ends the waiting and nothing else.

        mneme wait Experiments/sorting-ablation.yaml
        mneme wait

      Exit status: 0 all done, 1 a run failed or is damaged, 2 it could not be looked at, 3 work is left that nobody \
      computes: submit again.
      """)

  @Argument(
    help:
      "A manifest: its file, or the hash of one in the store. Without it, all that was submitted from the store.",
    completion: .manifest)
  var manifest: String?

  @OptionGroup var grid: GridOptions
  @OptionGroup var overrides: OverrideOptions

  @Option(help: ArgumentHelp("Between two looks. Usually 5.", valueName: "seconds"))
  var every: Double?

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print how the runs ended, as `mneme status --json` does.")
  var json = false

  func validate() throws {
    guard every.map({ $0.isFinite && $0 >= 0.1 && $0 <= 3600 }) ?? true else {
      throw ValidationError("--every is \(every ?? 0); expected 0.1 to 3600.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    Interruptions.watch(leavingAt: 2)
    let store = try Store(at: store.path, creating: false)
    let book = try SubmissionBook(store)
    let subjects =
      try manifest.map {
        Standing.Subject.all(
          of: try Manifest(named: $0, settings: overrides.settings, in: store, at: self.store.path))
      } ?? book.subjects
    // Runs that are computed without a submission are waited for as well; not what nobody ever began.
    let isKnown = try subjects.contains { try store.run($0.run).state() != .pending }
    guard isKnown || !book.concerning(Set(subjects.map(\.run))).isEmpty else {
      throw SubmissionError.nothing(manifest ?? store.root)
    }
    let wait = SubmissionWait(subjects, in: store, engine: Slurm(), pause: .seconds(every ?? 5))
    let result = try await wait.wait(interruptions: surroundings.interruptions) {
      surroundings.note($0 + "\n")
    }
    surroundings.output(json ? result.report.json : surroundings.folded(result.report.text))
    if result.isInterrupted {
      surroundings.note("the jobs go on; `mneme status` tells how far they are.\n")
    } else if result.abandoned > 0 {
      surroundings.errors(
        "\(result.abandoned) of the runs are not done, and no job is on its way to them; the same `mneme submit` submits "
          + "them again.\n")
    }
    return result.status
  }
}
