import Archive
import ArgumentParser
import Foundation
import Harness
import Models
import Records
import Tasks
import Testing

@testable import mneme

/// `mneme show` of a run: every number with the sum that it is made by, whatever the run's state.
@Suite struct ShowTests {
  @Test func `a finished run is explained, and every number can be checked`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    try shelf.publishExamined(8)
    let run = shelf.runs()[8].run
    let answer = await shelf.mneme("show", run.short, "--width", "100")
    #expect(answer.status == 0)
    expectGolden(try shelf.masked(answer.output).untimed, "show.text")
    // Words keep to the width, paths and settings are as long as they are.
    let words = answer.output.components(separatedBy: "\nsettings:\n")[0]
    let long = words.split(separator: "\n").filter { $0.count > 100 && !$0.contains("/") }
    #expect(long.isEmpty, "\(long)")
    #expect(await shelf.mneme("show", run.short, "--width", "3").status == 2)
  }

  @Test func `the sums are right`() throws {
    let shelf = try Shelf()
    for run in shelf.runs() {
      let portrait = try portrait(of: run, in: shelf)
      let facts = try #require(portrait["facts"] as? [String: [String: Any]])
      let parameters = try #require(facts["parameters"])
      let groups = parameters.compactMap { ($0.value as? [String: Any])?["count"] as? Int }
      #expect(groups.reduce(0, +) == parameters["in_all"] as? Int)
      #expect(parameters["in_all"] as? Int == portrait["parameters"] as? Int)
      let segments = try #require(facts["steps"]?["segments"] as? [String: Int])
      let parts = ["skipped", "forward", "with_gradients"].compactMap { segments[$0] }
      #expect(parts.reduce(0, +) == segments["all"])
      let memory = run.settings["model.memory"]
      let reach = try #require(facts["model"]?["reach"] as? [String: Any])
      #expect(reach["unit"] as? String == (memory == .text("none") ? "segments" : "unbounded"))
    }
  }

  @Test func `a run that nobody began says what it would be`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    let run = shelf.runs()[0]
    _ = try shelf.opened().add(run.storedSettings)
    let text = await shelf.mneme("show", run.run.short).output
    for part in [
      "state: pending\n", "\nparameters:\n", "  result    missing: the run is not done\n",
      "  attempts  none yet\n",
      "mneme run FILE\n", "where FILE is a file of the manifest sorting\n",
    ] { #expect(text.contains(part), "\(part) is not in \(text)") }
    #expect(!text.contains("\nresult:\n") && !text.contains("\ncost:\n"))
  }

  @Test func `a run that goes on, stopped or failed says how far it is`() async throws {
    let shelf = try Shelf()
    let runs = shelf.runs()
    let claim = try shelf.claim(runs[1])
    let running = await shelf.mneme("show", runs[1].run.short).output
    #expect(running.contains("state: running\n") && running.contains("mneme logs -f \(runs[1].run.short)\n"))
    #expect(running.contains("in 0 attempts that ended; 1 other did not, and is not counted\n"))
    try claim.end(.stopped)
    let stopped = await shelf.mneme("show", runs[1].run.short).output
    #expect(stopped.contains("state: interrupted\n") && stopped.contains("in 1 attempt that ended\n"))
    #expect(stopped.contains("goes on where it stopped"))
    try shelf.fail(5)
    let failed = await shelf.mneme("show", runs[5].run.short).output
    for part in [
      "state: failed (diverged), 1 attempt\n", "mneme run FILE --retry-failed\n",
      "at step 3, the loss was not finite any more",
    ] { #expect(failed.contains(part), "\(part) is not in \(failed)") }
  }

  @Test func `costs without the record of an attempt are at least so much, for people and for programs`()
    async throws
  {
    let shelf = try Shelf()
    let (run, end) = (shelf.runs()[0].run, "attempts/0001/end.json")
    let first = try shelf.claim(shelf.runs()[0])
    try first.say("began")
    try first.end(.stopped)
    try shelf.publish(0)
    let whole = await shelf.mneme("show", run.short).output
    #expect(whole.contains("  cost.seconds") && !whole.contains("≥"))
    let path = "\(try shelf.opened().run(run).path)/\(end)"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
    let shown = await shelf.mneme("show", run.short)
    #expect(shown.output.contains("≥ "), "\(shown)")
    #expect(shown.output.contains(": an attempt left no intact record of what it took\n"))
    for arguments in [["show", run.short, "--json"], ["ls", "--json"]] {
      let answer = await shelf.mneme(arguments)
      #expect(answer.output.contains("\"cost.seconds.is_lower_bound\" : true"), "\(answer.output)")
    }
  }

  @Test func `what is damaged is not explained away`() async throws {
    let shelf = try Shelf()
    try shelf.publishExamined(0)
    try shelf.damage(0)
    let answer = await shelf.mneme("show", shelf.runs()[0].run.short)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains("mneme fsck --deep --store Results/store\n")
        && !answer.output.contains("\nresult:\n"))
  }

  @Test func `what it says to type can be typed`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    try shelf.publishExamined(0)
    try shelf.fail(1)
    _ = try shelf.opened().add(shelf.runs()[2].storedSettings)
    let claim = try shelf.claim(shelf.runs()[3])
    var typed: Set<String> = []
    for run in shelf.runs().prefix(4) {
      let facts = try #require(try portrait(of: run, in: shelf)["facts"] as? [String: [String: Any]])
      for step in try #require(facts["what to type next"]).values {
        let command = try #require((step as? [String: Any])?["command"] as? String)
        let words = command.split(separator: " ").map { String($0) }
        #expect(words.first == "mneme")
        #expect(throws: Never.self, "\(command)") { _ = try Mneme.parseAsRoot(Array(words.dropFirst())) }
        typed.insert(words[1])
      }
    }
    #expect(typed.isSuperset(of: ["rerun", "table", "logs", "run", "status"]))
    try claim.end(.stopped)
  }

  @Test func `every model and every task says what it is`() throws {
    for model in modelCatalogue {
      #expect(model.words.count > 20 && model.words.contains("("), "\(model.name) names no source")
    }
    let run = try #require(try Shelf().runs().first)
    func words<T: LearningTask>(_ task: T.Type) -> String { T.words(run.configuration(of: T.self)) }
    let task = run.task
    #expect(
      words(task)
        == "read 27 symbols of 4, whose frequencies drift, and a separator, then name all 4, the most frequent first: "
        + "27 + 1 + 4 - 1 = 31 tokens")
  }

  private func portrait(of run: Specification, in shelf: Shelf) throws -> [String: Any] {
    let store = try shelf.opened()
    if try store.run(run.run).state() == .pending { _ = try store.add(run.storedSettings) }
    return try #require(json(try RunPortrait(run.run, in: store).json) as? [String: Any])
  }
}

