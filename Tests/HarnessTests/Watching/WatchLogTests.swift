import Archive
import Records
import Testing

@testable import Harness

@Suite struct WatchLogTests {
  private func standing(_ number: Int, _ state: RunState, step: Int = 0) -> Standing {
    var one = Standing(
      Standing.Subject(run: Digest.sha256([UInt8(number)]), label: "model.memory=none seed=\(number)"), state)
    if state.word == "running" {
      one.live = LivePosition(phase: "training", step: step, steps: 100, loss: 1.5)
    }
    return one
  }

  private func running(_ number: Int, step: Int) -> Standing {
    standing(number, .running(.init(attempt: 1, host: nil, pid: nil, started: nil)), step: step)
  }

  private func look(_ standings: [Standing], remaining: Double? = nil) -> Watching.Look {
    let finished = standings.filter { $0.state == .done }.map {
      StoreView.Finished(run: $0.run, label: $0.label, ago: 1, metrics: [("test.accuracy", 0.5)])
    }
    return Watching.Look(
      time: "now",
      view: .runs(StoreView(title: "tiny", standings: standings, finished: finished, remaining: remaining)),
      standings: standings)
  }

  private func short(_ number: Int) -> String { Digest.sha256([UInt8(number)]).short }

  @Test func `a line is another state or another quarter, and nothing else is news`() {
    var log = WatchLog()
    func news(_ look: Watching.Look) -> [String] { log.lines(of: look, glyphs: .ascii) }
    let waiting = standing(2, .pending)
    #expect(news(look([standing(1, .pending), waiting])) == ["tiny", "2 runs: 2 pending"])
    #expect(news(look([standing(1, .pending), waiting], remaining: 9)) == [])
    #expect(
      news(look([running(1, step: 0), waiting])) == [
        "now  \(short(1))  memory=none seed=1  running: step 0/100, 0 %, loss 1.50",
        "2 runs: 1 running, 1 pending",
      ])
    // Steps, rates and times move at every look.
    #expect(news(look([running(1, step: 1), waiting], remaining: 8)) == [])
    #expect(news(look([running(1, step: 24), waiting])) == [])
    #expect(
      news(look([running(1, step: 51), waiting])) == [
        "now  \(short(1))  memory=none seed=1  running: step 51/100, 51 %, loss 1.50"
      ])
    #expect(
      news(look([standing(1, .done), waiting])) == [
        "now  \(short(1))  memory=none seed=1  done  test.accuracy=0.5000", "2 runs: 1 done, 1 pending",
      ])
    #expect(
      news(look([standing(1, .done), standing(2, .failed(.diverged, attempts: 1))])) == [
        "now  \(short(2))  memory=none seed=2  failed: diverged x1", "2 runs: 1 done, 1 failed",
      ])
    #expect(news(look([standing(1, .done), standing(2, .failed(.diverged, attempts: 1))])) == [])
  }

  @Test func `what goes on when it is first seen is told, and what was done before is counted`() {
    var log = WatchLog()
    #expect(
      log.lines(of: look([standing(1, .done), running(2, step: 60)]), glyphs: .unicode) == [
        "tiny", "now  \(short(2))  memory=none seed=2  running: step 60/100, 60 %, loss 1.50",
        "2 runs: 1 done, 1 running",
      ])
  }
}
