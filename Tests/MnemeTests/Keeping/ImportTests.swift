import Archive
import Foundation
import Harness
import Records
import Testing

@testable import mneme

/// `mneme import`, and stores that were copied; how a run comes in is for the tests of the Archive.
@Suite struct ImportTests {
  /// A copy of a shelf's store under a name with spaces: other inodes, other times.
  private static func copy(_ shelf: Shelf) throws -> String {
    let copy = "\(shelf.folder)/a colleague's disk/the store"
    try FileManager.default.createDirectory(
      atPath: "\(shelf.folder)/a colleague's disk", withIntermediateDirectories: true)
    for name in try FileManager.default.subpathsOfDirectory(atPath: shelf.store).sorted() {
      let (from, to) = ("\(shelf.store)/\(name)", "\(copy)/\(name)")
      try FileManager.default.createDirectory(
        atPath: URL(fileURLWithPath: to).deletingLastPathComponent().path, withIntermediateDirectories: true)
      if let bytes = try? Data(contentsOf: URL(fileURLWithPath: from)) {
        try bytes.write(to: URL(fileURLWithPath: to))
      } else {
        try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
      }
    }
    return copy
  }

  @Test func `a finished store is a folder: its copy answers as it does, read-only and anywhere`()
    async throws
  {
    let shelf = try Shelf.complete()
    #expect(await shelf.mneme("note", shelf.runs()[0].run.short, "first", "--tag", "best").status == 0)
    let hash = try Manifest(reading: shelf.manifest).hash.hex
    let words = [
      ["table", hash] + plain, ["verify", hash] + plain, ["diff", hash, "paper"] + plain, ["ls"],
      ["ls", "--manifests"], ["status", hash], ["hash", hash], ["ls", "--where", "tag=best"],
      ["fsck", "--deep"],
      ["note"],
    ]
    // Both with an index, which is of the files of the first.
    #expect(await shelf.mneme(words[0]).status == 0)
    let copy = try Self.copy(shelf)
    var own: [Shelf.Answer] = []
    for word in words { own.append(await shelf.mneme(word)) }
    try Self.setMode(0o555, of: copy)
    defer { try? Self.setMode(0o755, of: copy) }
    for (word, answer) in zip(words, own) {
      #expect(await shelf.mneme(word, store: copy) == answer, "\(word)")
    }
  }

  /// Takes or gives the right to write in every folder of a store.
  private static func setMode(_ mode: Int, of path: String) throws {
    let folders = try FileManager.default.subpathsOfDirectory(atPath: path).map { "\(path)/\($0)" }.filter {
      (try? FileManager.default.contentsOfDirectory(atPath: $0)) != nil
    }
    for folder in [path] + folders {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
    }
  }

