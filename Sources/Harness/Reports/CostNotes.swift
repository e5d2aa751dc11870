import Archive
import Models
import Records
import Tasks

/// What a reader of costs must know besides the numbers: what was not computed, and what the seconds are of.
struct CostNotes: Sendable {
  /// `transformer-xl: 29 of 32 segments lie beyond its reach and are not computed.`
  private let skipped: [String]
  /// `build-7, AMD EPYC`, of the finished runs.
  private let machines: [String]
  /// The most attempts at finished runs that went on at one moment.
  private let sideBySide: Int

  /// - Parameter finished: The finished runs of the manifest.
  init(_ manifest: Manifest, finished: [Digest], in store: Store?) throws(ArchiveError) {
    skipped = CostNotes.skipped(manifest)
    var spans: [(host: String, start: String, end: String)] = []
    var machines: Set<String> = []
    for run in finished {
      for attempt in try store?.run(run).attempts() ?? [] {
        guard let start = attempt.start else { continue }
        machines.insert("\(start.host), \(start.cpu)")
        if let end = attempt.end { spans.append((start.host, start.started, end.ended)) }
      }
    }
    self.machines = machines.sorted()
    // Moments of one form, so their order is that of their text. An attempt is beside all that began before and go on.
    sideBySide =
      spans.map { one in
        spans.count { $0.host == one.host && $0.start <= one.start && one.start < $0.end }
      }.max() ?? 0
  }

  /// What to write below a table of a cost; nothing for a metric, and for a cost that is no time.
  func sentences(about key: String) -> [String] {
    switch Cost(key: key) {
    case .seconds, .trainingSeconds, .evaluationSeconds, .secondsPerStep: skipped + wallTime
    case .cpuSeconds: skipped
    case nil, .steps, .peakBytes, .stateBytes, .associationBytes, .attempts: []
    }
  }

  private var wallTime: [String] {
    guard !machines.isEmpty else { return [] }
    let most = sideBySide > 0 ? "at most \(counted(sideBySide, "run")) of this table side by side, " : ""
    return [
      "Seconds of finished runs are wall time of their attempts on \(machines.joined(separator: "; ")): \(most)whatever "
        + "else the machine did."
    ]
  }

  /// One sentence for each work whose early segments cannot be felt by any label.
  private static func skipped(_ manifest: Manifest) -> [String] {
    let keys = RunLabels(manifest).keys.filter { $0 != "seed" }
    var works: Set<Settings> = []
    var sentences: [String] = []
    for run in manifest.runs where isKnown(run) && works.insert(Costs.work(of: run.storedSettings)).inserted {
      let work = Workload(run)
      guard work.skippedSegments > 0 else { continue }
      let kind = run.settings[RunSchema.modelKind]?.description ?? ""
      let choices = keys.filter { $0 != RunSchema.modelKind }.compactMap { key in
        run.settings[key].map { "\(key)=\($0)" }
      }
      let sentence =
        "\(([kind] + choices).joined(separator: " ")): \(work.skippedSegments.grouped) of "
        + "\(counted(work.segments, "segment")) lie beyond its reach and are not computed."
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    return sentences
  }

  /// Whether this program has the model and the task of a run, and means by them what was meant when it was stored.
  private static func isKnown(_ run: Specification) -> Bool {
    let model = modelCatalogue.first { .text($0.name) == run.settings[RunSchema.modelKind] }
    let task = taskCatalogue.first { .text($0.name) == run.settings[RunSchema.taskKind] }
    guard let model, let task else { return false }
    return run.settings["semantics.model"] == .integer(model.semantics)
      && run.settings["semantics.task"] == .integer(task.semantics)
  }
}
