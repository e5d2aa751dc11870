/// What there is to see while runs are going, at one moment.
package struct ProgressView: Sendable {
  /// One run that is going.
  package struct Run: Sendable {
    package var label: String
    package var step = 0
    /// 0 while it is not known.
    package var steps = 0
    package var stepsPerSecond: Double?
    /// Seconds until it ends.
    package var remaining: Double?
    package var loss: Double?
    /// `training`, `evaluating test`, `starting`.
    package var phase = "starting"

    package init(label: String) { self.label = label }

    /// A cell as a line of a terminal has room for it: `memory=none length=55` for `model.memory=none
    /// task.length=55`.
    package static func short(_ label: String) -> String {
      label.split(separator: " ").map { word in
        let key = word.prefix { $0 != "=" }
        return String(word[(key.lastIndex(of: ".").map { word.index(after: $0) } ?? word.startIndex)...])
      }.joined(separator: " ")
    }

    /// From 0 to 1.
    package var fraction: Double { steps > 0 ? min(1, Double(step) / Double(steps)) : 0 }
  }

  package var running: [Run] = []
  /// Published, in this invocation or before.
  package var done = 0
  package var total = 0
  package var failed = 0
  /// Held by other invocations.
  package var elsewhere = 0
  /// Not begun yet.
  package var waiting = 0
  /// Not to be begun any more.
  package var left = 0
  /// Seconds until everything is done; nil where nothing alike was measured.
  package var remaining: Double?
  /// What is being waited for, once no run is started any more.
  package var notice: String?

  package init() {}
}

extension ProgressView {
  /// The lines of the view, none wider than `width`: one for every run that is going, at most `height` in
  /// all, and one for the whole.
  package func lines(width: Int, height: Int) -> [String] {
    let shown = running.prefix(max(1, height - 2))
    let labelWidth = min(shown.map(\.label.count).max() ?? 0, max(8, width / 3))
    var lines = shown.map { $0.line(labelWidth: labelWidth, width: width) }
    if running.count > shown.count { lines.append("  and \(running.count - shown.count) more") }
    lines.append(summary)
    return lines.map { String($0.prefix(max(1, width - 1))) }
  }

  /// `17/48 done, 2 running, 1 failed, 28 waiting, about 3 m 20 s left`: the counts add up to the total.
  package var summary: String {
    var parts = ["\(done)/\(total) done", "\(running.count) running"]
    if failed > 0 { parts.append("\(failed) failed") }
    if elsewhere > 0 { parts.append("\(elsewhere) elsewhere") }
    if waiting > 0 { parts.append("\(waiting) waiting") }
    if left > 0 { parts.append("\(left) left") }
    if let notice {
      parts.append(notice)
    } else if let remaining {
      parts.append("about \(duration(remaining)) left")
    } else if running.count + waiting > 0 {
      parts.append("time left unmeasured")
    }
    return parts.joined(separator: ", ")
  }
}

extension ProgressView.Run {
  /// `memory=none seed=1  [======>      ]  43 %  12.3 steps/s  loss 1.23  32 s left`, as much of it as fits.
  func line(labelWidth: Int, width: Int) -> String {
    // What tells the runs apart stands at the end: the seed, above all.
    let name = label.count > labelWidth ? "~" + label.suffix(labelWidth - 1) : label
    var line = "  " + name + String(repeating: " ", count: labelWidth - name.count)
    let percent = "\(Int(fraction * 100))"
    line += "  " + bar(width: width >= 70 ? 20 : 10)
    line += " " + String(repeating: " ", count: 3 - percent.count) + percent + " %"
    var facts: [String] = []
    if phase != "training" { facts.append(phase) }
    if let stepsPerSecond { facts.append("\(NumberText.rough(stepsPerSecond)) steps/s") }
    if let remaining { facts.append("\(duration(remaining)) left") }
    if let loss { facts.append("loss \(NumberText.rough(loss))") }
    for fact in facts where line.count + 2 + fact.count < width { line += "  " + fact }
    return line
  }

  private func bar(width: Int) -> String {
    let full = Int(fraction * Double(width))
    let head = full < width && full > 0 ? ">" : ""
    return "[" + String(repeating: "=", count: max(0, full - head.count)) + head
      + String(repeating: " ", count: width - max(full, head.count)) + "]"
  }
}
