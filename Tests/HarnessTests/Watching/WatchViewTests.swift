import Archive
import Records
import Testing

@testable import Harness

@Suite struct WatchViewTests {
  private func digest(_ number: Int) -> Digest { Digest.sha256([UInt8(number)]) }

  private func standing(_ number: Int, _ state: RunState) -> Standing {
    Standing(
      Standing.Subject(run: digest(number), label: "model.memory=none seed=\(number)"), state)
  }

  private func running(_ number: Int) -> Standing {
    var one = standing(number, .running(.init(attempt: 2, host: "vm", pid: 4711, started: nil)))
    one.live = LivePosition(phase: "training", step: 450, steps: 900, loss: 1.2345)
    one.live?.stepsPerSecond = 12.34
    one.live?.silence = 1
    one.curve = Curve(
      metric: "train.loss", points: (0..<80).map { Curve.Point(step: $0 * 5, value: 80 - Double($0)) })
    return one
  }

  private func failed(_ number: Int) -> Standing {
    var one = standing(number, .failed(.diverged, attempts: 1))
    (one.message, one.failed) = ("at step 3, the loss was not a number", "2026-11-21T09:00:0\(number).000Z")
    return one
  }

  /// Hashes as numbers, so that a text can be written down.
  private func masked(_ lines: [String]) -> [String] {
    (1...60).reduce(lines) { lines, number in
      lines.map { line in
        let parts = line.split(separator: digest(number).short, omittingEmptySubsequences: false)
        return parts.joined(separator: String(repeating: String(number % 10), count: 12))
      }
    }
  }

  private var view: StoreView {
    StoreView(
      title: "tiny (tier quick), manifest 5c0316837782",
      standings: [
        standing(1, .done), running(2), standing(3, .pending), standing(4, .interrupted), failed(5),
        failed(6),
        standing(7, .corrupt("result.h5 is damaged")),
      ],
      finished: [
        StoreView.Finished(
          run: digest(1), label: "model.memory=none seed=1", ago: 75, metrics: [("test.accuracy", 0.4448)])
      ], remaining: 200)
  }

  @Test func `a store on a terminal of a hundred columns`() {
    #expect(
      masked(view.lines(width: 102, height: 40, glyphs: .unicode)) == [
        "tiny (tier quick), manifest 5c0316837782",
        "7 runs: 1 done, 1 running, 1 interrupted, 1 pending, 2 failed, 1 corrupt; about 3 m 20 s left",
        "",
        "  222222222222  memory=none seed=2  [=========>          ]  50 %  12.3 steps/s  36 s left  loss 1.23",
        "                " + Glyphs.unicode.spark(running(2).curve, width: 34)
          + "  step 450/900, attempt 2, process 4711 on vm",
        "",
        "finished last",
        "  111111111111  memory=none seed=1  1 m 15 s ago  test.accuracy=0.4448",
        "",
        "failed last",
        "  666666666666  memory=none seed=6  diverged ×1: at step 3, the loss was not a number",
        "  555555555555  memory=none seed=5  diverged ×1: at step 3, the loss was not a number",
        "  777777777777  memory=none seed=7  corrupt: result.h5 is damaged",
      ])
  }

  @Test func `ASCII has no other character`() {
    let lines = view.lines(width: 100, height: 40, glyphs: .ascii)
    #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    #expect(lines.contains { $0.contains("diverged x1") })
  }

  @Test(arguments: [1, 5, 10, 20, 40, 80, 200], [1, 2, 3, 6, 10, 24])
  func `no view is larger than its terminal`(width: Int, height: Int) {
    let many = StoreView(
      title: view.title, standings: view.standings + (8..<40).map(running), finished: view.finished,
      remaining: nil)
    let lines = many.lines(width: width, height: height, glyphs: .unicode)
    #expect(lines.count <= height && lines.allSatisfy { $0.count <= width })
  }

  @Test func `more runs than rows are counted`() {
    let many = StoreView(title: "t", standings: (1...20).map(running), finished: [], remaining: nil)
    let lines = many.lines(width: 100, height: 12, glyphs: .ascii)
    #expect(lines.count == 11)
    #expect(lines.last == "  and 13 more")
  }

  @Test func `a process that says nothing any more is seen`() {
    var quiet = running(2)
    quiet.live?.silence = 130
    #expect(quiet.workings == "step 450/900, attempt 2, process 4711 on vm, silent for 2 m 10 s")
  }

  @Test func `nothing stored is said`() {
    let empty = StoreView(title: "store x", standings: [], finished: [], remaining: nil)
    #expect(empty.lines(width: 80, height: 24, glyphs: .unicode) == ["store x", "0 runs: none stored"])
  }

  @Test func `one run with training and validation`() {
    let curves = [
      Curve(metric: "train.loss", points: (1...9).map { Curve.Point(step: $0 * 50, value: 10 - Double($0)) }),
      Curve(metric: "validation.loss", points: [Curve.Point(step: 450, value: 5)]),
      Curve(
        metric: "validation.accuracy",
        points: [Curve.Point(step: 300, value: 0.25), Curve.Point(step: 450, value: 0.5)]),
    ]
    let lines = masked(RunView(running(2), curves: curves).lines(width: 60, height: 24, glyphs: .ascii))
    #expect(
      lines == [
        "222222222222  model.memory=none seed=2",
        "  running  [====>     ]  50 %  12.3 steps/s  36 s left",
        "  step 450/900, attempt 2, process 4711 on vm",
        "",
        "train.loss (o: validation.loss)",
        "9.00 +..",
        "     |  ...",
        "     |     ...",
        "     |        ...",
        "     |           ...           o",
        "     |              ....",
        "     |                  ...",
        "     |                     ...",
        "1.00 +                        ..",
        "      50                                                 900",
        "",
        "validation.accuracy",
        "0.500 +            ..",
        "      |          ..",
        "      |       ...",
        "      |    ...",
        "      |  ..",
        "0.250 +..",
        "       300                                               900",
      ])
  }

  @Test func `one run that is done shows what it is, and its whole curve`() {
    let lines = RunView(
      standing(1, .done),
      curves: [
        Curve(metric: "train.loss", points: [Curve.Point(step: 1, value: 2), Curve.Point(step: 4, value: 1)])
      ]
    ).lines(width: 40, height: 12, glyphs: .ascii)
    #expect(lines[1] == "done")
    #expect(lines.last == "      1" + String(repeating: " ", count: 32) + "4")
  }
}
