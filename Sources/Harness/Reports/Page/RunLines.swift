import Archive
import Records
import Tables

/// The runs of a manifest one by one: how each stands, what it gave, what it took.
struct RunLines: Sendable {
  struct Line: Sendable {
    let run: Digest
    let label: String
    /// The values of `keys`.
    let values: [String]
    /// `done`, `running`, `failed`, `interrupted`, `pending`, `corrupt`.
    let state: String
    /// What there is to say about the state: why it failed, what is damaged.
    let detail: String
    /// Nil until the run is done.
    let record: Record?
    let tags: [String]
    let notes: [Remark]
  }

  /// The keys that tell runs apart.
  let keys: [String]
  /// In the order of the manifest.
  let lines: [Line]

  /// - Parameter survey: what tables are made of: only what is finished there has numbers here.
  init(_ manifest: Manifest, _ survey: Survey, _ notebook: Notebook?, in store: Store?) {
    let labels = RunLabels(manifest)
    let keys = labels.keys
    let standing = StatusReport(manifest, in: store).lines
    let corrupt = Dictionary(survey.corrupt.map { ($0.run, $0.sentence) }) { first, _ in first }
    self.keys = keys
    lines = zip(zip(manifest.runs, survey.observations), standing).map { pair, standing in
      let (run, observation) = pair
      var (state, detail) = (standing.state, standing.detail)
      var record: Record?
      if case .finished(let found) = observation.state {
        (record, state, detail) = (found, RunState.done.word, "")
      } else if let sentence = corrupt[run.run] {
        (state, detail) = ("corrupt", sentence)
      } else if state == RunState.done.word {
        // Published since the tables were made.
        (state, detail) = ("running", "finished while this was written")
      }
      return Line(
        run: run.run, label: labels.label(of: run),
        values: keys.map { run.settings[$0].map(\.description) ?? "" }, state: state, detail: detail,
        record: record, tags: notebook?.tags(of: run.run) ?? [], notes: notebook?.notes(on: run.run) ?? [])
    }
  }

  /// States that some run has, with how many have it.
  var counts: [(state: String, count: Int)] {
    ["done", "running", "interrupted", "pending", "failed", "corrupt"].map { state in
      (state, lines.count { $0.state == state })
    }.filter { $0.count > 0 }
  }

  var finished: Int { lines.count { $0.record != nil } }

  /// `31 done, 12 pending, 3 failed`
  var countsText: String { counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ") }

  /// A line for every run.
  var table: PageTable {
    let metrics = Set(lines.flatMap { $0.record?.metrics.keys.map(\.self) ?? [] }).sorted()
    let costs = [Cost.seconds, .peakBytes].filter { cost in
      lines.contains { $0.record?.cost[cost.key] != nil }
    }
    let hasRemarks = lines.contains { !$0.detail.isEmpty || !$0.tags.isEmpty || !$0.notes.isEmpty }
    return PageTable(
      "Every run, in the order of the manifest", names: ["run"] + keys,
      heads: ["state"] + metrics + costs.map(\.key) + (hasRemarks ? ["remark"] : []),
      rows: lines.map { line in
        let numbers =
          metrics.map { name in
            line.record?.metrics[name].map { PageTable.Cell.number(NumberText.fixed($0, digits: 4)) }
              ?? .nothing
          }
          + costs.map { cost in
            line.record?.cost[cost.key].map {
              let least = line.record?.lowerBounds.contains(cost.key) ?? false ? "≥ " : ""
              return .number(least + cost.shown($0))
            } ?? .nothing
          }
        return PageTable.Row(
          [line.run.short] + line.values,
          [.words(line.state)] + numbers + (hasRemarks ? [.words(remark(line))] : []),
          isFaint: line.record == nil)
      },
      notes: (metrics.isEmpty
        ? [] : ["Metrics are as they are stored: accuracies as fractions, not in percent."])
        + costs.map { "\($0.key): \($0.meaning)." })
  }

  private func remark(_ line: Line) -> String {
    let notes = line.notes.isEmpty ? [] : [counted(line.notes.count, "note")]
    return ((line.detail.isEmpty ? [] : [line.detail]) + line.tags.map { "#\($0)" } + notes).joined(
      separator: ", ")
  }
}
