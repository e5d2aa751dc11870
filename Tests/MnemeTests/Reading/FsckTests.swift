import Archive
import Foundation
import Harness
import Records
import Testing

/// What `mneme fsck` says and advises; that it finds what there is to find is for the tests of the Archive.
@Suite struct FsckTests {
  @Test func `damage comes with the line that mends it`() async throws {
    let shelf = try Shelf.complete()
    let manifest = try shelf.keepManifest()
    let run = shelf.runs()[3].run
    try shelf.damage(3)
    let before = try shelf.everything()
    let answer = await shelf.mneme("fsck", "--deep")
    #expect(answer.status == 1 && answer.errors.isEmpty)
    let result = "Results/store/runs/\(run.hex.prefix(2))/\(run.hex)/result.h5"
    #expect(answer.output.hasPrefix("damage: \(result) is damaged"))
    #expect(
      answer.output.contains(
        "\n  next: rm -f \(result) && mneme run FILE --store Results/store"
          + "  # FILE is that of the manifest sorting (\(manifest.short))\n"), "\(answer.output)")
    #expect(answer.output.contains("\n12 runs, 1 object (every byte compared): 1 damaged.\n  results"))
    #expect(try shelf.everything() == before, "nothing is mended unasked")
  }

  @Test func `many that are damaged alike come together, with one line that mends them all`() async throws {
    let shelf = try Shelf.complete()
    let manifest = try shelf.keepManifest()
    for index in 2..<7 { try shelf.damage(index) }
    let answer = await shelf.mneme("fsck", "--deep")
    let lines = answer.output.split(separator: "\n").map(String.init)
    let paths = shelf.runs()[2..<7].map {
      "Results/store/runs/\($0.run.hex.prefix(2))/\($0.run.hex)/result.h5"
    }.sorted()
    #expect(lines[0] == "damage: 5 files")
    for (line, path) in zip(lines[1...5], paths) {
      #expect(line.hasPrefix("  \(path) is damaged: its digest is "), "\(line)")
    }
    #expect(
      lines[6] == "  next: rm -f \(paths.joined(separator: " ")) && mneme run FILE --store Results/store"
        + "  # FILE is that of the manifest sorting (\(manifest.short))")
    let object = try #require(json(await shelf.mneme("fsck", "--deep", "--json").output) as? [String: Any])
    #expect((object["findings"] as? [Any])?.count == 5 && object["damaged"] as? Int == 5)

    // Commands that read them tell of them in one line, too.
    let table = await shelf.mneme("table", shelf.manifest)
    #expect(table.errors.hasPrefix("corrupt: 5 runs: result.h5 is damaged: "))
    #expect(
      table.errors.contains(/result.h5 is damaged: [0-9a-f]{12}, [0-9a-f]{12}, [0-9a-f]{12} and 2 more\n/))
    #expect(table.errors.hasSuffix("\nnext: mneme fsck --deep --store Results/store\n"))
    #expect(table.errors.count(where: { $0 == "\n" }) == 2)
  }

  @Test func `checkpoints of runs whose result is damaged are not told to be of no use`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    let run = shelf.runs()[0]
    let claim = try shelf.claim(run)
    try claim.save(
      Checkpoint(
        run: run.run, step: 7, parameters: [], firstMoments: [], secondMoments: [], scalars: [], series: []))
    try claim.publish(
      RunResult(
        run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml, metrics: [],
        series: [], items: [], counters: [], memoryLog: nil, weights: weightsDigest([])), weights: nil)
    try claim.end(.done)
    #expect(await shelf.mneme("fsck", "--deep").output.contains("orphan: "))
    try shelf.damage(0)
    let answer = await shelf.mneme("fsck", "--deep")
    #expect(answer.status == 1 && !answer.output.contains("orphan: "), "\(answer.output)")
  }

  @Test func `runs that no manifest needs are told by a deep look, and are no damage`() async throws {
    let shelf = try Shelf.complete()
    let settings = Settings(["seed": .integer(77)])
    let place = try shelf.opened().add(settings)
    #expect(await shelf.mneme("fsck").output.hasPrefix("13 runs, 1 object"))
    let answer = await shelf.mneme("fsck", "--deep")
    #expect(answer.status == 0)
    #expect(answer.output.contains("bytes, pending: no manifest of this store needs this run.\n"))
    #expect(
      answer.output.contains("  next: mneme show \(place.id.short) --store Results/store  # and if nobody"))
    #expect(answer.output.contains("no damage, 1 to tidy up.\n"))

    // A run that no manifest asks for and whose result is damaged needs nothing but its settings.
    let claim = try #require(try Self.claimed(place))
    try claim.publish(
      RunResult(
        run: place.id, settings: settings, derived: Settings(), yaml: "", metrics: [], series: [], items: [],
        counters: [], memoryLog: nil, weights: weightsDigest([])), weights: nil)
    try claim.end(.done)
    try FileManager.default.removeItem(atPath: place.resultPath)
    try Data([1]).write(to: URL(fileURLWithPath: place.resultPath))
    let damaged = await shelf.mneme("fsck")
    #expect(
      damaged.output.contains("result.h5 && mneme worker --run \(place.id.short) --store Results/store\n"))
  }

  @Test func `checkpoints of finished runs are told by a deep look`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    let run = shelf.runs()[0]
    let claim = try shelf.claim(run)
    try claim.save(
      Checkpoint(
        run: run.run, step: 7, parameters: [], firstMoments: [], secondMoments: [], scalars: [], series: []))
    #expect(await !shelf.mneme("fsck", "--deep").output.contains("orphan:"))
    try claim.publish(
      RunResult(
        run: run.run, settings: run.storedSettings, derived: run.derived, yaml: run.yaml, metrics: [],
        series: [], items: [], counters: [], memoryLog: nil, weights: weightsDigest([])), weights: nil)
    try claim.end(.done)
    let path =
      "Results/store/runs/\(run.run.hex.prefix(2))/\(run.run.hex)/attempts/0001/checkpoint-00000007.h5"
    let answer = await shelf.mneme("fsck", "--deep")
    #expect(answer.status == 0)
    #expect(answer.output.contains("orphan: \(path) is a checkpoint of a finished run"))
    #expect(answer.output.contains("\n  next: mneme gc --store Results/store\n"))
    #expect(await shelf.mneme("gc").output.hasPrefix("checkpoint  "))
    #expect(await !shelf.mneme("fsck", "--deep").output.contains("orphan:"))
  }

  private static func claimed(_ run: RunDirectory) throws -> Claim? {
    if case .claimed(let claim) = try run.claim(Provenance(arguments: [], threads: 1)) { claim } else { nil }
  }

  @Test func `where a manifest is damaged, nobody says which runs are needed`() async throws {
    let shelf = try Shelf.complete()
    let hash = try shelf.keepManifest()
    let path = "Results/store/objects/\(hash.hex.prefix(2))/\(hash.hex).manifest"
    try FileManager.default.removeItem(atPath: "\(shelf.folder)/\(path)")
    try shelf.write("nonsense", to: path)
    let answer = await shelf.mneme("fsck", "--deep")
    #expect(answer.status == 1)
    #expect(!answer.output.contains("orphan:"))
    #expect(answer.output.contains("Which runs no manifest needs is not told: a manifest cannot be read.\n"))
    #expect(
      answer.output.contains("  next: rm -f \(path) && mneme run FILE --store Results/store  # FILE is the"))
  }

  @Test func `objects that hold other things than their names say are found by what they hold`() async throws
  {
    let shelf = try Shelf.complete()
    let store = try shelf.opened()
    for kind in ["cost", "baselines"] {
      try store.put(
        CBOR.encode(.map(["task": Settings(["a": .integer(1)]).item, "scores": .list([])])),
        as: StoredObject(kind: kind, id: Digest.sha256([7])))
    }
    try store.put([1], as: StoredObject(kind: "dream", id: Digest.sha256([8])))
    let answer = await shelf.mneme("fsck", "--deep")
    #expect(answer.status == 1)
    #expect(answer.output.contains(".cost holds other costs than those it is named by"))
    #expect(answer.output.contains(".baselines holds other baselines than those it is named by"))
    #expect(answer.output.contains("is of the kind dream, which this program does not know: a newer one"))
    #expect(answer.output.contains("2 damaged, 1 to tidy up.\n"))
    #expect(await shelf.mneme("fsck").status == 0)
  }

  @Test func `programs get every finding with its run, what to type, and all sizes`() async throws {
    let shelf = try Shelf.complete()
    try shelf.damage(0)
    let object = try #require(json(await shelf.mneme("fsck", "--deep", "--json").output) as? [String: Any])
    let finding = try #require((object["findings"] as? [[String: Any]])?.first)
    #expect(finding["kind"] as? String == "damage" && finding["run"] as? String == shelf.runs()[0].run.hex)
    #expect((finding["next"] as? String)?.hasPrefix("rm -f ") == true)
    #expect(object["damaged"] as? Int == 1 && object["unseen"] as? Int == 0)
    let sizes = try #require(object["sizes"] as? [String: [String: Int]])
    #expect(sizes["results"]?["files"] == 12 && (sizes["results"]?["bytes"] ?? 0) > 12 * 512)
    let quick = try #require(json(await shelf.mneme("fsck", "--json").output) as? [String: Any])
    #expect(quick["sizes"] == nil && quick["deep"] as? Bool == false)
  }

  @Test func `what cannot be looked at is no pass`() async throws {
    let shelf = try Shelf.complete()
    let shelfOfObjects = "\(shelf.store)/objects"
    let hash = try shelf.keepManifest()
    let folder = "\(shelfOfObjects)/\(hash.hex.prefix(2))/\(hash.hex).manifest"
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let answer = await shelf.mneme("fsck")
    #expect(answer.status == 2, "\(answer)")
    #expect(answer.output.hasPrefix("unseen: "))
    #expect(answer.output.contains("  next: ls -ld "))
    #expect(answer.output.contains("no damage, 1 not looked at.\n"))
  }
}
