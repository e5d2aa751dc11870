import Archive
import Foundation
import Harness
import Records
import Testing

@testable import mneme

/// `ls`, `show`, `status`, `hash`, `explain`, `fsck`: what there is.
@Suite struct LookingTests {
  @Test func `ls lists every run with its numbers`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    for index in [0, 1, 4] { try shelf.publish(index) }
    try shelf.fail(5)
    let answer = await shelf.mneme("ls")
    #expect(answer.status == 0)
    expectGolden(try shelf.masked(answer.output), "ls.text")
    let list = try #require(json(await shelf.mneme("ls", "--json").output) as? [[String: Any]])
    #expect(list.count == 4)
    #expect(list.allSatisfy { ($0["run"] as? String)?.count == 64 })
    #expect(list.compactMap { ($0["metrics"] as? [String: Double])?["test.accuracy"] }.count == 3)
    let manifests = await shelf.mneme("ls", "--manifests")
    #expect(manifests.output.hasSuffix("  sorting  quick  12 runs\n"))
    try shelf.damage(0)
    let damaged = await shelf.mneme("ls")
    #expect(damaged.status == 1)
    #expect(damaged.output.contains("corrupt"))
    #expect(damaged.errors.contains("is damaged"))
  }

  @Test func `an empty place lists nothing, and stays empty`() async throws {
    let shelf = try Shelf()
    let answer = await shelf.mneme("ls", "--json")
    #expect(answer.status == 0)
    #expect((json(answer.output) as? [Any])?.isEmpty == true)
    #expect(answer.errors.contains("there is no store at"))
    #expect(!FileManager.default.fileExists(atPath: shelf.store))
    #expect(await shelf.mneme("fsck").status == 2)
    #expect(await shelf.mneme("show", "0123abcd").errors.contains("there is no store at"))
  }

  @Test func `show tells what a run is in words, and all its numbers`() async throws {
    let shelf = try Shelf.complete()
    let run = shelf.runs()[8].run
    let answer = await shelf.mneme("show", run.short)
    #expect(answer.status == 0)
    for part in [
      "run \(run.hex)\nsorting: model.memory=long-term seed=1 task.length=27\nstate: done\n",
      "\nmemoria (memory long-term, layers 1, heads 2, width 16, inner_width 32: ",
      "learns sorting (length 27, symbols 4: 31 tokens in 4 segments of 8)\n",
      "in 4 steps of 8 examples (2 epochs of 16 examples), the rate rising to 0.002 over 1 step.\n",
      "  memory: long-term\n", "  task.segments: 4\n", "  test.accuracy  0.33", "  cost.attempts",
      "\nattempts:\n  1  done",
      "  result.h5", "attempts/0001/end.json",
    ] { #expect(answer.output.contains(part), "\(part) is not in \(answer.output)") }
    let object = try #require(json(await shelf.mneme("show", run.short, "--json").output) as? [String: Any])
    #expect(object["run"] as? String == run.hex)
    #expect((object["parameters"] as? Int ?? 0) > 1000)
    try shelf.damage(8)
    let damaged = await shelf.mneme("show", run.short)
    #expect(damaged.status == 1)
    #expect(damaged.output.contains("state: corrupt: "))
  }

  @Test func `show reports weights that are not those of the result`() async throws {
    let shelf = try Shelf.complete()
    let run = shelf.runs()[0].run
    let place = try shelf.opened().run(run)
    try FileManager.default.copyItem(atPath: place.resultPath, toPath: place.weightsPath)
    let answer = await shelf.mneme("show", run.short)
    #expect(answer.status == 1)
    #expect(
      answer.errors.hasPrefix(
        "note: run \(run.short): weights.h5 is another file: a result file, not a weights file"))
    #expect(answer.output.contains("state: done\n"))
  }

  @Test func `runs have their names in status with and without a manifest`() async throws {
    let shelf = try Shelf()
    try shelf.keepManifest()
    try shelf.fail(2)
    let run = shelf.runs()[2].run.short
    let name = "model.memory=none seed=1 task.length=11"
    for (words, name) in [
      (["status", shelf.manifest], name), (["status"], "sorting: \(name)"),
      (["status", "--where", "seed=1"], "sorting: \(name)"),
    ] {
      let answer = await shelf.mneme(words)
      #expect(answer.output.contains("  \(run)  \(name)  "), "\(answer.output)")
    }
  }

  @Test func `a store that is not here is looked for above`() async throws {
    let shelf = try Shelf.complete()
    let path = "\(shelf.folder)/Results/stroe"
    let near = await shelf.mneme(["ls"], store: path)
    #expect(
      near.errors.hasPrefix(
        "there is no store at Results/stroe; did you mean Results/store? `mneme run` makes"))
    let missing = await shelf.mneme(["show", "0123abcd"], store: path)
    #expect(
      missing.errors.contains("Error: 0123abcd cannot be looked up: there is no store at Results/stroe;"))
    let inside = StorePlace.absence(of: "Results/store", from: "\(shelf.folder)/Experiments/paper")
    #expect(
      inside
        == "there is no store at Results/store (in \(shelf.folder)/Experiments/paper); \(shelf.folder) has one: go "
        + "there, or add `--store \(shelf.folder)/Results/store`")
    let made = StorePlace.noteOnMaking("Results/store", from: "\(shelf.folder)/Experiments")
    #expect(
      made
        == "a new store is made at Results/store (in \(shelf.folder)/Experiments); \(shelf.folder) has one, which "
        + "`--store \(shelf.folder)/Results/store` names.")
    #expect(StorePlace.noteOnMaking("Results/store", from: "/nowhere/at/all") == nil)
    let nowhere = StorePlace.absence(of: "Results/store", from: "/nowhere/at/all")
    #expect(
      nowhere.hasPrefix("there is no store at Results/store (in /nowhere/at/all); `mneme run` makes one"))
  }

  @Test func `an empty argument is told as one`() async throws {
    let shelf = try Shelf.complete()
    for command in ["check", "plan", "show", "table", "hash"] {
      let answer = await shelf.mneme(command, "")
      #expect(answer.status == 2, "\(command)")
      #expect(answer.errors.contains("the argument is empty; expected"), "\(answer.errors)")
    }
  }

  @Test func `what goes on without a store says so`() async throws {
    let shelf = try Shelf()
    for command in ["table", "show", "hash", "ls"] {
      let answer = await shelf.mneme(command == "ls" ? [command] : [command, shelf.manifest])
      #expect(answer.status == 0)
      #expect(
        answer.errors.contains("there is no store at Results/store; `mneme run` makes one"), "\(command)")
    }
    #expect(await shelf.mneme("diff", shelf.manifest, "paper").errors.contains("there is no store at"))
    #expect(await shelf.mneme("plan", shelf.manifest).errors == "")
  }

  @Test func `show tells what a manifest is, and how far its runs are`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0)
    try shelf.fail(1)
    let answer = await shelf.mneme("show", shelf.manifest)
    #expect(answer.status == 0)
    #expect(answer.output.contains("runs: 1 done, 10 pending, 1 failed\n"))
    #expect(answer.output.contains("  model.width: 16\n"))
    #expect(json(await shelf.mneme("show", shelf.manifest, "--json").output) is [String: Any])
  }

  @Test func `hash prints all digits, and the result's once there is one`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0)
    let hash = try shelf.keepManifest()
    let text = await shelf.mneme("hash", hash.short).output
    #expect(text.contains("manifest  \(hash.hex)\n"))
    #expect(text.components(separatedBy: "run       ").count == 13)
    #expect(text.components(separatedBy: "result    ").count == 2)
    let run = shelf.runs()[0].run
    let object = try #require(json(await shelf.mneme("hash", run.short, "--json").output) as? [String: Any])
    let runs = try #require(object["runs"] as? [[String: Any]])
    #expect((runs[0]["result"] as? String)?.count == 64)
    try shelf.damage(0)
    #expect(await shelf.mneme("hash", run.short).status == 1)
  }

  @Test func `explain names the keys in which two differ`() async throws {
    let shelf = try Shelf()
    for index in [0, 1] { try shelf.publish(index) }
    let runs = shelf.runs().map(\.run.short)
    let answer = await shelf.mneme("explain", runs[0], runs[1])
    #expect(answer.status == 1)
    #expect(answer.output.contains("  seed  1 → 2\n"))
    #expect(await shelf.mneme("explain", runs[0], runs[0]).status == 0)
    #expect(await shelf.mneme("explain", shelf.manifest, shelf.manifest).status == 0)
    let unlike = await shelf.mneme("explain", runs[0], shelf.manifest)
    #expect(unlike.status == 2)
    #expect(json(await shelf.mneme("explain", runs[0], runs[1], "--json").output) is [String: Any])
  }

  @Test func `fsck finds damage, deep where one has to read the bytes`() async throws {
    let shelf = try Shelf.complete()
    let clean = await shelf.mneme("fsck", "--deep")
    #expect(clean.status == 0)
    #expect(clean.output.hasPrefix("12 runs, 1 object (every byte compared): no damage.\n  results"))
    try shelf.damage(3)
    #expect(await shelf.mneme("fsck").status == 0)
    let deep = await shelf.mneme("fsck", "--deep", "--json")
    #expect(deep.status == 1)
    #expect((json(deep.output) as? [String: Any])?["damaged"] as? Int == 1)
    try shelf.write("x", to: "Results/store/runs/.result.h5.tmp-1-2")
    #expect(await shelf.mneme("fsck").status == 0)
    try shelf.write("another store", to: "Results/store/VERSION")
    #expect(await shelf.mneme("fsck").status == 2)
  }

  @Test func `an ambiguous beginning gets the candidates, an unknown one a hint`() async throws {
    let shelf = try Shelf.complete()
    // Twelve runs share no four digits, so two stored manifests are made to: the second by a file of that name.
    let hash = try shelf.keepManifest().hex
    let twin = String(hash.prefix(10)) + String(repeating: "0", count: 54)
    try shelf.write("", to: "Results/store/objects/\(hash.prefix(2))/\(twin).manifest")
    for command in ["show", "table", "hash", "plan"] {
      let answer = await shelf.mneme(command, String(hash.prefix(8)))
      #expect(answer.status == 2)
      #expect(answer.errors.contains("begins 2 hashes"))
      #expect(answer.errors.contains("manifest sorting"))
    }
    #expect(await shelf.mneme("show", String(hash.prefix(12))).status == 0)
    let unknown = await shelf.mneme("show", "ffffffff0000")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("`mneme ls` lists its runs, `mneme ls --manifests` its manifests."))
    #expect(await shelf.mneme("show", "abc").status == 2)
    #expect(
      await shelf.mneme("show", hash, "--set", "seed=1").errors.contains("what a hash names never changes"))
  }
}
