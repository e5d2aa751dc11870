package import Records

/// One metric of many runs step by step, told apart by what is special about each: a panel for each value of some keys, in
/// each panel a curve for each run.
package struct HistoryPanels: Sendable {
  /// One run's curve.
  package struct Run: Sendable {
    /// The values of the keys that tell panels apart.
    package let panel: [Value?]
    /// The values of the keys that tell what was done: one colour each.
    package let kind: [Value?]
    /// The values of all others, usually of the seed: one dash each, where there are few.
    package let repetition: [Value?]
    package let history: History

    package init(panel: [Value?], kind: [Value?], repetition: [Value?], history: History) {
      (self.panel, self.kind, self.repetition, self.history) = (panel, kind, repetition, history)
    }
  }

  /// The most panels of one picture.
  package static let panelLimit = 12
  /// The most points of a curve on a page: panels are small, and every point is a part of the page.
  package static let pointLimit = 240

  package let picture: Picture
  /// Runs that are not drawn, as there are too many.
  package let leftOut: Int

  /// - Parameters:
  ///   - runs: the order of panels and of the legend is that of their first runs; none without a step.
  ///   - panelKeys, repetitionKeys: what `panel` and `repetition` hold the values of.
  ///   - metric: `train.loss`.
  package init(
    _ runs: [Run], panelKeys: [String], repetitionKeys: [String], metric: String, name: String,
    caption: [String]
  ) {
    func first(_ values: (Run) -> [Value?]) -> [[Value?]] {
      var seen: Set<[Value?]> = []
      return runs.map(values).filter { seen.insert($0).inserted }
    }
    /// `long-term, seed 1`
    func words(_ kind: [Value?], _ repetition: [Value?]) -> String {
      let kinds = kind.compactMap { $0.map { label($0) } }.joined(separator: " · ")
      let repetitions = zip(repetitionKeys, repetition).compactMap { key, value in
        value.map { KeyWords.phrase(key, label($0)) }
      }
      return ([kinds] + repetitions).filter { !$0.isEmpty }.joined(separator: ", ")
    }
    let panels = first(\.panel).prefix(HistoryPanels.panelLimit)
    let kinds = first(\.kind)
    let repetitions = first(\.repetition)
    let hasDashes =
      kinds.count <= GnuplotLook.colours.count
      && repetitions.count <= Picture.historyLimit / GnuplotLook.colours.count
    let planned = Set(runs.map { $0.kind + $0.repetition })
    var looks: [(text: String, look: Int)] = []
    for kind in kinds {
      for repetition in repetitions where planned.contains(kind + repetition) {
        let look =
          hasDashes
          ? (repetitions.firstIndex(of: repetition) ?? 0) * GnuplotLook.colours.count
            + (kinds.firstIndex(of: kind) ?? 0)
          : looks.count
        looks.append((words(kind, repetition), look))
      }
    }
    let shown = looks.prefix(Picture.historyLimit)
    let lookOf = Dictionary(shown.map { ($0.text, $0.look) }) { first, _ in first }
    var drawn = 0
    var thinned = false
    let scale = ClosedRange<Double>.around(runs.flatMap(\.history.values).filter(\.isFinite))
    let units = Set(runs.map(\.history.unit)).filter { $0 != "1" && !$0.isEmpty }.sorted()
    let made = panels.map { panel in
      let curves = runs.filter { $0.panel == panel }.compactMap { run -> Picture.Curve? in
        let text = words(run.kind, run.repetition)
        guard let look = lookOf[text] else { return nil }
        drawn += 1
        let points = Picture.points(of: run.history, limit: HistoryPanels.pointLimit)
        if points.count < run.history.steps.count { thinned = true }
        return Picture.Curve(
          name: text, source: run.history.source, role: .history(look, isDense: points.count > 60),
          points: points)
      }
      let title = zip(panelKeys, panel).compactMap { key, value in
        value.map { KeyWords.phrase(key, label($0)) }
      }
      return Picture.Panel(
        title: title.joined(separator: " · "),
        yTitle: ([KeyWords.axis(metric)] + units).joined(separator: ", "),
        power: 0, range: scale, curves: curves)
    }
    leftOut = runs.count - drawn
    let dense = Set(
      made.flatMap(\.curves).compactMap { curve in
        if case .history(let look, isDense: true) = curve.role { look } else { nil }
      })
    picture = Picture(
      name: name, panels: made, xTitle: KeyWords.axis("step"), scale: .linear, ticks: [],
      legend: shown.count == 1 && shown[0].text.isEmpty
        ? []
        : shown.map {
          Picture.Key(
            text: $0.text, role: .history($0.look, isDense: dense.contains($0.look)), isGeneral: false)
        },
      caption: caption
        + (thinned
          ? [
            "Long histories are drawn at no more than \(HistoryPanels.pointLimit) evenly spaced steps, the last one among them."
          ]
          : []),
      facts: [])
  }
}
