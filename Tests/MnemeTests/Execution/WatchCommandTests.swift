import Archive
import Foundation
import Harness
import Records
import Subprocess
import Testing

@Suite struct WatchCommandTests {
  @Test func `a manifest is watched while it runs, to its end, and nothing is changed by it`() async throws {
    let bench = try Workbench(examples: 400, seeds: [1, 2])
    defer { withExtendedLifetime(bench) {} }
    // The runs begin when it has shown that there are none.
    let beginning = AsyncStream.makeStream(of: Void.self)
    async let watched = bench.mneme(["watch", bench.manifest, "--every", "50ms", "--patience", "600s"]) {
      line, _ in
      if line == "2 runs: 2 pending" { beginning.continuation.finish() }
    }
    for await _ in beginning.stream {}
    let ran = try await bench.mneme(["run", bench.manifest, "-j", "1"])
    #expect(ran.status == .exited(0), "\(ran.errors)")
    let watch = try await watched
    #expect(watch.status == .exited(0), "\(watch.errors)")
    #expect(watch.output.hasPrefix("tiny (tier quick), manifest "))
    #expect(watch.output.contains("1 running"), "\(watch.output)")
    #expect(watch.output.contains("2 runs: 2 done\n\nfinished last\n"), "\(watch.output)")
    #expect(watch.output.contains("test.accuracy="))
    #expect(!watch.output.contains("\u{1B}"))
    // Dozens of looks, and a few lines: two states and at most three quarters a run, and the counts below each.
    #expect(watch.output.split(separator: "\n").count < 40, "\(watch.output)")
    #expect(watch.output.components(separatedBy: "\nfinished last\n").count == 2)
    #expect(watch.output.contains(/Z  [0-9a-f]{12}  seed=1  running/))
    #expect(watch.output.contains(/Z  [0-9a-f]{12}  seed=2  done  test\.accuracy=/))
    let times = try bench.times()
    let again = try await bench.mneme(["watch", bench.manifest])
    #expect(again.status == .exited(0) && again.output.contains("2 runs: 2 done"))
    let curves = try await bench.mneme(["watch", try bench.place().id.short, "--once", "--json"])
    let look = try #require(json(curves.output) as? [String: Any], "\(curves.output)")
    let lines = try #require(look["curves"] as? [[String: Any]])
    #expect(
      Set(lines.compactMap { $0["metric"] as? String }).isSuperset(of: ["train.loss", "validation.loss"]))
    #expect((lines.first { $0["metric"] as? String == "train.loss" }?["values"] as? [Double])?.count == 200)
    #expect(try bench.times() == times)
  }

  @Test func `what it shows and how it ends follow from the states`() async throws {
    let shelf = try Shelf()
    let nothing = await shelf.mneme("watch", shelf.manifest, "--once")
    #expect(nothing.status == 3)
    #expect(
      try shelf.masked(nothing.output) == "sorting (tier quick), manifest ffffffffffff\n12 runs: 12 pending\n"
    )
    for index in 0..<2 { try shelf.publish(index) }
    try shelf.fail(2)
    try shelf.claim(shelf.runs()[3]).end(.stopped)
    let claim = try shelf.claim(shelf.runs()[4])
    try claim.say(
      "step", ["step": .integer(3), "steps": .integer(4), "loss": .real(1.5), "phase": .text("training")])
    let some = await shelf.mneme("watch", shelf.manifest, "--once")
    #expect(some.status == 1)
    let lines = try shelf.masked(some.output).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1].hasPrefix("12 runs: 2 done, 1 running, 1 interrupted, 7 pending, 1 failed"))
    #expect(
      lines[3].hasPrefix(
        "  050505050505  memory=working seed=1 length=27  [==============>     ]  75 %  loss 1.50"))
    #expect(lines[4].contains("step 3/4, attempt 1, process "))
    #expect(lines[6] == "finished last")
    #expect(lines[7].contains("ago  test.accuracy=0.2"))
    #expect(lines.last { !$0.isEmpty }?.contains("diverged") == true)
    try claim.end(.stopped)
    for index in 3..<12 { try shelf.publish(index) }
    try shelf.damage(5)
    let damaged = await shelf.mneme("watch", "--once")
    #expect(damaged.status == 1)
    #expect(damaged.output.contains("12 runs: 10 done, 1 failed, 1 corrupt"))
    #expect(damaged.output.contains("  corrupt: result.h5 is damaged: "))
  }

  @Test func `a run alone, and what is no such thing`() async throws {
    let shelf = try Shelf.complete()
    let run = shelf.runs()[0].run.short
    let one = await shelf.mneme("watch", run, "--once")
    #expect(one.status == 0)
    #expect(
      try shelf.masked(one.output)
        == "010101010101  sorting: model.memory=none seed=1 task.length=27\ndone\n", "\(one.output)"
    )
    for (words, sentence) in [
      (["watch", "ffffffff"], "has no run and no manifest that begins with ffffffff"),
      (["watch", "--every", "soon"], "--every"), (["watch", "--every", "0s"], "--every"),
      (["watch", "--once", "--forever"], "--once and --forever say different things"),
      (["watch", run, "--set", "seed=1"], "is a hash, and what a hash names never changes"),
    ] {
      let answer = await shelf.mneme(words)
      #expect(answer.status == 2 && answer.output.isEmpty)
      #expect(answer.errors.contains(sentence), "\(answer.errors)")
    }
  }
}
