import Archive
import Foundation
import Harness
import Records
import Testing

@Suite struct DiffCommandTests {
  @Test func `a table differs from the paper, cell by cell`() async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme(["diff", shelf.manifest, "paper"] + plain)
    #expect(answer.status == 1)
    expectGolden(try shelf.masked(answer.output), "paper.text")
  }

  @Test func `beside the paper a verdict says where the measured side lies, the tiers first`() async throws {
    let shelf = try Shelf()
    for index in shelf.runs().indices {
      try shelf.publish(
        index, accuracy: index < 4 ? 0.9 + 0.001 * Double(index) : 0.3 + 0.001 * Double(index))
    }
    try shelf.write(
      "model.memory,task.segments,test.accuracy,test.accuracy.unit,test.accuracy.deviation,test.accuracy.runs,tier\n"
        + "none,4,36.19,%,0.1,5,paper\nlong-term,4,82.27,%,0.1,5,paper\n", to: "Experiments/paper/table6.csv")
    let rules = ["--correction", "none"] + plain
    let answer = await shelf.mneme(["diff", shelf.manifest, "paper"] + rules)
    #expect(
      answer.output.hasPrefix("Incomparable as repetitions: A is tier quick, B is tier paper\nA: sorting"))
    #expect(answer.output.contains("1 higher than published, 1 lower than published"), "\(answer.output)")
    #expect(!answer.output.contains("improved") && !answer.output.contains("regressed"))
    // A file that says where its numbers are from is known by that, on either side.
    try shelf.write(
      try shelf.text(of: "Experiments/paper/table6.csv").replacing("tier\n", with: "tier,source\n")
        .replacing("paper\n", with: "paper,P\n"), to: "published.csv")
    let turned = await shelf.mneme(["diff", "\(shelf.folder)/published.csv", shelf.manifest] + rules)
    #expect(turned.output.contains("1 higher than published, 1 lower than published"), "\(turned.output)")
    // Lower than published is the wrong direction, where higher is better.
    let failing = await shelf.mneme(
      ["diff", shelf.manifest, "paper", "--where", "model.memory=long-term", "--fail-on", "regressed"] + rules
    )
    #expect(failing.status == 1, "\(failing.output)")
    let passing = await shelf.mneme(
      [
        "diff", shelf.manifest, "paper", "--where", "model.memory=none", "--fail-on", "regressed",
        "--allow-missing",
      ]
        + rules)
    #expect(passing.status == 0, "\(passing.output)\(passing.errors)")
  }

  @Test(arguments: [("welch", 2), ("paired", 2), ("permutation", 2), ("exact", 1)])
  func `a test that published numbers cannot be put to is refused`(test: String, status: Int32) async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme(["diff", shelf.manifest, "paper", "--test", test] + plain)
    #expect(answer.status == status)
    guard status == 2 else { return #expect(answer.output.contains("≠ differs")) }
    #expect(answer.errors.contains("--test \(test) needs "), "\(answer.errors)")
    #expect(answer.errors.contains("published beside table6 have none; leave it out"))
    #expect(answer.output == "")
  }

  @Test func `only the cells of chosen runs are compared, on both sides`() async throws {
    let shelf = try Shelf.complete()
    let chosen = ["--where", "model.memory=(none working)"] + plain
    let answer = await shelf.mneme(["diff", shelf.manifest, shelf.manifest] + chosen)
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("working") && !answer.output.contains("long-term"))
    try shelf.write(
      "model.memory,task.segments,test.accuracy,test.accuracy.unit\nnone,4,19.04,%\n", to: "near.csv")
    let file = await shelf.mneme(["diff", shelf.manifest, "\(shelf.folder)/near.csv"] + chosen)
    #expect(file.status == 2)
    #expect(file.errors.contains("near.csv is none; leave --where out"), "\(file.errors)")
  }

  @Test func `tables without published numbers are left out beside the paper, and named`() async throws {
    let shelf = try Shelf.complete()
    let bare =
      "rows: model.memory, columns: task.segments, cell: test.loss, over: seed, show: mean, better: lower"
    let second = Shelf.yaml.replacing("tables:\n", with: "tables:\n  losses: {\(bare)}\n")
    try shelf.write(second, to: "Experiments/two.yaml")
    let two = "\(shelf.folder)/Experiments/two.yaml"
    let answer = await shelf.mneme(["diff", two, "paper"] + plain)
    #expect(answer.status == 1)
    #expect(answer.output.contains("2 unclear, 2 missing A, 4 missing B"))
    #expect(!answer.output.contains("test.loss"))
    #expect(answer.errors.hasPrefix("left out: table losses names no published numbers"), "\(answer.errors)")
    let named = await shelf.mneme("diff", two, "paper", "--table", "losses")
    #expect(named.status == 2)
    #expect(named.errors.contains("table losses names no published numbers"))
    let none = Shelf.yaml.replacing(", reference: paper/table6.csv", with: "")
    try shelf.write(none, to: "Experiments/none.yaml")
    let refused = await shelf.mneme("diff", "\(shelf.folder)/Experiments/none.yaml", "paper")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("table table6 names no published numbers"))
  }

  @Test func `numbers that stand at no common place are a finding`() async throws {
    let shelf = try Shelf.complete()
    try shelf.write(
      "model.memory,task.segments,test.accuracy,test.accuracy.unit\nnone,47,19.04,%\n", to: "far.csv")
    let answer = await shelf.mneme(["diff", shelf.manifest, "\(shelf.folder)/far.csv"] + plain)
    #expect(answer.status == 1)
    #expect(answer.output.contains("7 cells: 1 missing A, 6 missing B"))
    #expect(answer.errors.contains("no cell has a number in both"))
  }

  @Test func `a damaged run is called damaged, not unfinished`() async throws {
    let shelf = try Shelf.complete()
    let runs = shelf.runs().map(\.run.short)
    try shelf.damage(1)
    let answer = await shelf.mneme("diff", runs[0], runs[1])
    #expect(answer.status == 2)
    #expect(answer.errors.contains("damaged"), "\(answer.errors)")
    #expect(!answer.errors.contains("has no result yet"))
    let path = try shelf.opened().run(shelf.runs()[2].run).resultPath
    try Data("no result".utf8).write(to: URL(fileURLWithPath: path + "x"))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: path + "x", toPath: path)
    let other = await shelf.mneme("diff", runs[0], runs[2])
    #expect(other.status == 2)
    #expect(!other.errors.contains("has no result yet"), "\(other.errors)")
  }

  @Test func `a table is identical to itself, by file, by hash, and as CSV`() async throws {
    let shelf = try Shelf.complete()
    let hash = try shelf.keepManifest().short
    #expect(await shelf.mneme("diff", shelf.manifest, hash).status == 0)
    let csv = "\(shelf.folder)/t.csv"
    _ = await shelf.mneme("table", shelf.manifest, "-o", csv)
    #expect(await shelf.mneme("diff", csv, shelf.manifest).status == 0)
    #expect(await shelf.mneme("diff", shelf.manifest, csv).status == 0)
    #expect(await shelf.mneme("diff", csv, csv, "--table", "table6").status == 0)
  }

  @Test func `other numbers differ`() async throws {
    let shelf = try Shelf.complete()
    let csv = "\(shelf.folder)/t.csv"
    _ = await shelf.mneme("table", shelf.manifest, "-o", csv)
    let other = try Shelf()
    for index in other.runs().indices { try other.publish(index, accuracy: index == 3 ? 0.9 : nil) }
    let answer = await other.mneme("diff", other.manifest, csv, "--json")
    #expect(answer.status == 1)
    let differences = try #require(json(answer.output) as? [[String: Any]])
    #expect((differences[0]["counts"] as? [String: Int])?["unclear"] == 1)
    #expect((differences[0]["counts"] as? [String: Int])?["identical"] == 5)
    let exact = await other.mneme("diff", other.manifest, csv, "--test", "exact", "--format", "csv")
    #expect(exact.status == 1)
    #expect(exact.output.split(separator: "\n").count { $0.hasSuffix(",differs") } == 1)
  }

  @Test func `the exit status says what was asked to fail`() async throws {
    let shelf = try Shelf.complete()
    let csv = "\(shelf.folder)/t.csv"
    _ = await shelf.mneme("table", shelf.manifest, "-o", csv)
    let (better, worse) = (try Shelf(), try Shelf())
    for index in better.runs().indices {
      try better.publish(index, accuracy: Shelf.accuracy(index) + 0.3)
      // Nothing is missing but one cell, whose two runs are not there.
      if index > 1 { try worse.publish(index, accuracy: Shelf.accuracy(index) - 0.2) }
    }
    // Two runs a side: 0.3 apart with a spread of 0.007 is beyond chance even for six cells.
    for (b, options, status) in [
      (better, [], 1), (better, ["--fail-on", "regressed"], 0), (better, ["--fail-on", "changed"], 1),
      (better, ["--fail-on", "never"], 0), (better, ["--margin", "500%"], 0),
      (better, ["--margin", "0.1%"], 1),
      (worse, ["--fail-on", "regressed"], 1), (worse, ["--fail-on", "never"], 2),
      (worse, ["--fail-on", "never", "--allow-missing"], 0), (worse, ["--margin", "500%"], 1),
      (worse, ["--margin", "500%", "--allow-missing"], 0),
    ] as [(Shelf, [String], Int32)] {
      let answer = await b.mneme(["diff", csv, b.manifest, "--correction", "none"] + options)
      #expect(answer.status == status, "\(options): \(answer.output)\(answer.errors)")
    }
  }

  @Test func `a table says itself how it is compared, and the command line has the last word`() async throws {
    let shelf = try Shelf.complete()
    let csv = "\(shelf.folder)/t.csv"
    _ = await shelf.mneme("table", shelf.manifest, "-o", csv)
    let other = try Shelf()
    for index in other.runs().indices { try other.publish(index, accuracy: Shelf.accuracy(index) + 0.001) }
    try other.write(
      Shelf.yaml.replacing("better: higher", with: "better: higher, margin: 5 abs, converged: 0.3"),
      to: "Experiments/sorting.yaml")
    let declared = await other.mneme(["diff", csv, other.manifest, "--correction", "none"] + plain)
    #expect(declared.status == 0, "\(declared.output)")
    #expect(declared.output.contains("6 same"))
    #expect(declared.output.contains("within ±5 percentage points"))
    #expect(declared.output.contains("0/2 converged"))
    let narrow = await other.mneme(
      ["diff", csv, other.manifest, "--correction", "none", "--margin", "0.001abs"] + plain)
    #expect(narrow.status == 1)
  }

  @Test(arguments: [
    (["--margin", "0.5"], "margin"),
    (["--alpha", "2"], "--alpha is 2.0; expected a number between 0 and 0.5"),
    (["--test", "wilcoxon"], "--test"), (["--fail-on", "regresed"], "--fail-on"),
    (["--metric", "test.acuracy"], "did you mean test.accuracy?"),
  ])
  func `what is mistyped is told`(options: [String], complaint: String) async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme(["diff", shelf.manifest, "paper"] + options)
    #expect(answer.status == 2)
    #expect(answer.errors.contains(complaint), "\(answer.errors)")
  }

  @Test func `two runs are compared by their final metrics`() async throws {
    let shelf = try Shelf.complete()
    let runs = shelf.runs().map(\.run.short)
    let answer = await shelf.mneme(["diff", runs[0], runs[1]] + plain)
    #expect(answer.status == 1)
    #expect(answer.output.contains("test.accuracy in %"))
    #expect(answer.output.contains("+1.00"))
    #expect(await shelf.mneme("diff", runs[0], runs[0]).status == 0)
  }

  @Test func `what cannot be compared never passes`() async throws {
    let shelf = try Shelf.complete()
    let run = shelf.runs()[0].run.short
    let hash = try shelf.keepManifest().short
    try shelf.write("a,b\n1,2\n", to: "wrong.csv")
    let csv = "\(shelf.folder)/wrong.csv"
    for (arguments, complaint) in [
      (["paper", shelf.manifest], "`paper` is the second of the two"),
      ([run, "paper"], "is no manifest"),
      ([run, hash], "are a run and a manifest"),
      ([run, csv], "are not of a kind"),
      ([shelf.manifest, csv], "wrong.csv has no metric column"),
      ([shelf.manifest, "\(shelf.folder)/absent.csv"], "there is no such file"),
      ([shelf.manifest, "0123456789"], "that begins with 0123456789"),
      ([shelf.manifest, "nonsense"], "nonsense is no file here and cannot begin a hash"),
      ([shelf.manifest, "paper", "--table", "x"], "it has table6"),
    ] {
      let answer = await shelf.mneme(["diff"] + arguments)
      #expect(answer.status == 2, "\(arguments)")
      #expect(answer.errors.contains(complaint), "\(answer.errors)")
      #expect(answer.output == "")
    }
  }

  @Test func `nothing finished, or a damaged side, is no comparison`() async throws {
    let empty = try Shelf()
    let answer = await empty.mneme("diff", empty.manifest, "paper")
    #expect(answer.status == 2)
    #expect(answer.errors.contains("no cell has a number in both"))
    let shelf = try Shelf.complete()
    try shelf.damage(0)
    let damaged = await shelf.mneme("diff", shelf.manifest, shelf.manifest)
    #expect(damaged.status == 2)
    #expect(damaged.errors.contains("is damaged"))
  }
}
