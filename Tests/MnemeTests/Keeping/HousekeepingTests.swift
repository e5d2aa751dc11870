import Archive
import Foundation
import Harness
import Records
import Testing

@testable import mneme

/// What `mneme remove`, `mneme gc` and `mneme status` say; that they are safe is for the tests of the Archive.
@Suite struct HousekeepingTests {
  @Test func `a run that a manifest needs is removed only when told`() async throws {
    let shelf = try Shelf.complete()
    let hash = try Manifest(reading: shelf.manifest).hash
    let run = shelf.runs()[3].run
    let before = try shelf.everything()
    let refused = await shelf.mneme("remove", run.short)
    #expect(refused.status == 2 && refused.output == "")
    #expect(refused.errors.contains("1 of 1 run is needed by stored manifests, so nothing was removed"))
    #expect(refused.errors.contains("\n  \(run.short)  sorting (\(hash.short))"))
    let dry = await shelf.mneme("remove", run.short, "--even-if-needed", "--dry-run")
    #expect(dry.status == 0)
    #expect(dry.output.hasPrefix("\(run.short)  done  sorting: model.memory=none seed=2 task.length=11  "))
    #expect(dry.output.contains(" bytes  needed by sorting (\(hash.short))\nWould remove 1 run, "))
    #expect(try shelf.everything() == before, "a dry run and a refusal touch nothing")

    let done = await shelf.mneme("remove", run.short, "--even-if-needed")
    #expect(done.status == 0 && done.output.contains("\nRemoved 1 run, "), "\(done)")
    #expect(await shelf.mneme("status", shelf.manifest).output.hasPrefix("12 runs: 11 done, 1 pending\n"))
    #expect(await shelf.mneme("fsck", "--deep").status == 0)
  }