extension Shelf {
  /// Publishes a run as `publish` does, with what was right in every example, and a history.
  fileprivate func publishExamined(_ index: Int) throws {
    let run = runs()[index]
    let claim = try claim(run)
    // 32 examples of 4 labels: 0, 1, 2, 3 right, over and over; 48 of 128.
    let correct = (0..<32).map { UInt32($0 % 4) }
    try claim.publish(
      RunResult(
        run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml,
        metrics: [
          FinalMetric(name: "test.accuracy", value: 0.375, unit: "1", better: "higher", split: "test"),
          FinalMetric(name: "test.loss", value: 1.25, unit: "nat", better: "lower", split: "test"),
        ],
        series: [
          Series(
            name: "train", steps: [1, 2, 3, 4],
            columns: [
              Series.Column(name: "loss", unit: "nat", better: "lower", values: [1.75, 1.5, 1.375, 1.25])
            ])
        ],
        items: [
          ItemOutcomes(
            split: "test", ids: (0..<32).map { UInt64(24 + $0) }, correct: correct,
            labels: correct.map { _ in 4 })
        ], counters: [Counter(name: "steps", value: 4)], memoryLog: nil, weights: weightsDigest([])),
      weights: nil)
    try claim.end(.done)
  }
}

extension String {
  /// Without what differs from machine to machine, from day to day and from format to format: times, hosts, sizes of
  /// files, digests, what was measured.
  fileprivate var untimed: String {
    var text = replacing(/\d{4}-\d\d-\d\dT[\d:.]+Z +\S+ .*/, with: "DATE HOST")
    text = text.replacing(/(cost\.\w*(?:seconds|bytes)\w*) +.*/) { "\($0.output.1) MEASURED" }
    text = text.replacing(/((?:attempts\/0001\/\S+|result\.h5),?) +[\d,]+ bytes/) { "\($0.output.1) SIZE" }
    text = text.replacing(/runs\/[0-9a-f]{2}\//, with: "runs/../")
    return text.replacing(/\b[0-9a-f]{64}\b/) { Set($0.output).count < 4 ? String($0.output) : "DIGEST" }
  }
}
