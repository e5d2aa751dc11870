import Records

/// What there is to see of one run at one moment: `mneme watch` with a run's hash. A value to text, and nothing else.
package struct RunView: Sendable {
  package let standing: Standing
  /// What was measured step by step, by metric: stored ones, and those of the live log behind them.
  package let curves: [Curve]

  package init(_ standing: Standing, curves: [Curve]) { (self.standing, self.curves) = (standing, curves) }

  /// The lines of the view, none wider than `width`, and no more than `height`.
  package func lines(width: Int, height: Int, glyphs: Glyphs) -> [String] {
    let line = StatusReport.Line(standing)
    var lines = [[standing.run.short, standing.label].filter { !$0.isEmpty }.joined(separator: "  ")]
    if standing.live == nil {
      lines.append([line.state, line.detail].filter { !$0.isEmpty }.joined(separator: ": "))
    } else {
      lines.append(standing.progress(named: line.state).line(labelWidth: line.state.count, width: width))
      lines.append("  " + standing.workings)
    }
    let panels = [panel("loss"), panel("accuracy")].compactMap(\.self)
    // A heading, an empty line and the steps for each.
    let room = height - lines.count - 3 * panels.count
    for (index, panel) in panels.enumerated() {
      let rows = min(16, panels.count == 1 ? room : index == 0 ? room * 3 / 5 : room * 2 / 5)
      let drawing = panel.plot.lines(width: width, height: rows, glyphs: glyphs)
      if !drawing.isEmpty { lines += ["", panel.title] + drawing }
    }
    return lines.prefix(max(1, height)).map { trimmedEnd(String(glyphs.spelled($0).prefix(width))) }
  }

  /// The training's curve as a line with the validation's as marks; the validation's alone where training has none.
  private func panel(_ quantity: String) -> (title: String, plot: TextPlot)? {
    func curve(_ split: String) -> Curve? {
      curves.first { $0.metric == "\(split).\(quantity)" && $0.points.contains { $0.value.isFinite } }
    }
    let steps = standing.live?.steps ?? 0
    switch (curve("train"), curve("validation")) {
    case (let train?, let validation):
      let marks = validation.map { " (o: \($0.metric))" } ?? ""
      return (train.metric + marks, TextPlot(line: train, marks: validation, steps: steps))
    case (nil, let validation?): return (validation.metric, TextPlot(line: validation, steps: steps))
    case (nil, nil): return nil
    }
  }
}