  @Test func `everything of a store comes in, and the second time nothing`() async throws {
    let shelf = try Shelf.complete()
    #expect(await shelf.mneme("note", shelf.runs()[0].run.short, "first", "--tag", "best").status == 0)
    let copy = try Self.copy(shelf)
    let target = "\(shelf.folder)/mine"
    let dry = await shelf.mneme(["import", copy, "--dry-run"], store: target)
    #expect(dry.status == 0, "\(dry)")
    #expect(
      dry.output
        == "12 runs of a colleague's disk/the store: 12 new. Would bring: 1 manifest, 2 remarks.\n")
    #expect(!FileManager.default.fileExists(atPath: target))
    let answer = await shelf.mneme(["import", copy], store: target)
    #expect(
      answer.status == 0
        && answer.output
          == "12 runs of a colleague's disk/the store: 12 new. Came in: 1 manifest, 2 remarks.\n"
    )
    let hash = try Manifest(reading: shelf.manifest).hash.hex
    for words in [["table", hash] + plain, ["ls"], ["note"], ["fsck", "--deep"]] {
      let (there, here) = (await shelf.mneme(words), await shelf.mneme(words, store: target))
      #expect(here.status == there.status, "\(words): \(here)")
      if words[0] != "fsck" { #expect(here.output == there.output, "\(words)") }
    }
    let again = await shelf.mneme(["import", copy], store: target)
    #expect(again.status == 0 && again.output.hasSuffix(": 12 already here.\n"), "\(again)")
    let object = try #require(
      json(await shelf.mneme(["import", copy, "--json"], store: target).output) as? [String: Any])
    let runs = try #require(object["runs"] as? [[String: Any]])
    #expect(runs.count == 12 && runs.allSatisfy { $0["outcome"] as? String == "present" })
  }

  @Test func `conflicts and damage are told by name, and the others come in`() async throws {
    let shelf = try Shelf.complete()
    let copy = try Self.copy(shelf)
    let mine = try Shelf()
    try mine.publish(2, accuracy: 0.99)
    let result = try Store(at: copy, creating: false).run(shelf.runs()[4].run).resultPath
    var bytes = try Data(contentsOf: URL(fileURLWithPath: result))
    bytes[bytes.count - 50] ^= 1
    try bytes.write(to: URL(fileURLWithPath: result))
    let answer = await mine.mneme("import", copy)
    #expect(answer.status == 1)
    let runs = shelf.runs().map(\.run.short)
    #expect(answer.output.contains("conflict: run \(runs[2]): "), "\(answer)")
    #expect(
      answer.output.contains("refused: run \(runs[4]): ") && answer.output.contains("result.h5 is damaged"))
    #expect(answer.output.contains(": 10 new, 1 in conflict, 1 refused. Came in: 1 manifest.\n"))
    #expect(try mine.opened().run(shelf.runs()[2].run).record().metrics["test.accuracy"] == 0.99)
    #expect(await mine.mneme("status", mine.manifest).output.hasPrefix("12 runs: 11 done, 1 pending\n"))
    #expect(await mine.mneme("fsck", "--deep").status == 0)
  }

  @Test func `chosen runs come in with their manifests and what was written about both, and nothing else`()
    async throws
  {
    let shelf = try Shelf.complete()
    try shelf.write(
      Shelf.yaml.replacing("name: sorting", with: "name: half").replacing("seed: [1, 2]", with: "seed: [1]"),
      to: "Experiments/half.yaml")
    let half = try Manifest(reading: "\(shelf.folder)/Experiments/half.yaml")
    try shelf.opened().put(half.canonicalBytes, as: StoredObject(kind: "manifest", id: half.hash))
    for index in [0, 1] {
      #expect(await shelf.mneme("note", shelf.runs()[index].run.short, "words").status == 0)
    }
    #expect(await shelf.mneme("note", half.hash.short, "--tag", "half").status == 0)
    let copy = try Self.copy(shelf)
    let target = "\(shelf.folder)/mine"
    let words = ["import", copy, "--where", "seed=2"]
    let answer = await shelf.mneme(words, store: target)
    #expect(
      answer.output
        == "6 of 12 runs of a colleague's disk/the store: 6 new. Came in: 1 manifest, 1 remark.\n",
      "\(answer)")
    let mine = try Store(at: target, creating: false)
    #expect(try Set(mine.runs()) == Set(shelf.runs().enumerated().filter { $0.0 % 2 == 1 }.map(\.1.run)))
    let object = try #require(
      json(await shelf.mneme(words + ["--json"], store: target).output) as? [String: Any])
    #expect(object["where"] as? String == "seed=2" && (object["runs"] as? [Any])?.count == 6)
    #expect(await shelf.mneme(["import", copy, "--where", "tag=half"], store: target).status == 0)
    #expect(try mine.runs().count == 12)
    for (terms, expected) in [
      ("sede=1", "did you mean seed?"), ("seed=7", "none of the 12 runs of"), ("manifest=sortin", "sorting"),
    ] {
      let refused = await shelf.mneme(["import", copy, "--where", terms], store: "\(shelf.folder)/none")
      #expect(refused.status == 2 && refused.errors.contains(expected), "\(refused)")
    }
  }

  @Test func `damage that is met in choosing is told, and is no pass`() async throws {
    let shelf = try Shelf.complete()
    try shelf.damage(4)
    let mine = try Shelf()
    let answer = await mine.mneme("import", shelf.store, "--where", "test.accuracy>0")
    #expect(
      answer.status == 1 && answer.errors.contains("corrupt: run \(shelf.runs()[4].run.short)"), "\(answer)")
    #expect(answer.output.contains("11 of 12 runs of"))
  }

  @Test func `manifests that are not what their hash says are refused`() async throws {
    let shelf = try Shelf.complete()
    let id = Digest.sha256([5])
    try shelf.opened().put([1, 2], as: StoredObject(kind: "manifest", id: id))
    try shelf.opened().put([1, 2], as: StoredObject(kind: "dream", id: id))
    let mine = try Shelf()
    let answer = await mine.mneme("import", shelf.store)
    #expect(answer.status == 1)
    #expect(answer.output.contains("refused: manifest \(id.short): "), "\(answer)")
    #expect(answer.output.hasSuffix("Came in: 1 manifest. Left there: 1 object of other kinds.\n"))
    #expect(try mine.opened().objects().count == 1)
  }

  @Test(arguments: [
    ("nowhere", "there is no store at nowhere"),
    ("Experiments", "Experiments is not a store of this program"),
    ("Results/../Results/store", "is this very store"),
  ])
  func `what is no other store is refused`(path: String, expected: String) async throws {
    let shelf = try Shelf.complete()
    let before = try shelf.everything()
    let answer = await shelf.mneme("import", "\(shelf.folder)/\(path)")
    #expect(answer.status == 2 && answer.output == "" && answer.errors.contains(expected), "\(answer)")
    #expect(try shelf.everything() == before)
  }
}
