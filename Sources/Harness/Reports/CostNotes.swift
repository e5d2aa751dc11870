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
  /// The most attempts of the whole store that went on at one moment while these runs were computed.
  private let sideBySide: Int

  /// - Parameters:
  ///   - manifest: Nil for runs of any manifests, of which nothing is said but where they ran.
  ///   - finished: The finished runs of the manifest.
  init(_ manifest: Manifest?, finished: [Digest], in store: Store?) throws(ArchiveError) {
    skipped = manifest.map(CostNotes.skipped) ?? []
    var machines: Set<String> = []
    var own: [Span] = []
    for run in finished {
      for attempt in try store?.run(run).attempts() ?? [] {
        guard let start = attempt.start else { continue }
        machines.insert("\(start.host), \(start.cpu)")
        own += Span(attempt).map { [$0] } ?? []
      }
    }
    self.machines = machines.sorted()
    guard let store, !own.isEmpty else { sideBySide = 0; return }
    // A record that cannot be read is for `fsck` to tell: of another run, it spoils no number of this table.
    let all = try store.runs().flatMap { ((try? store.run($0).attempts()) ?? []).compactMap(Span.init) }
    let (everybody, mine) = (Timelines(all), Timelines(own))
    // The most go on where one begins.
    sideBySide = all.filter { mine.count(where: $0) > 0 }.map { everybody.count(where: $0) }.max() ?? 0
  }

  /// When an attempt went on, and where. Moments are texts of one form, so their order is that of their text.
  private struct Span {
    let host, start, end: String

    init?(_ attempt: Attempt) {
      guard let start = attempt.start, let end = attempt.end else { return nil }
      (host, self.start, self.end) = (start.host, start.started, end.ended)
    }
  }

  /// How many attempts go on at a moment, host by host.
  private struct Timelines {
    private var moments: [String: (starts: [String], ends: [String])] = [:]

    init(_ spans: [Span]) {
      // One that ends before it begins, by a clock that was set back, goes on at no moment.
      for span in spans where span.start < span.end {
        moments[span.host, default: ([], [])].starts.append(span.start)
        moments[span.host, default: ([], [])].ends.append(span.end)
      }
      for host in moments.keys {
        moments[host]?.starts.sort()
        moments[host]?.ends.sort()
      }
    }

    /// How many go on at the moment at which `span` begins: those that have begun, less those that have ended.
    func count(where span: Span) -> Int {
      guard let (starts, ends) = moments[span.host] else { return 0 }
      return Timelines.upTo(span.start, in: starts) - Timelines.upTo(span.start, in: ends)
    }

    private static func upTo(_ moment: String, in sorted: [String]) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] <= moment { low = middle + 1 } else { high = middle }
      }
      return low
    }
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
    let most = sideBySide > 0 ? "at most \(counted(sideBySide, "run")) of this store side by side, " : ""
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
