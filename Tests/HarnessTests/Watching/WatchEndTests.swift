import Archive
import Harness
import Synchronization
import Testing

@Suite struct WatchEndTests {
  private let running = RunState.running(.init(attempt: 1, host: "vm", pid: 1, started: nil))

  /// Whether watching is over, with these states at so many seconds from now.
  private func ending(mayGrow: Bool) -> ([RunState], Int) -> Bool {
    var end = WatchEnd(patience: .seconds(30), mayGrow: mayGrow)
    let now = ContinuousClock.now
    return { states, seconds in end.isOver(states, at: now + .seconds(seconds)) }
  }

  @Test func `it ends when all are done or have failed by themselves`() {
    let isOver = ending(mayGrow: false)
    #expect(!isOver([.done, running], 0))
    #expect(!isOver([.done, .pending], 0))
    #expect(!isOver([.done, .failed(.killed, attempts: 1)], 0))
    #expect(isOver([.done, .done], 0))
    #expect(isOver([.done, .failed(.diverged, attempts: 1), .corrupt("damaged")], 0))
  }

  @Test func `it ends when nothing has been running for a while`() {
    let isOver = ending(mayGrow: false)
    #expect(!isOver([.pending], 0))
    #expect(!isOver([.pending], 29))
    #expect(!isOver([running], 30))
    #expect(!isOver([.pending], 31))
    #expect(isOver([.pending], 61))
  }

  @Test func `more runs may come to a whole store`() {
    let isOver = ending(mayGrow: true)
    #expect(!isOver([.done], 0))
    #expect(isOver([.done], 30))
  }

  @Test func `the status is that of the runs`() {
    #expect(WatchEnd.status(of: []) == .done)
    #expect(WatchEnd.status(of: [.done]) == .done)
    #expect(WatchEnd.status(of: [.done, .interrupted]) == .stopped)
    #expect(WatchEnd.status(of: [.done, running]) == .stopped)
    #expect(WatchEnd.status(of: [.pending, .failed(.crash, attempts: 1)]) == .finding)
    #expect(WatchEnd.status(of: [.corrupt("damaged")]) == .finding)
  }

  @Test func `a terminal is lent and given back`() {
    let screen = Written()
    var watch = WatchScreen(isTerminal: true) { screen.add($0) }
    watch.show(["one", "two"])
    watch.show(["three"])
    watch.finish()
    watch.finish()
    #expect(
      screen.text
        == "\u{1B}[?1049h\u{1B}[Hone\u{1B}[K\ntwo\u{1B}[K\u{1B}[J" + "\u{1B}[Hthree\u{1B}[K\u{1B}[J"
        + "\u{1B}[?1049lthree\n")
  }

  @Test func `a pipe gets a snapshot when something has changed, and no control characters`() {
    let screen = Written()
    var watch = WatchScreen(isTerminal: false) { screen.add($0) }
    for lines in [["one"], ["one"], ["two", "three"]] { watch.show(lines) }
    watch.finish()
    #expect(screen.text == "one\n\ntwo\nthree\n")
  }
}
