/// Shows the progress of runs to a person: live on a terminal, line by line anywhere else. It writes where
/// errors go, never among results.
package struct ProgressPrinter: Sendable {
  /// Where the lines go.
  package enum Surface: Sendable {
    /// A terminal that understands cursor movements; asked for its size before every drawing.
    case terminal(size: @Sendable () -> (width: Int, height: Int))
    /// A file, a pipe, or a person who does not want control characters.
    case plain
    /// Nothing but what must not be missed.
    case quiet
  }

  private let surface: Surface
  /// Whether a terminal keeps details, too.
  private let saysDetails: Bool
  private let write: @Sendable (String) -> Void
  /// Lines of the live view that are on the screen now, below which the cursor stands.
  private var drawn = 0
  private var lastDrawing: ContinuousClock.Instant?
  private var quarters: [String: Int] = [:]

  package init(
    _ surface: Surface, saysDetails: Bool = false, write: @escaping @Sendable (String) -> Void
  ) {
    (self.surface, self.saysDetails, self.write) = (surface, saysDetails, write)
  }

  /// Whether a view is seen at all, and not its milestones alone.
  package var isLive: Bool { if case .terminal = surface { true } else { false } }

  /// Something that stays on the screen: a failure, a retry, a request to wait.
  package mutating func note(_ text: String) {
    write(erasure + TerminalText.plain(text) + "\n")
    drawn = 0
    lastDrawing = nil
  }

  /// Something that only a log needs: a terminal shows it by its live lines.
  package mutating func detail(_ text: String) {
    if case .plain = surface { write(TerminalText.plain(text) + "\n") } else if saysDetails { note(text) }
  }

  /// Draws the view, at most ten times a second; a log gets a line whenever a run has done another quarter.
  package mutating func show(_ view: ProgressView, at now: ContinuousClock.Instant) {
    switch surface {
    case .quiet: break
    case .plain: for run in view.running { passQuarter(run) }
    case .terminal(let size):
      if let lastDrawing, now - lastDrawing < .milliseconds(100) { return }
      lastDrawing = now
      let (width, height) = size()
      let lines = view.lines(width: width, height: height)
      // One write a drawing, each line overwritten in place: so nothing flickers.
      let up = drawn > 0 ? "\u{1B}[\(drawn)F" : ""
      write(up + lines.map { TerminalText.plain($0) + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
      drawn = lines.count
    }
  }

  /// Takes the live view off the screen.
  package mutating func finish() {
    if drawn > 0 { write(erasure) }
    drawn = 0
  }

  /// A run begins again, from its first step or a checkpoint.
  package mutating func forget(_ label: String) { quarters[label] = nil }

  private var erasure: String { drawn > 0 ? "\u{1B}[\(drawn)F\u{1B}[J" : "" }

  private mutating func passQuarter(_ run: ProgressView.Run) {
    let quarter = Int(run.fraction * 4)
    guard let last = quarters[run.label] else {
      // What a resumed run had done before is no news.
      if run.steps > 0 { quarters[run.label] = quarter }
      return
    }
    guard quarter > last, quarter < 4 else { return }
    quarters[run.label] = quarter
    var text = "\(run.label): \(quarter * 25) %"
    if let stepsPerSecond = run.stepsPerSecond { text += ", \(NumberText.rough(stepsPerSecond)) steps/s" }
    if let loss = run.loss { text += ", loss \(NumberText.rough(loss))" }
    if let remaining = run.remaining { text += ", \(duration(remaining)) left" }
    detail(text)
  }
}
