import Foundation
import Harness
import Records
import Testing

/// `--where`, the same words for `ls`, `status`, `table`, `plot` and `diff`.
@Suite struct SelectingTests {
  private static func shelf() throws -> Shelf {
    let shelf = try Shelf()
    for index in 0..<10 { try shelf.publish(index) }
    try shelf.fail(10)
    try shelf.keepManifest()
    return shelf
  }

  private static func listed(_ shelf: Shelf, _ terms: String...) async throws -> [Int] {
    let answer = await shelf.mneme(["ls", "--json"] + terms.flatMap { ["--where", $0] })
    #expect(answer.status == 0 && answer.errors == "", "\(answer)")
    let lines = try #require(json(answer.output) as? [[String: Any]])
    let ids = lines.compactMap { $0["run"] as? String }
    return shelf.runs().indices.filter { ids.contains(shelf.runs()[$0].run.hex) }
  }

  @Test func `an empty condition is a mistake, and not every run`() async throws {
    let shelf = try Self.shelf()
    for (words, option) in [
      (["ls", "--where", ""], "--where"), (["ls", "--where", "seed=1", "--where", " , "], "--where"),
      (["status", "--where", "\t"], "--where"), (["table", shelf.manifest, "--where", ""], "--where"),
      (["run", shelf.manifest, "--only", ""], "--only"),
    ] {
      let answer = await shelf.mneme(words)
      #expect(answer.status == 2 && answer.output == "", "\(words)")
      #expect(
        answer.errors
          == "Error: \(option) is empty; expected a condition such as model.kind=memoria, or no such option.\n"
      )
    }
  }

  /// The runs are none, working, long-term × length 27, 11 × seed 1, 2.
  @Test func `ls lists what meets every term`() async throws {
    let shelf = try Self.shelf()
    #expect(try await Self.listed(shelf) == Array(0...10))
    #expect(try await Self.listed(shelf, "model.memory=working seed=2") == [5, 7])
    #expect(try await Self.listed(shelf, "model.memory=working", "seed=2") == [5, 7])
    #expect(try await Self.listed(shelf, "task.segments>=4 model.memory=(none working)") == [0, 1, 4, 5])
    // Derived keys of what did not finish are known too.
    #expect(try await Self.listed(shelf, "status=failed task.segments<4") == [10])
    #expect(try await Self.listed(shelf, "failure=diverged") == [10])
    #expect(try await Self.listed(shelf, "failure!=diverged model.memory=long-term") == [8, 9])
    #expect(try await Self.listed(shelf, "test.accuracy>0.32") == [8, 9])
    #expect(try await Self.listed(shelf, "not test.accuracy<=0.32 status=done") == [8, 9])
    #expect(try await Self.listed(shelf, "tier=quick manifest=sorting seed=1 task.length=27") == [0, 4, 8])
    #expect(try await Self.listed(shelf, "run=\(shelf.runs()[3].run.short)") == [3])
    #expect(try await Self.listed(shelf, "cost.attempts>=1 seed=2 task.length=27") == [1, 5, 9])
  }

  @Test func `what selects nothing says so, and what cannot be meant is refused`() async throws {
    let shelf = try Self.shelf()
    let nothing = await shelf.mneme("ls", "--where", "seed=7")
    #expect(nothing.status == 0 && nothing.output == "")
    #expect(nothing.errors == "no run of Results/store meets --where 'seed=7'.\n")
    for (terms, expected) in [
      ("test.acuracy>0.5", "no finished run has test.acuracy; did you mean test.accuracy?"),
      ("manifest=sortign", "no manifest here is called sortign"),
      ("manifest=sortign", "did you mean sorting?"),
      ("model.memry=none", "did you mean model.memory?\n  model.memry=none\n  ^^^^^^^^^^^"),
    ] {
      for words in [["ls"], ["status"], ["status", shelf.manifest], ["table", shelf.manifest]] {
        let answer = await shelf.mneme(words + ["--where", terms])
        #expect(answer.status == 2 && answer.output == "", "\(words) \(terms)")
        #expect(answer.errors.contains(expected), "\(answer.errors)")
      }
    }
    let both = await shelf.mneme("ls", "--manifests", "--where", "seed=1")
    #expect(both.status == 2)
  }

  @Test func `damage that is met while selecting is told`() async throws {
    let shelf = try Self.shelf()
    try shelf.damage(2)
    let answer = await shelf.mneme("ls", "--where", "test.accuracy>0.2 seed=1")
    #expect(answer.status == 1)
    #expect(answer.errors.contains("result.h5 is damaged"))
    let corrupt = await shelf.mneme("ls", "--where", "status=corrupt")
    #expect(corrupt.output.hasPrefix(shelf.runs()[2].run.short) && corrupt.output.contains("corrupt"))
  }

  @Test func `status counts what is selected, of a manifest and of the store`() async throws {
    let shelf = try Self.shelf()
    #expect(
      await shelf.mneme("status", shelf.manifest, "--where", "model.memory=none").output == "4 runs: 4 done\n"
    )
    let store = await shelf.mneme("status", "--where", "seed=1 task.length=11")
    #expect(store.status == 1)
    #expect(store.output.hasPrefix("3 runs: 2 done, 1 failed\n"))
    let pending = await shelf.mneme("status", shelf.manifest, "--where", "status=pending")
    #expect(pending.output.hasPrefix("1 run: 1 pending\n"))
  }

  @Test func `a manifest's table of some runs says what it is of`() async throws {
    let shelf = try Self.shelf()
    let answer = await shelf.mneme(
      ["table", shelf.manifest, "--where", "seed=1 model.memory!=working"] + plain)
    #expect(answer.status == 0)
    #expect(answer.output.hasPrefix("sorting, only seed=1 model.memory!=working · table6: test.accuracy"))
    #expect(answer.output.contains("one seed") && !answer.output.contains("\nworking"))
    let none = await shelf.mneme("table", shelf.manifest, "--where", "seed=9")
    #expect(none.status == 2)
    #expect(none.errors.contains("none of the 12 runs of sorting meets --where 'seed=9'"))
  }
}
