import Archive
import Records

/// Tells a file or a pipe what has changed since the last look, a line each: another state of a run, or another quarter of
/// its steps. What only moves on, as times and rates do, is no news.
package struct WatchLog: Sendable {
  private var states: [Digest: String]?
  private var quarters: [Digest: Int] = [:]

  package init() {}

  /// The news of a look; of the first one what is watched, the counts, and the runs that go on.
  ///
  ///     2026-11-21T09:00:00.000Z  222222222222  memory=none seed=2  running: step 450/900, 50 %, loss 1.23
  ///     2026-11-21T09:00:12.000Z  222222222222  memory=none seed=2  done  test.accuracy=0.4448
  ///     2 runs: 2 done
  package mutating func lines(of look: Watching.Look, glyphs: Glyphs) -> [String] {
    let isFirst = states == nil
    let known = states ?? [:]
    var (lines, isOtherState) = (isFirst ? [look.view.title] : [], isFirst)
    for standing in look.standings {
      let isChanged = known[standing.run] != standing.state.word
      isOtherState = isOtherState || isChanged
      let isNews = passesQuarter(standing) || (isChanged && !isFirst && standing.state.word != "pending")
      if isNews { lines.append("\(look.time)  \(words(on: standing, look.view))") }
    }
    states = Dictionary(look.standings.map { ($0.run, $0.state.word) }) { _, last in last }
    if isOtherState, case .runs(let view) = look.view { lines.append(view.summary) }
    return lines.map(glyphs.spelled)
  }

  /// Whether a run that goes on has done another quarter of its steps, or is first seen to go on.
  private mutating func passesQuarter(_ standing: Standing) -> Bool {
    guard standing.state.word == "running" else {
      quarters[standing.run] = nil
      return false
    }
    let quarter = Int((standing.live?.fraction ?? 0) * 4)
    defer { quarters[standing.run] = quarter }
    return quarters[standing.run].map { quarter > $0 } ?? true
  }

  private func words(on standing: Standing, _ view: WatchView) -> String {
    let line = StatusReport.Line(standing)
    let name = [standing.run.short, ProgressView.Run.short(standing.label)].filter { !$0.isEmpty }
    let state = [line.state, line.detail].filter { !$0.isEmpty }.joined(separator: ": ")
    return (name + [state]).joined(separator: "  ") + view.numbers(of: standing.run)
  }
}

extension WatchView {
  /// What is watched.
  fileprivate var title: String {
    switch self {
    case .runs(let view): view.title
    case .run(let view):
      [view.standing.run.short, view.standing.label].filter { !$0.isEmpty }.joined(separator: "  ")
    }
  }

  /// Final metrics of a run that was published lately.
  fileprivate func numbers(of run: Digest) -> String {
    guard case .runs(let view) = self, let finished = view.finished.first(where: { $0.run == run }) else {
      return ""
    }
    return finished.metrics.map { "  \($0.name)=\(NumberText.fixed($0.value, digits: 4))" }.joined()
  }
}
