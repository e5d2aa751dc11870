import Archive
import Foundation
import Harness
import Records
import Testing

@testable import mneme

/// `mneme note`, and where what was written is seen.
@Suite struct NoteTests {
  @Test func `notes and tags are printed by note, ls, show, and found by --where`() async throws {
    let shelf = try Shelf.complete()
    let (run, other) = (shelf.runs()[0].run, shelf.runs()[4].run)
    let hash = try Manifest(reading: shelf.manifest).hash
    let first = await shelf.mneme("note", run.short, "  The loss jumps at step 3\n", "--tag", "best")
    #expect(first.status == 0 && first.errors == "", "\(first)")
    #expect(first.output.hasPrefix("run \(run.short)  sorting: model.memory=none seed=1 task.length=27\n"))
    #expect(first.output.contains("\n  tags: best\n"))
    #expect(first.output.contains(/\n  20[0-9-]+ [0-9:]+ [^ ]+: The loss jumps at step 3\n/))
    #expect(
      await shelf.mneme("note", run.short, "--tag", "best", "--tag", "odd", "--tag", "odd.2").status == 0)
    #expect(await shelf.mneme("note", other.short, "nothing special").status == 0)
    #expect(await shelf.mneme("note", shelf.manifest, "--tag", "paper").status == 0)
    #expect(
      await shelf.mneme("note", run.short, "--remove-tag", "odd.2").output.contains("tags: best, odd\n"))

    let listing = await shelf.mneme("ls", "--where", "tag=best").output
    #expect(listing.split(separator: "\n").count == 1)
    #expect(listing.hasSuffix("  #best #odd  “The loss jumps at step 3”\n"), "\(listing)")
    #expect(await shelf.mneme("ls", "--manifests").output.hasSuffix("12 runs  #paper\n"))
    for (terms, count) in [
      ("tag=paper", 12), ("tag!=best", 11), ("note~JUMPS", 1), ("note~'nothing special' seed=1", 1),
      ("not note~loss", 11), ("tag=(best paper) seed=2", 6), ("note~nowhere", 0),
    ] {
      let answer = await shelf.mneme("ls", "--json", "--where", terms)
      #expect((json(answer.output) as? [Any])?.count == count, "\(terms): \(answer)")
    }
    let status = await shelf.mneme("status", shelf.manifest, "--where", "tag=best")
    #expect(status.output == "1 run: 1 done\n")

    #expect(await shelf.mneme("show", run.short).output.contains("\nnotes:\n  tags: best, odd\n"))
    #expect(await shelf.mneme("show", hash.short).output.contains("\nnotes:\n  tags: paper\n"))
    let shown = try #require(
      json(await shelf.mneme("show", run.short, "--json").output) as? [String: Any])
    #expect(shown["tags"] as? [String] == ["best", "odd"])
    let all = await shelf.mneme("note")
    #expect(
      all.output.contains("run \(run.short)") && all.output.contains("manifest \(hash.short)  sorting\n"))
    let list = try #require(json(await shelf.mneme("note", "--json").output) as? [[String: Any]])
    #expect(list.count == 3)
    #expect(
      try CSVText.keys(await exported(shelf)).prefix(6) == ["run", "name", "manifest", "tier", "tag", "note"])
  }

  private enum CSVText {
    static func keys(_ text: String) -> [String] {
      (text.split(separator: "\n").first ?? "").split(separator: ",").map(String.init)
    }
  }

  private func exported(_ shelf: Shelf) async throws -> String {
    let file = "\(shelf.folder)/runs.csv"
    #expect(await shelf.mneme("export", file).status == 0)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains(",best odd,The loss jumps at step 3,"))
    return text
  }

  @Test func `what is written is in no hash and changes no result`() async throws {
    let shelf = try Shelf.complete()
    let words = [
      ["hash", shelf.manifest], ["table", shelf.manifest] + plain, ["fsck", "--deep", "--json"],
    ]
    var before: [Shelf.Answer] = []
    for word in words.dropLast() { before.append(await shelf.mneme(word)) }
    #expect(await shelf.mneme("note", shelf.runs()[2].run.short, "a note", "--tag", "t").status == 0)
    for (word, answer) in zip(words, before) { #expect(await shelf.mneme(word) == answer) }
    let checked = try #require(json(await shelf.mneme(words[2]).output) as? [String: Any])
    #expect((checked["findings"] as? [Any])?.isEmpty == true)
  }

  @Test(arguments: [
    (["note", "RUN", ""], "the note is empty"),
    (["note", "RUN", "a \u{1b}[31mred\u{1b}[0m note"], "has a control character in it"),
    (["note", "RUN", String(repeating: "x", count: 10_001)], "has 10001 bytes; expected 10000 at most"),
    (["note", "RUN", "--tag", "My Best"], "“My Best” is no tag; expected up to 64 lower-case letters"),
    (["note", "RUN", "--tag", "My Best"], "such as my-best."),
    (["note", "RUN", "--remove-tag", "bset"], "has no tag bset; did you mean best?"),
    (["note", "RUN", "--tag", "best", "--remove-tag", "best"], "expected one of the two"),
    (["note", "--tag", "best"], "expected the hash of a run or a manifest"),
    (["note", "0123456789", "words"], "has no run and no manifest that begins with 0123456789"),
    (["ls", "--where", "tag=bets"], "nothing here has the tag bets; did you mean best?"),
    (["ls", "--where", "tags=best"], "no run has a key tags; did you mean tag?"),
    (["ls", "--where", "model.kind~mem"], "~ looks into notes"),
    (["ls", "--where", "tag>best"], "tag has no order"),
  ])
  func `what cannot be meant is refused, and nothing is written`(words: [String], expected: String)
    async throws
  {
    let shelf = try Shelf.complete()
    let run = shelf.runs()[0].run.short
    #expect(await shelf.mneme("note", run, "--tag", "best").status == 0)
    let before = try shelf.everything()
    let answer = await shelf.mneme(words.map { $0 == "RUN" ? run : $0 })
    #expect(answer.status == 2 && answer.output == "", "\(answer)")
    #expect(answer.errors.contains(expected), "\(answer.errors)")
    #expect(try shelf.everything() == before)
  }

  @Test func `a manifest that was never run here has nothing to be noted about`() async throws {
    let shelf = try Shelf()
    _ = try shelf.opened()
    let answer = await shelf.mneme("note", shelf.manifest, "words")
    #expect(answer.status == 2 && answer.errors.contains("`mneme run Experiments/sorting.yaml` keeps it"))
    #expect(await shelf.mneme("note").output == "")
  }
}
