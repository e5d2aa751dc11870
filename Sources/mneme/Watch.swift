import Archive
import ArgumentParser
import Glibc
import Harness
import Records

/// `mneme watch`: the store, live, from another terminal.
struct WatchCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Show live how runs go on, with their loss curves, from another terminal.",
    discussion: """
      Looks at the store again and again; waits for nobody, holds nobody up, and changes nothing. A terminal is drawn in \
      place. A file or a pipe gets a line when something has changed, that is another state of a run or another quarter \
      of its steps, and the whole view at the end; with --json an object at every look. It ends by itself when all runs of a manifest \
      are done or failed, and when nothing has been running for 30 s (--patience); Ctrl-C ends it at any time. Exit \
      status: 0 all are done, 1 a run failed or something is damaged, 3 work is left, 2 it could not be looked at.

        mneme watch Experiments/sorting-ablation.yaml
        mneme watch --once --json
        mneme watch 3f9a2c --every 5s
        mneme watch Experiments/sorting-ablation.yaml > watch.log &

      A run's hash shows that run alone: the curves of training and validation.
      """)

  @Argument(
    help:
      "A manifest (its file, or the hash of one in the store) or a run's hash. Without it, everything that is stored.",
    completion: .subject)
  var subject: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a setting, as given to `mneme run`.", valueName: "key=value"),
    completion: .setting)
  var settings: [String] = []

  @Option(help: ArgumentHelp("How long from one look to the next: 500ms, 2s, 1m.", valueName: "time"))
  var every = Period(milliseconds: 1000)

  @Option(help: ArgumentHelp("How long nothing may be running before it ends.", valueName: "time"))
  var patience = Period(milliseconds: 30_000)

  @Flag(help: "Look once.")
  var once = false

  @Flag(help: "Go on until Ctrl-C.")
  var forever = false

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print an object for programs at every look, each in its line.")
  var json = false

  func validate() throws {
    if once, forever { throw ValidationError("--once and --forever say different things; give one of them.") }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let aim = try aim()
    var watching = Watching(aim, in: store.path)
    var end = WatchEnd(patience: patience.duration, mayGrow: aim.mayGrow)
    let isTerminal = !once && !json && Page.isLive
    let isLog = !once && !json && !isTerminal
    var log: WatchLog?
    var screen = WatchScreen(isTerminal: isTerminal, write: surroundings.screen)
    // The screen is given back before the process goes, however often it is asked to. Who reads no more has seen enough.
    if !once {
      Interruptions.watch(leavingAt: .max)
      signal(SIGPIPE, SIG_DFL)
    }
    defer { screen.finish() }
    let clock = ContinuousClock()
    while true {
      let next = clock.now + every.duration
      let look = try watching.look()
      let states = look.standings.map(\.state)
      let status = WatchEnd.status(of: states)
      let isOver = once || end.isOver(states, at: clock.now) && !forever
      if json { surroundings.output(look.json) }
      var size = Page.size(isTerminal: isTerminal)
      func show() {
        if !json { screen.show(look.view.lines(width: size.width, height: size.height, glyphs: Page.glyphs)) }
      }
      if isLog, !isOver || log != nil {
        let isFirst = log == nil
        log = log ?? WatchLog()
        let news = log?.lines(of: look, glyphs: Page.glyphs) ?? []
        if !news.isEmpty { surroundings.output(news.map { $0 + "\n" }.joined()) }
        if isOver, !isFirst { surroundings.output("\n") }
      }
      if !isLog || isOver { show() }
      if isOver { return status }
      repeat {
        if surroundings.interruptions() > 0 { return status }
        try await Task.sleep(until: min(next, clock.now + .milliseconds(100)), clock: clock)
        let now = Page.size(isTerminal: isTerminal)
        if now != size, !isLog { size = now; show() }
      } while clock.now < next
    }
  }

  private func aim() throws -> Watching.Aim {
    let existing = try store.existing()
    guard let subject else { return .store }
    switch try Subject(subject, settings: settings, in: existing, at: store.path) {
    case .manifest(let manifest): return .manifest(manifest)
    case .run(let run): return .run(run)
    }
  }
}

/// A time as it is typed: `500ms`, `2s`, `1m`, `1h`.
struct Period: ExpressibleByArgument, CustomStringConvertible {
  let milliseconds: Int

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  init?(argument: String) {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
    guard let unit = units.first(where: { argument.hasSuffix($0.0) }),
      let count = Int(argument.dropLast(unit.0.utf8.count)), (1...1_000_000).contains(count)
    else { return nil }
    milliseconds = count * unit.1
  }

  var duration: Duration { .milliseconds(milliseconds) }

  var description: String { milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms" }
}
