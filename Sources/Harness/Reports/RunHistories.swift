import Archive
import Records

/// What runs of a store measured step by step, and why there is nothing of some.
struct RunHistories {
  struct Found {
    let run: Digest
    let settings: Settings
    /// `result`, or `checkpoint of step 300`.
    let source: String
    let series: [Series]
  }

  /// In the order of the runs.
  private(set) var found: [Found] = []
  /// A sentence for each run that has none yet.
  private(set) var missing: [String] = []
  /// What went wrong for those that cannot be read.
  private(set) var unreadable: [String] = []
  /// The corrupt ones.
  private(set) var damage: DamageNotes

  /// A nil store holds nothing yet.
  init(of runs: [Digest], in store: Store?, at place: String) {
    damage = DamageNotes(in: place)
    for run in runs {
      guard let directory = store?.run(run) else {
        missing.append("run \(run.short) was not begun")
        continue
      }
      do throws(ArchiveError) {
        if case .corrupt(let sentence) = try directory.state(verifying: true) {
          damage.add(corrupt: run, sentence)
          continue
        }
        guard let (source, series) = try RunHistories.series(of: directory) else {
          missing.append(
            "run \(run.short) (\(try directory.state().word)) has neither a result nor a checkpoint")
          continue
        }
        found.append(
          Found(run: run, settings: try directory.intactSettings(), source: source, series: series))
      } catch {
        unreadable.append(error.description)
      }
    }
  }

  /// The histories of a run and where they come from; nil where there are none yet.
  static func series(of directory: RunDirectory) throws(ArchiveError) -> (String, [Series])? {
    if try directory.state() == .done { return ("result", try directory.result().series) }
    guard let newest = try directory.checkpoints().first else { return nil }
    let checkpoint = try CheckpointFile.read(newest.path, run: directory.id)
    return ("checkpoint of step \(checkpoint.step)", checkpoint.series)
  }
}
