import Archive
package import Records

/// What there is to see of many runs at one moment: `mneme watch`. A value to text, and nothing else.
package struct StoreView: Sendable {
  /// A run whose result was published lately.
  package struct Finished: Sendable {
    package let run: Digest
    package let label: String
    /// Seconds.
    package let ago: Double
    package let metrics: [(name: String, value: Double)]

    package init(run: Digest, label: String, ago: Double, metrics: [(name: String, value: Double)]) {
      (self.run, self.label, self.ago, self.metrics) = (run, label, ago, metrics)
    }
  }

  /// What is watched: `sorting-ablation (tier quick), manifest 5c0316837782`.
  package let title: String
  package let standings: [Standing]
  /// The newest first.
  package let finished: [Finished]
  /// Seconds until everything is done; nil while there is no telling.
  package let remaining: Double?

  package init(title: String, standings: [Standing], finished: [Finished], remaining: Double?) {
    (self.title, self.standings, self.finished, self.remaining) = (title, standings, finished, remaining)
  }

  /// Those that go on, in the order of the manifest.
  var running: [Standing] {
    standings.filter { if case .running = $0.state { true } else { false } }
  }

  /// Those that failed, the last one first, and then the damaged ones.
  var failed: [Standing] {
    standings.filter { $0.state.word == "failed" }
      .sorted { ($0.failed ?? "", $1.run) > ($1.failed ?? "", $0.run) }
      + standings.filter { $0.state.word == "corrupt" }
  }

  /// The lines of the view, none wider than `width`, and no more than `height`.
  package func lines(width: Int, height: Int, glyphs: Glyphs) -> [String] {
    var lines = [title, summary]
    let (running, failed) = (running, Array(failed.prefix(3)))
    let finished = self.finished.prefix(3)
    let below = [finished.count, failed.count].reduce(0) { $0 + ($1 > 0 ? $1 + 2 : 0) }
    let room = max(1, height - lines.count - below - 2)
    if !running.isEmpty {
      lines.append("")
      lines += self.lines(of: running, room: room, width: width, glyphs: glyphs)
    }
    if !finished.isEmpty { lines += ["", "finished last"] + finished.map(line) }
    if !failed.isEmpty {
      lines += ["", "failed last"]
      lines += failed.map {
        let detail = StatusReport.Line($0).detail
        let told = $0.state.word == "corrupt" ? "corrupt: \(detail)" : detail
        return "  \($0.run.short)  \(ProgressView.Run.short($0.label))  \(told)"
      }
    }
    return lines.prefix(max(1, height)).map { trimmedEnd(String(glyphs.spelled($0).prefix(width))) }
  }

  /// `48 runs: 17 done, 2 running, 29 pending; about 12 m left`
  package var summary: String {
    let counts = StatusReport(standings, in: "").counts.map { "\($0.count) \($0.state)" }.joined(
      separator: ", ")
    let time = remaining.map { "; about \(duration($0)) left" } ?? ""
    return "\(counted(standings.count, "run")): \(counts.isEmpty ? "none stored" : counts)\(time)"
  }

  /// Two lines for every run where there is room for them, else one; what then is too much is counted.
  private func lines(of running: [Standing], room: Int, width: Int, glyphs: Glyphs) -> [String] {
    let isTight = running.count * 2 > room
    let shown = running.prefix(isTight && running.count > room ? room - 1 : running.count)
    let names = shown.map { ProgressView.Run.short($0.label) }
    let labelWidth = min(names.map(\.count).max() ?? 0, max(8, width / 3))
    let lines = zip(shown, names).flatMap { standing, name in
      let line =
        "  \(standing.run.short)"
        + standing.progress(named: name).line(labelWidth: labelWidth, width: width - 14)
      return isTight ? [line] : [line, standing.second(width: width, glyphs: glyphs)]
    }
    return lines + (shown.count < running.count ? ["  and \(running.count - shown.count) more"] : [])
  }

  private func line(of run: Finished) -> String {
    let metrics = run.metrics.map { "  \($0.name)=\(NumberText.fixed($0.value, digits: 4))" }.joined()
    return "  \(run.run.short)  \(ProgressView.Run.short(run.label))  \(duration(run.ago)) ago\(metrics)"
  }
}

extension Standing {
  /// As a bar with numbers beside it.
  func progress(named name: String) -> ProgressView.Run {
    var run = ProgressView.Run(label: name)
    guard let live else { return run }
    (run.step, run.steps, run.phase) = (live.step, live.steps, live.phase)
    (run.stepsPerSecond, run.remaining, run.loss) = (live.stepsPerSecond, live.remaining, live.loss)
    return run
  }

  /// The curve, and who works on it.
  func second(width: Int, glyphs: Glyphs) -> String {
    let spark = glyphs.spark(curve, width: max(10, width / 3))
    return "                " + (spark.isEmpty ? "" : spark + "  ") + workings
  }

  /// `step 450/900, attempt 2, process 4711 on vm`; after a minute without a word, also that.
  var workings: String {
    var parts: [String] = []
    if let live { parts.append("step \(live.step)/\(live.steps)") }
    if case .running(let owner) = state {
      if let attempt = owner.attempt { parts.append("attempt \(attempt)") }
      if let host = owner.host, let pid = owner.pid { parts.append("process \(pid) on \(host)") }
    }
    if let silence = live?.silence, silence > 60 { parts.append("silent for \(duration(silence))") }
    return parts.joined(separator: ", ")
  }
}
