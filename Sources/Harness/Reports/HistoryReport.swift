package import Archive
import Records
package import Tables

/// What runs measured step by step, as curves: of finished runs from their results, of others from their newest
/// checkpoint.
package struct HistoryReport: Sendable {
  package let picture: Picture
  /// What the files of the picture are called without another name: `sorting-ablation-train.loss`.
  package let stem: String
  /// Runs that are left out and why, for standard error.
  package let complaints: String
  package let status: ExitStatus

  /// - Parameters:
  ///   - subjects: manifests and runs; each run is drawn once.
  ///   - metrics: `train.loss`; each becomes a panel.
  package init(_ subjects: [Subject], metrics: [String], in store: Store?, at place: String) throws {
    var runs: [Digest] = []
    var titles: [String] = []
    var axes = ["model.kind", "model.memory"]
    for subject in subjects {
      switch subject {
      case .run(let run): runs.append(run)
      case .manifest(let manifest):
        runs += manifest.runs.map(\.run)
        axes += manifest.tables.flatMap(\.specification.axes)
        titles.append("\(manifest.name), tier \(manifest.tier.rawValue), manifest \(manifest.hash.short)")
      }
    }
    var seen: Set<Digest> = []
    runs = runs.filter { seen.insert($0).inserted }
    guard runs.count <= Picture.historyLimit else {
      throw PlotError.tooManyRuns(runs.count, limit: Picture.historyLimit)
    }
    let histories = RunHistories(of: runs, in: store, at: place)
    let (found, missing, unreadable) = (histories.found, histories.missing, histories.unreadable)
    let damage = histories.damage
    guard !found.isEmpty else {
      let corrupt = damage.isEmpty ? [] : damage.lines + ["next: \(damage.next)"]
      throw PlotError.noHistory(missing + corrupt + unreadable.map(withoutStop))
    }

    let known = Set(
      found.flatMap { $0.series.flatMap { series in series.columns.map { series.name + "." + $0.name } } })
    for metric in metrics where !known.contains(metric) {
      throw PlotError.unknownMetric(metric, known: known.sorted())
    }
    let labels = HistoryReport.labels(found.map { ($0.run, $0.settings) }, axes: axes)
    let curves = zip(found, labels).flatMap { one, label in
      one.series.flatMap { series in
        series.columns.filter { metrics.contains("\(series.name).\($0.name)") && !series.steps.isEmpty }.map {
          History(
            label: label, source: "run \(one.run.short), \(one.source)", metric: "\(series.name).\($0.name)",
            unit: $0.unit, steps: series.steps, values: $0.values)
        }
      }
    }
    let what = "\(metrics.joined(separator: ", ")) by step of \(counted(found.count, "run"))"
    let partial = found.filter { $0.source != "result" }.map { "\($0.run.short) \($0.source)" }
    picture = Picture(
      histories: curves, of: metrics, runs: labels, name: metrics.joined(separator: "-"),
      caption: [titles.isEmpty ? what : "\(what) · \(titles.joined(separator: "; "))"]
        + (titles.isEmpty ? ["runs \(found.map(\.run.short).joined(separator: ", "))"] : [])
        + (partial.isEmpty ? [] : ["Not finished: \(partial.joined(separator: ", "))."]))
    stem = HistoryReport.stem(subjects, metrics)
    complaints =
      missing.map { "left out: \($0)\n" }.joined() + unreadable.map { "damaged: \($0)\n" }.joined()
      + damage.text
    status = unreadable.isEmpty && damage.isEmpty ? .done : .finding
  }

  /// What tells each run from the others, by `axes` where they do; its id where its settings do not.
  private static func labels(_ runs: [(run: Digest, settings: Settings)], axes: [String]) -> [String] {
    var keys: Set<String> = []
    for one in runs { keys.formUnion(one.settings.differences(from: runs[0].settings).map(\.key)) }
    let labels = RunLabels(runs.map(\.settings), differingIn: keys.sorted(), axes: axes)
    let texts = runs.map { labels.label(of: $0.settings) }
    return zip(runs, texts).map { one, text in
      text.isEmpty || texts.count(where: { $0 == text }) > 1
        ? [text, one.run.short].filter { !$0.isEmpty }.joined(separator: " ") : text
    }
  }

  /// A name of letters that every file system takes.
  private static func stem(_ subjects: [Subject], _ metrics: [String]) -> String {
    let owners = subjects.map { subject in
      switch subject {
      case .run(let run): run.short
      case .manifest(let manifest): manifest.name
      }
    }
    let more = owners.count > 1 ? ["and \(owners.count - 1) more"] : []
    return fileStem((owners.prefix(1) + more + metrics).joined(separator: "-"))
  }
}

/// `name` as the beginning of a file's name: what is neither a letter, a digit nor one of `._-` becomes `-`.
package func fileStem(_ name: String) -> String {
  let text = String(
    name.prefix(120).map { $0.isASCII && ($0.isLetter || $0.isNumber) || "._-".contains($0) ? $0 : "-" })
  return text.first == "." || text.first == "-" ? "_" + text : text
}
