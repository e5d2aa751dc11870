/// What one run measured step by step.
package struct History: Sendable {
  /// What tells the run from the others: `model.memory=none seed=1`.
  package let label: String
  /// The run, and how far it came where it is not finished.
  package let source: String
  /// `train.loss`
  package let metric: String
  /// As stored: `nat`, `1`.
  package let unit: String
  /// Ascending.
  package let steps: [UInt64]
  package let values: [Double]

  package init(
    label: String, source: String, metric: String, unit: String, steps: [UInt64], values: [Double]
  ) {
    (self.label, self.source, self.metric, self.unit) = (label, source, metric, unit)
    (self.steps, self.values) = (steps, values)
  }
}

extension Picture {
  /// The most points of one curve: a page is no wider.
  package static let pointLimit = 2000

  /// The most runs in one picture: with more, two would look the same.
  package static var historyLimit: Int { GnuplotLook.histories }

  /// Histories as curves over steps: a panel for each metric, a colour for each run.
  ///
  /// - Parameter runs: the labels of the runs, in the order of the legend.
  package init(
    histories: [History], of metrics: [String], runs: [String], name: String, caption: [String]
  ) {
    var thinned = 0
    let panels = metrics.map { metric in
      let shown = histories.filter { $0.metric == metric }
      let units = shown.reduce(into: [String]()) { units, history in
        if !units.contains(history.unit) { units.append(history.unit) }
      }.filter { $0 != "1" && !$0.isEmpty }
      return Panel(
        title: metric, yTitle: ([KeyWords.axis(metric)] + units).joined(separator: ", "), power: 0,
        range: Picture.range(ofLevel: shown),
        curves: shown.map { history in
          let points = Picture.points(of: history)
          if points.count < history.steps.count { thinned += 1 }
          return Curve(
            name: history.label, source: history.source,
            role: .history(runs.firstIndex(of: history.label) ?? 0, isDense: points.count > 60),
            points: points)
        })
    }
    self.name = name
    self.panels = panels
    xTitle = KeyWords.axis("step")
    scale = .linear
    ticks = []
    legend = runs.enumerated().map { index, label in
      let isDense = panels.flatMap(\.curves).contains { $0.role == .history(index, isDense: true) }
      return Key(text: label, role: .history(index, isDense: isDense), isGeneral: false)
    }
    let rule = "evenly spaced steps, the last one among them"
    self.caption =
      caption
      + (thinned > 0 ? ["Long histories are drawn at no more than \(Picture.pointLimit) \(rule)."] : [])
    facts = [
      "x: step of the optimizer, from 1",
      "y: the metric as stored, as it was measured at that step; nothing is smoothed",
      "histories of more than \(Picture.pointLimit) steps: only every k-th, with the least k that leaves no more, "
        + "and the last one",
      "deviation, count: not for a single run",
    ]
  }

  /// A range around histories that have one value only, such as those of one step: none follows from them. Nil leaves it to
  /// the curves.
  private static func range(ofLevel histories: [History]) -> ClosedRange<Double>? {
    let values = histories.flatMap(\.values).filter(\.isFinite)
    guard let value = values.first, values.allSatisfy({ $0 == value }) else { return nil }
    return .around([value])
  }

  /// Every k-th point with the least k that leaves no more than the limit, and the last one.
  static func points(of history: History, limit: Int = pointLimit) -> [Point] {
    let count = history.steps.count
    // One place is kept for the last point.
    let stride = count <= limit ? 1 : (count + limit - 2) / (limit - 1)
    return history.steps.indices.filter { $0 % stride == 0 || $0 == count - 1 }.map { index in
      let value = history.values[index]
      return Point(x: Double(history.steps[index]), y: value.isFinite ? value : nil)
    }
  }
}