  @Test func `runs are chosen by --where, and what no manifest needs goes without more`() async throws {
    let shelf = try Shelf.complete()
    var settings = shelf.runs()[0].storedSettings
    for seed in [91, 92] {
      settings["seed"] = .integer(seed)
      try shelf.opened().add(settings)
    }
    let answer = await shelf.mneme("remove", "--where", "seed>90", "--json")
    #expect(answer.status == 0)
    let list = try #require(json(answer.output) as? [[String: Any]])
    #expect(
      list.count == 2
        && list.allSatisfy { $0["removed"] as? Bool == true && $0["state"] as? String == "pending" })
    #expect(try shelf.opened().runs().count == 12)
    let needed = await shelf.mneme("remove", "--where", "seed=1")
    #expect(needed.status == 2 && needed.errors.contains("6 of 6 runs are needed"))
  }

  @Test func `a manifest goes alone, or with the runs that only it needs`() async throws {
    let shelf = try Shelf.complete()
    // Another manifest needs half of the runs.
    try shelf.write(
      Shelf.yaml.replacing("name: sorting", with: "name: half").replacing("seed: [1, 2]", with: "seed: [1]"),
      to: "Experiments/half.yaml")
    let half = try Manifest(reading: "\(shelf.folder)/Experiments/half.yaml")
    let store = try shelf.opened()
    try store.put(half.canonicalBytes, as: StoredObject(kind: "manifest", id: half.hash))
    let dry = await shelf.mneme("remove", shelf.manifest, "--dry-run")
    #expect(dry.output.hasSuffix("Would remove 1 manifest.\n"))
    let answer = await shelf.mneme("remove", shelf.manifest, "--with-runs")
    #expect(answer.status == 0 && answer.output.contains("\nRemoved 6 runs and 1 manifest, "), "\(answer)")
    #expect(Set(try store.runs()) == Set(half.runs.map(\.run)))
    #expect(await shelf.mneme("ls", "--manifests").output.hasPrefix("\(half.hash.short)  half"))
    #expect(await shelf.mneme("status", half.hash.short).output == "6 runs: 6 done\n")
  }

  @Test func `a running run is never removed, nor what was to go with it`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0)
    let claim = try shelf.claim(shelf.runs()[1])
    defer { withExtendedLifetime(claim) {} }
    let answer = await shelf.mneme("remove", "--where", "model.memory=none")
    #expect(answer.status == 75)
    #expect(answer.errors.contains("somebody works on \(shelf.runs()[1].run.short), so nothing was removed"))
    #expect(try shelf.opened().runs().count == 2)
    let swept = await shelf.mneme("gc")
    #expect(swept.output == "Nothing to remove. 1 run passed over: somebody works on them.\n")
  }

  @Test(arguments: [
    (["remove"], "what to remove is missing; expected hashes, or --where"),
    (["remove", "--where", " "], "--where is empty"),
    (["remove", "0123456789"], "has no run and no manifest that begins with 0123456789"),
    (["remove", "--where", "sede=1"], "did you mean seed?"),
    (["remove", "--where", "seed=7"], "none of the 12 runs"),
    (["remove", "RUN", "--with-runs"], "expected a manifest's hash or file"),
  ])
  func `what cannot be meant is refused`(words: [String], expected: String) async throws {
    let shelf = try Shelf.complete()
    let before = try shelf.everything()
    let answer = await shelf.mneme(words.map { $0 == "RUN" ? shelf.runs()[0].run.short : $0 })
    #expect(answer.status == 2 && answer.output == "" && answer.errors.contains(expected), "\(answer)")
    #expect(try shelf.everything() == before)
  }

  @Test func `where a manifest is damaged nobody knows what it needs, and nothing is removed`() async throws {
    let shelf = try Shelf.complete()
    let hash = try Manifest(reading: shelf.manifest).hash
    let path = "Results/store/objects/\(hash.hex.prefix(2))/\(hash.hex).manifest"
    try FileManager.default.removeItem(atPath: "\(shelf.folder)/\(path)")
    try shelf.write("nonsense", to: path)
    let answer = await shelf.mneme("remove", shelf.runs()[0].run.short)
    #expect(answer.status == 2 && answer.errors.contains("so nobody knows which runs it needs"), "\(answer)")
    #expect(try shelf.opened().runs().count == 12)
  }

  @Test func `gc says what goes before and after, and keeps what somebody asks for`() async throws {
    let shelf = try Shelf.complete()
    let store = try shelf.opened()
    let run = shelf.runs()[0]
    let checkpoint = "\(store.run(run.run).attemptPath(1))/checkpoint-00000007.h5"
    try CheckpointFile.write(
      Checkpoint(
        run: run.run, step: 7, parameters: [], firstMoments: [], secondMoments: [], scalars: [], series: []),
      to: checkpoint)
    let manifest = try Manifest(reading: shelf.manifest)
    let wanted = Measurement(manifest, by: HalfSecond()) { _ in }
    try wanted.put(in: store)
    try shelf.write(
      Shelf.yaml.replacing("[none, working, long-term]", with: "[none]").replacing("[27, 11]", with: "[43]")
        .replacing("seed: [1, 2]", with: "seed: [1]"),
      to: "Experiments/other.yaml")
    let unwanted = try Manifest(reading: "\(shelf.folder)/Experiments/other.yaml")
    try Measurement(unwanted, by: HalfSecond()) { _ in }.put(in: store)
    let costs = try store.objects().count { $0.kind == "cost" }
    let before = try shelf.everything()
    let dry = await shelf.mneme("gc", "--dry-run")
    #expect(dry.status == 0 && dry.output.contains("\nWould remove 1 checkpoint, 1 object: "), "\(dry)")
    #expect(try shelf.everything() == before)
    let object = try #require(json(await shelf.mneme("gc", "--json").output) as? [String: Any])
    #expect(object["removed"] as? Bool == true && (object["items"] as? [Any])?.count == 2)
    #expect(!FileManager.default.fileExists(atPath: checkpoint))
    #expect(try store.objects().count { $0.kind == "cost" } == costs - 1)
    #expect(await shelf.mneme("gc").output == "Nothing to remove.\n")
    #expect(await shelf.mneme("fsck", "--deep").output.contains("no damage.\n"))
  }

  private struct HalfSecond: SegmentClock {
    let threads = 1

    func times(of specification: Specification) -> SegmentTimes {
      SegmentTimes(earlySegment: 0.5, lastSegment: 0.5, optimizerStep: 0.5)
    }
  }

  @Test func `status of a whole store tells its size`() async throws {
    let shelf = try Shelf.complete()
    let output = await shelf.mneme("status").output
    #expect(
      output.wholeMatch(
        of:
          /12 runs: 12 done\n[0-9,]+ files, [0-9,]+ bytes: results [0-9,]+, records [0-9,]+, logs 0, objects [0-9,]+\n/
      )
        != nil, "\(output)")
    let bytes = try FileManager.default.subpathsOfDirectory(atPath: shelf.store).reduce(0) { sum, name in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(shelf.store)/\(name)")
      return sum
        + (attributes[.type] as? FileAttributeType == .typeRegular ? attributes[.size] as? Int ?? 0 : 0)
    }
    #expect(StoreSizes(of: try shelf.opened()).allBytes == bytes)
    #expect(await !shelf.mneme("status", "--where", "seed=1").output.contains("bytes"))
    let list = try #require(json(await shelf.mneme("status", "--json").output) as? [[String: Any]])
    #expect(list.count == 13 && list[..<12].allSatisfy { $0["run"] != nil && $0["store"] == nil })
    let whole = list[12]
    #expect(whole["run"] == nil && whole["store"] as? String == "Results/store")
    #expect(whole["bytes"] as? Int == bytes)
    let sizes = try #require(whole["sizes"] as? [String: [String: Int]])
    #expect(sizes["results"]?["files"] == 12 && sizes.values.reduce(0) { $0 + ($1["bytes"] ?? 0) } == bytes)
    for words in [["status", "--where", "seed=1", "--json"], ["status", shelf.manifest, "--json"]] {
      #expect(await !shelf.mneme(words).output.contains("\"store\""))
    }
  }
}
