import Archive
import Foundation
import Harness
import Records
import Testing

@testable import mneme

/// `check` and `plan`: what would be done, before anything is.
@Suite struct PlanningCommandTests {
  @Test func `check tells what a manifest comes to, and runs nothing`() async throws {
    let shelf = try Shelf()
    let before = try shelf.everything()
    let answer = await shelf.mneme("check", shelf.manifest)
    #expect(answer.status == 0)
    expectGolden(try shelf.masked(answer.output), "check.text")
    let list = try #require(
      json(await shelf.mneme("check", shelf.manifest, "--json").output) as? [[String: Any]])
    #expect((list[0]["runs"] as? [String])?.count == 12)
    #expect(try shelf.everything() == before)
  }

  @Test func `check goes on after a bad manifest, and does not pass`() async throws {
    let shelf = try Shelf()
    try shelf.write(Shelf.yaml.replacing("heads: 2", with: "heads: 3"), to: "Experiments/bad.yaml")
    let answer = await shelf.mneme("check", "\(shelf.folder)/Experiments/bad.yaml", shelf.manifest)
    #expect(answer.status == 2)
    #expect(answer.errors.hasPrefix("Error: Experiments/bad.yaml:6: model.heads"))
    #expect(answer.output.hasPrefix("sorting\n"))
  }

  @Test func `plan gives a line and a reason for every run, and touches nothing`() async throws {
    let shelf = try Shelf()
    for index in [0, 1] { try shelf.publish(index) }
    try shelf.fail(5)
    try shelf.damage(1)
    let before = try shelf.everything()
    let answer = await shelf.mneme("plan", shelf.manifest)
    #expect(answer.status == 0)
    #expect(answer.output.contains("model.memory=none seed=1 task.length=27"))
    #expect(answer.output.contains("failed ×1 (diverged)"))
    #expect(answer.output.contains("unmeasured"))
    let plan = try #require(
      json(await shelf.mneme("plan", shelf.manifest, "--json").output) as? [String: Any])
    #expect((plan["runs"] as? [Any])?.count == 12)
    #expect(try shelf.everything() == before)
    let empty = try Shelf()
    let untouched = try empty.everything()
    #expect(await empty.mneme("plan", empty.manifest, "--set", "seed=3").output.contains("6 runs"))
    #expect(try empty.everything() == untouched)
  }

  private struct Second: SegmentClock {
    let threads = 1

    func times(of specification: Specification) -> SegmentTimes {
      SegmentTimes(earlySegment: 1, lastSegment: 3, optimizerStep: 0.5)
    }
  }

  @Test func `measured segments become the cost of whole runs, and stay in the store`() async throws {
    let shelf = try Shelf()
    let manifest = try Manifest(reading: shelf.manifest)
    var notes: [String] = []
    let measurement = Measurement(manifest, by: Second()) { notes.append($0) }
    // One size for each kind of memory; the longest run of each is timed.
    #expect(measurement.sizes.count == 3)
    #expect(notes.first == "measuring size 1 of 3: model.memory=none seed=1 task.length=27")
    #expect(measurement.steps == 12 * 4)
    #expect(json(measurement.json) is [String: Any])
    let store = try shelf.opened()
    try measurement.put(in: store)
    let costs = try store.costsWithMeasured(of: manifest.runs)
    for run in manifest.runs {
      let work = Workload(run)
      // 2 epochs of 1 validation batch, 4 test batches; 4 steps.
      #expect(work.evaluationBatches == 6)
      let segments = Double(work.earlySegments + work.labelledSegments)
      let seconds = 4 * (Double(work.earlySegments) + 3 * Double(work.labelledSegments) + 0.5) + 6 * segments
      #expect(costs.seconds(of: run) == seconds)
    }
    #expect(await shelf.mneme("plan", shelf.manifest).output.contains("for 12 runs."))
    #expect(try store.check(deep: true).isEmpty)
  }

  @Test func `a table of costs shows what was measured as extrapolated, until a run is finished`()
    async throws
  {
    let shelf = try Shelf()
    try shelf.write(
      Shelf.yaml.replacing("cell: test.accuracy", with: "cell: [cost.training_seconds, cost.peak_bytes]")
        .replacing(", reference: paper/table6.csv", with: "").replacing(
          "better: higher", with: "better: lower"),
      to: "Experiments/sorting.yaml")
    let manifest = try Manifest(reading: shelf.manifest)
    try Measurement(manifest, by: Second()) { _ in }.put(in: try shelf.opened())
    let before = await shelf.mneme(["table", shelf.manifest] + plain)
    #expect(before.status == 0, "\(before.errors)")
    // 4 steps of 1 s for each early segment, 3 s for each labelled one, and 0.5 s.
    let work = Workload(manifest.runs[4])
    let seconds = 4 * (Double(work.earlySegments) + 3 * Double(work.labelledSegments) + 0.5)
    #expect(work.earlySegments == 3 && work.labelledSegments == 1 && seconds == 26)
    #expect(before.output.contains(/working +26 s ~ +18 s ~/), "\(before.output)")
    #expect(before.output.contains("~: not run; extrapolated from segments that were timed."))
    #expect(
      before.output.replacing("\n  ", with: " ").contains(
        "cost.training_seconds ~ of model.memory=working seed=1 task.length=27 = 4 steps · (3 early segments · 1.00 s + 1 "
          + "last · 3.00 s + optimizer 500 ms)."), "\(before.output)")
    #expect(before.output.contains("Timed on "))
    // 27 + 4 tokens in segments of 8, the labels in the last: without memory the three before it do not matter.
    let skipped =
      "memoria model.memory=none task.length=27: 3 of 4 segments lie beyond its reach and are not computed."
    #expect(before.output.contains(skipped), "\(before.output)")
    #expect(!before.output.contains("model.memory=working task.length=27: "))
    #expect(!before.output.contains("wall time"), "nothing is finished")
    // The clock of this test tells no memory.
    #expect(!before.output.contains("cost.peak_bytes ~"))
    #expect(await shelf.mneme(["table", shelf.manifest] + plain) == before)
    let csv = await shelf.mneme("table", shelf.manifest, "--format", "csv").output
    #expect(csv.contains("working,4,extrapolated,sorting,quick,"), "\(csv)")

    // A finished run takes the place of all estimates of its cell, and says itself what it does not know.
    try shelf.publish(4)
    let after = await shelf.mneme(["table", shelf.manifest] + plain).output
    #expect(!after.contains("~ of model.memory=working seed=1 task.length=27"))
    #expect(after.contains("~ of model.memory=working seed=1 task.length=11"))
    #expect(after.contains("?: finished, but no attempt kept this cost"), "\(after)")
    let unwrapped = after.replacing("\n  ", with: " ")
    #expect(
      unwrapped.contains(
        /Seconds of finished runs are wall time of their attempts on .+: at most 1 run of this store side/),
      "\(after)")
  }

  @Test func `a run without memory skips the segments that cannot reach its labels`() throws {
    let runs = try Shelf().runs()
    let (none, working) = (Workload(runs[0]), Workload(runs[4]))
    #expect(none.segments == working.segments)
    #expect(none.earlySegments < working.earlySegments)
    #expect(none.labelledSegments == working.labelledSegments)
  }

  @Test func `what finished runs took is believed before what was measured`() async throws {
    let shelf = try Shelf.complete()
    let manifest = try Manifest(reading: shelf.manifest)
    let store = try shelf.opened()
    try Measurement(manifest, by: Second()) { _ in }.put(in: store)
    for run in manifest.runs {
      #expect(try #require(try store.costsWithMeasured(of: [run]).seconds(of: run)) < 10)
    }
  }

  @Test func `check tells every mistake of a manifest, from above`() async throws {
    let shelf = try Shelf()
    var text = Shelf.yaml
    for (right, wrong) in [
      ("tier: quick", "tier: quik"), ("symbols: 4", "symbols: four"), ("heads: 2", "haeds: 2"),
      ("batch: 8", "batch: 8.5"), ("seed: [1, 2]", "seed: [1, -2]"), ("show: mean±std", "show: mean+std"),
    ] { text = text.replacing(right, with: wrong) }
    try shelf.write(text + "resources: {thread: 2, retries: 1000}\n", to: "Experiments/bad.yaml")
    let answer = await shelf.mneme("check", "\(shelf.folder)/Experiments/bad.yaml", shelf.manifest)
    #expect(answer.status == 2)
    #expect(answer.output.hasPrefix("sorting\n"))
    let told = answer.errors.split(separator: "\n").map {
      $0.replacing("Error: Experiments/bad.yaml:", with: "")
    }
    let expected = [
      "3: tier is “quik”", "4: task.symbols is “four”; expected a whole number",
      "6: model.haeds is not a key; did you mean model.heads?", "10: training.batch is “8.5”",
      "14: seed is -2",
      "16: tables.table6.show is “mean+std”", "18: resources.thread is not a key",
      "18: resources.retries is 1000",
    ]
    #expect(told.count == expected.count, "\(answer.errors)")
    for (line, words) in zip(told, expected) { #expect(line.hasPrefix(words), "\(line)") }
  }

  @Test func `nothing is measured for a store that cannot be written`() throws {
    let shelf = try Shelf()
    let store = try shelf.opened()
    #expect(throws: Never.self) { try Measurement.refuseUnwritable(store) }
    // Root may write into a folder that forbids it, but not into a kernel's.
    try? FileManager.default.removeItem(atPath: "\(shelf.store)/objects")
    try FileManager.default.createSymbolicLink(
      atPath: "\(shelf.store)/objects", withDestinationPath: "/proc/self/fd")
    let error = #expect(throws: ReportError.self) { try Measurement.refuseUnwritable(store) }
    #expect(error?.description.hasSuffix("could not be kept. Nothing was measured.") == true)
  }
}
