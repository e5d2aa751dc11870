import Foundation
import Harness
import Records
import Testing

/// `table --trace` and `table --check`.
@Suite struct TraceTests {
  @Test func `a cell is traced to its runs`() async throws {
    let shelf = try Shelf.complete()
    for words in [
      [shelf.manifest],
      ["--rows", "model.memory", "--columns", "task.segments", "--cell", "test.accuracy", "--over", "seed"],
    ] {
      let answer = await shelf.mneme(
        ["table"] + words + ["--json", "--trace", "model.memory=working,task.segments=4"])
      #expect(answer.status == 0, "\(answer.errors)")
      let cells = try #require(json(answer.output) as? [[String: Any]])
      let cell = try #require(cells.first)
      #expect(cells.count == 1)
      #expect(cell["at"] as? [String: String] == ["model.memory": "working", "task.segments": "4"])
      let runs = try #require(cell["runs"] as? [[String: Any]])
      #expect(runs.compactMap { $0["run"] as? String } == [shelf.runs()[4].run.hex, shelf.runs()[5].run.hex])
      #expect(runs.compactMap { ($0["over"] as? [String: String])?["seed"] } == ["1", "2"])
      #expect(runs.compactMap { $0["value"] as? Double } == [Shelf.accuracy(4), Shelf.accuracy(5)])
      #expect(runs.allSatisfy { $0["attempts"] as? Int == 1 && $0["status"] as? String == "done" })
    }
  }

  @Test func `every planned run of the table is in the trace, finished or not`() async throws {
    let shelf = try Shelf()
    for index in [0, 1, 4] { try shelf.publish(index) }
    try shelf.fail(5)
    try shelf.keepManifest()
    let answer = await shelf.mneme("table", shelf.manifest, "--trace")
    #expect(answer.status == 0)
    for run in shelf.runs() { #expect(answer.output.contains(run.run.short)) }
    expectGolden(try shelf.masked(answer.output), "trace.text")
    let selected = await shelf.mneme(
      "table", shelf.manifest, "--trace", "--where", "model.memory=none task.length=27")
    #expect(selected.output.contains("model.memory=none, task.segments=4"))
    #expect(!selected.output.contains("working"))
  }

  @Test(arguments: [
    ("seed=1", "seed is none of table table6"), ("model.memory=short-term", "no cell of table table6 is at"),
    ("task.segment=4", "did you mean task.segments?"),
  ])
  func `a cell that is not there is named`(cell: String, expected: String) async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme("table", shelf.manifest, "--trace", cell)
    #expect(answer.status == 2 && answer.errors.contains(expected), "\(answer.errors)")
  }

  @Test func `a table that was just written is current, in every format`() async throws {
    let shelf = try Shelf.complete()
    let files = ["t.md", "t.csv", "t.tex", "t.html", "t.txt", "t.json"].map { "\(shelf.folder)/\($0)" }
    for name in [[], ["table6"]] {
      let written = await shelf.mneme(["table", shelf.manifest] + name + files.flatMap { ["-o", $0] })
      #expect(written.status == 0, "\(written.errors)")
      let answer = await shelf.mneme(["table", "--check"] + files)
      #expect(answer.status == 0, "\(answer.output)")
      #expect(answer.output == files.map { "current: \(($0 as NSString).lastPathComponent)\n" }.joined())
    }
  }

  @Test func `the cells that moved are named`() async throws {
    let shelf = try Shelf.complete()
    let files = ["t.md", "t.csv", "t.tex", "t.txt", "t.html", "t.json"]
    _ = await shelf.mneme(["table", shelf.manifest] + files.flatMap { ["-o", "\(shelf.folder)/\($0)"] })
    for file in files {
      let text = try shelf.text(of: file)
      let (number, other) =
        file.hasSuffix("csv") || file.hasSuffix("json") ? ("0.33", "0.43") : ("33.50", "43.50")
      try #require(text.contains(number), "\(file)")
      try shelf.write(text.replacingOccurrences(of: number, with: other), to: file)
      let answer = await shelf.mneme("table", "--check", "\(shelf.folder)/\(file)")
      #expect(answer.status == 1)
      #expect(answer.output.hasPrefix("stale: \(file): "))
      #expect(answer.output.contains(other) && answer.output.contains(number), "\(answer.output)")
    }
    let markdown = await shelf.mneme("table", "--check", "\(shelf.folder)/t.md")
    #expect(
      markdown.output.contains("1 cell changed.\n  long-term · quick, 4: **43.50 ±0.71** → **33.50 ±0.71**"),
      "\(markdown.output)")
    let data = await shelf.mneme("table", "--check", "\(shelf.folder)/t.csv", "--json")
    let found = try #require(json(data.output) as? [[String: Any]])
    #expect(found[0]["outcome"] as? String == "stale")
    #expect(!(found[0]["changes"] as? [Any] ?? []).isEmpty)
  }

  @Test func `a table whose manifest has changed is stale`() async throws {
    let shelf = try Shelf.complete()
    let file = "\(shelf.folder)/Results/t.md"
    _ = await shelf.mneme("table", shelf.manifest, "-o", file)
    let text = try shelf.text(of: "Experiments/sorting.yaml")
    try shelf.write(
      text.replacingOccurrences(of: "rate: 2e-3", with: "rate: 3e-3"), to: "Experiments/sorting.yaml")
    let answer = await shelf.mneme("table", "--check", file)
    #expect(answer.status == 1)
    #expect(answer.output.contains("and Experiments/sorting.yaml has become "))
    let named = await shelf.mneme("table", shelf.manifest, "--check", file)
    #expect(named.status == 1 && named.output.contains("stale: Results/t.md: it is of manifest "))
  }

  @Test func `what cannot be told is never a pass`() async throws {
    let whole = try Shelf.complete()
    _ = await whole.mneme("table", whole.manifest, "-o", "\(whole.folder)/t.md")
    let part = try Shelf()
    for index in 0..<11 { try part.publish(index) }
    try part.keepManifest()
    try part.write(try whole.text(of: "t.md"), to: "t.md")
    try part.write("# nothing\n", to: "other.md")
    try part.write(
      try whole.text(of: "t.md").replacing(/manifest [0-9a-f]{12}/, with: "manifest 0123456789ab"),
      to: "foreign.md")
    for (file, expected) in [
      (
        "t.md",
        "of 12 runs 1 is not finished in this store: \(part.runs()[11].run.short) model.memory=long-term"
      ),
      ("other.md", "it names no manifest"), ("foreign.md", "manifest 0123456789ab is not in this store"),
      ("none.md", "none.md"), ("t.svg", "its name ends like no table; expected .txt"),
    ] {
      let answer = await part.mneme("table", "--check", "\(part.folder)/\(file)")
      #expect(answer.status == 2)
      #expect(answer.output.hasPrefix("cannot tell: \(file): "))
      #expect(answer.output.contains(expected), "\(answer.output)")
    }
    try whole.damage(3)
    let damaged = await whole.mneme("table", "--check", "\(whole.folder)/t.md")
    #expect(damaged.status == 2 && damaged.output.contains("damaged"))
  }
}
