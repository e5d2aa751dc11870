import Harness
import Synchronization
import Testing

@Suite struct ProgressTests {
  private func view(_ step: Int) -> ProgressView {
    var run = ProgressView.Run(label: "model.memory=long-term seed=1")
    (run.step, run.steps, run.phase) = (step, 900, "training")
    (run.stepsPerSecond, run.remaining, run.loss) = (12.34, 65, 1.2345)
    var view = ProgressView()
    view.running = [run]
    (view.done, view.total, view.failed, view.remaining) = (17, 48, 1, 200)
    view.waiting = 29
    return view
  }

  @Test func `a line shows bar, percent, speed, time and loss`() {
    let lines = view(450).lines(width: 120, height: 24)
    #expect(
      lines == [
        "  model.memory=long-term seed=1  [=========>          ]  50 %  12.3 steps/s  1 m 5 s left  loss 1.23",
        "17/48 done, 1 running, 1 failed, 29 waiting, about 3 m 20 s left",
      ])
  }

  @Test func `time that nothing tells of is unmeasured`() {
    var view = view(1)
    view.remaining = nil
    #expect(view.summary == "17/48 done, 1 running, 1 failed, 29 waiting, time left unmeasured")
  }

  @Test(arguments: [1, 10, 20, 40, 60, 80, 200])
  func `no line is wider than the terminal`(width: Int) {
    for line in view(900).lines(width: width, height: 24) { #expect(line.count < max(width, 2)) }
  }

  @Test func `a cell is named without its groups`() {
    #expect(
      ProgressView.Run.short("model.memory=long-term task.length=55 seed=1 training.rate=0.5")
        == "memory=long-term length=55 seed=1 rate=0.5")
  }

  @Test func `a label that is too long keeps its end, which tells runs apart`() {
    let lines = view(450).lines(width: 60, height: 24)
    #expect(lines.first?.hasPrefix("  ~ry=long-term seed=1  [") == true)
  }

  @Test func `more runs than rows are counted`() {
    var many = view(1)
    many.running = Array(repeating: many.running[0], count: 9)
    let lines = many.lines(width: 80, height: 5)
    #expect(lines.count == 5)
    #expect(lines[3] == "  and 6 more")
  }

  @Test func `a log gets a line at each quarter and no control characters`() {
    let log = Written()
    var printer = ProgressPrinter(.plain) { log.add($0) }
    let now = ContinuousClock.now
    for step in stride(from: 0, through: 900, by: 9) { printer.show(view(step), at: now) }
    #expect(
      log.text.split(separator: "\n").map { $0.prefix(36) } == [
        "model.memory=long-term seed=1: 25 %,", "model.memory=long-term seed=1: 50 %,",
        "model.memory=long-term seed=1: 75 %,",
      ])
    #expect(!log.text.contains("\u{1B}"))
  }

  @Test func `a terminal is drawn at most ten times a second, in place`() {
    let screen = Written()
    var printer = ProgressPrinter(.terminal { (80, 24) }) { screen.add($0) }
    let start = ContinuousClock.now
    for milliseconds in 0..<1000 { printer.show(view(1), at: start + .milliseconds(milliseconds)) }
    #expect(screen.writes == 10)
    printer.note("a failure")
    #expect(screen.text.hasSuffix("\u{1B}[2F\u{1B}[Ja failure\n"))
  }

  @Test(arguments: [(0.5, "0.50 s"), (4.21, "4.2 s"), (65, "1 m 5 s")])
  func `times are short`(seconds: Double, text: String) {
    #expect(NumberText.seconds(seconds) == text)
  }
}

/// Collects what is written.
final class Written: Sendable {
  private let parts = Mutex<[String]>([])
  var text: String { parts.withLock { $0.joined() } }
  var writes: Int { parts.withLock { $0.count } }
  func add(_ part: String) { parts.withLock { $0.append(part) } }
}
