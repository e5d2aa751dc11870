import Archive
import Foundation
import Glibc
import Harness
import Records
import Testing

@Suite struct TableCommandTests {
  @Test(arguments: ["text", "markdown", "csv", "latex", "json"])
  func `a complete table in every format`(format: String) async throws {
    let shelf = try Shelf.complete()
    let answer = await shelf.mneme(["table", shelf.manifest, "table6", "--format", format] + plain)
    #expect(answer.status == 0)
    #expect(answer.errors == "")
    expectGolden(try shelf.masked(answer.output), "complete.\(format)")
    if format == "json" { #expect((json(answer.output) as? [String: Any])?["tier"] as? String == "quick") }
  }

  @Test func `what waits, runs and failed is told apart, and the table says that it is partial`() async throws
  {
    let shelf = try Shelf()
    for index in [0, 1, 4] { try shelf.publish(index) }
    try shelf.fail(5)
    let running = try shelf.claim(shelf.runs()[6])
    let answer = await shelf.mneme(["table", shelf.manifest] + plain)
    #expect(answer.status == 0)
    expectGolden(try shelf.masked(answer.output), "partial.text")
    try running.end(.stopped)
  }

  @Test func `without a store, published and computed numbers are shown`() async throws {
    let shelf = try Shelf()
    let before = try shelf.everything()
    let answer = await shelf.mneme(["table", shelf.manifest] + plain)
    #expect(answer.status == 0)
    #expect(answer.output.contains("Partial: 0 of 12 runs are finished."))
    #expect(answer.output.contains("perfect count oracle"))
    #expect(try shelf.everything() == before)
  }

  @Test func `a damaged result is reported, counted as failed, and never skipped`() async throws {
    let shelf = try Shelf.complete()
    try shelf.damage(2)
    let answer = await shelf.mneme(["table", shelf.manifest] + plain)
    #expect(answer.status == 1)
    #expect(answer.errors.hasPrefix("corrupt: run "))
    #expect(answer.errors.contains("result.h5 is damaged"))
    expectGolden(try shelf.masked(answer.output), "damaged.text")
  }

  @Test func `the bytes do not depend on the order in which runs were published, nor on a repetition`()
    async throws
  {
    let (one, other) = (try Shelf(), try Shelf())
    let indices = one.runs().indices
    for index in indices { try one.publish(index) }
    for index in indices.reversed() { try other.publish(index) }
    for format in ["text", "csv", "json"] {
      let arguments = ["--format", format] + plain
      let first = await one.mneme(["table", one.manifest] + arguments)
      #expect(await one.mneme(["table", one.manifest] + arguments) == first)
      #expect(await other.mneme(["table", other.manifest] + arguments) == first)
    }
  }

  @Test func `the bytes are the same without an index, with one, with a damaged one and with an old one`()
    async throws
  {
    let shelf = try Shelf.complete()
    let index = "\(shelf.store)/index/results"
    for format in ["text", "csv", "json"] {
      let arguments = ["table", shelf.manifest, "--format", format] + plain
      try? FileManager.default.removeItem(atPath: index)
      let without = await shelf.mneme(arguments)
      #expect(without.status == 0)
      let kept = try Data(contentsOf: URL(fileURLWithPath: index))
      #expect(await shelf.mneme(arguments) == without)
      let damages: [(inout Data) -> Void] = [
        { $0[$0.count - 40] ^= 1 }, { $0.removeLast(1000) }, { $0 = Data() },
        { $0 = Data("another file".utf8) },
      ]
      for damage in damages {
        var bytes = kept
        damage(&bytes)
        try FileManager.default.removeItem(atPath: index)
        try bytes.write(to: URL(fileURLWithPath: index))
        let answer = await shelf.mneme("fsck")
        #expect(answer.status == 0 && answer.output.contains("index/results cannot be read"))
        #expect(await shelf.mneme(arguments) == without)
        #expect(try Data(contentsOf: URL(fileURLWithPath: index)) == kept)
      }
    }
    // One that knows a result that is not there any more, and not the one that is.
    let place = try shelf.opened().run(shelf.runs()[3].run)
    try FileManager.default.removeItem(atPath: place.resultPath)
    try shelf.publish(3, accuracy: 0.875)
    let old = await shelf.mneme(["table", shelf.manifest, "--format", "csv"] + plain)
    try FileManager.default.removeItem(atPath: index)
    #expect(await shelf.mneme(["table", shelf.manifest, "--format", "csv"] + plain) == old)
    #expect(await shelf.mneme("fsck", "--deep").status == 0)
  }

  @Test func `a result that changed behind its block is refused, index or not`() async throws {
    let shelf = try Shelf.complete()
    #expect(await shelf.mneme("table", shelf.manifest).status == 0)
    try shelf.damage(2)
    let answer = await shelf.mneme(["table", shelf.manifest] + plain)
    #expect(answer.status == 1)
    #expect(answer.errors.contains("result.h5 is damaged"))
    expectGolden(try shelf.masked(answer.output), "damaged.text")
  }

  @Test func `a hash needs no file any more`() async throws {
    let shelf = try Shelf.complete()
    let byFile = await shelf.mneme(["table", shelf.manifest] + plain)
    let hash = try shelf.keepManifest()
    try FileManager.default.removeItem(atPath: "\(shelf.folder)/Experiments")
    #expect(await shelf.mneme(["table", hash.short] + plain) == byFile)
  }

  @Test func `a file is written in the format of its name, and left alone where it says the same`()
    async throws
  {
    let shelf = try Shelf.complete()
    let files = ["sorting.md", "sorting.csv"].map { "\(shelf.folder)/Results/tables/\($0)" }
    let arguments = ["table", shelf.manifest, "-o", files[0], "-o", files[1]]
    let answer = await shelf.mneme(arguments)
    #expect(answer == Shelf.Answer(status: 0, output: "", errors: ""))
    #expect(try shelf.text(of: "Results/tables/sorting.md").hasPrefix("**sorting · table6"))
    #expect(try shelf.text(of: "Results/tables/sorting.csv").hasPrefix("model.memory,task.segments,kind"))
    let before = try shelf.everything()
    _ = await shelf.mneme(arguments)
    #expect(try shelf.everything() == before)
    let refused = await shelf.mneme("table", shelf.manifest, "-o", files[0], "-o", "\(shelf.folder)/x.pdf")
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains(
        "x.pdf cannot be told from its name; end it in .txt, .md, .csv, .tex, .html, .json"))
  }

  @Test(.timeLimit(.minutes(10)))
  func `a place that cannot be written is told by what the system says, and pipes are left alone`()
    async throws
  {
    let shelf = try Shelf.complete()
    let folder = await shelf.mneme(
      "table", shelf.manifest, "-o", "\(shelf.folder)/Experiments/sorting.yaml/a.md")
    #expect(folder.status == 2)
    #expect(
      folder.errors.contains(
        "a.md cannot be written: what it would lie in is no folder. What was there before still is."),
      "\(folder.errors)")
    let kernel = await shelf.mneme("table", shelf.manifest, "-o", "/proc/a.md")
    #expect(kernel.status == 2)
    #expect(
      kernel.errors.contains("/proc/a.md cannot be written: No such file or directory. What"),
      "\(kernel.errors)")
    #expect(mkfifo("\(shelf.folder)/pipe.md", 0o600) == 0)
    let pipe = await shelf.mneme("table", shelf.manifest, "-o", "\(shelf.folder)/pipe.md")
    #expect(pipe.status == 2)
    #expect(pipe.errors.contains("pipe.md is a folder, pipe or device"))
  }

  @Test func `JSON is a list of all tables, or the object of the one that was named`() async throws {
    let shelf = try Shelf.complete()
    #expect((json(await shelf.mneme("table", shelf.manifest, "--json").output) as? [Any])?.count == 1)
    #expect(json(await shelf.mneme("table", shelf.manifest, "table6", "--json").output) is [String: Any])
  }

  @Test func `colour and width are for terminals`() async throws {
    let shelf = try Shelf.complete()
    let coloured = await shelf.mneme("table", shelf.manifest, "--colour", "always").output
    #expect(coloured.contains("\u{1B}["))
    let narrow = await shelf.mneme("table", shelf.manifest, "--width", "40", "--colour", "never").output
    #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 60 })
    #expect(!narrow.contains("\u{1B}["))
  }

  @Test func `what a deleted or wrong memory of baselines says is not believed`() async throws {
    let shelf = try Shelf.complete()
    let first = await shelf.mneme(["table", shelf.manifest] + plain)
    let objects = "\(shelf.store)/objects"
    let kept = try FileManager.default.subpathsOfDirectory(atPath: objects).filter {
      $0.hasSuffix(".baselines")
    }
    #expect(kept.count == 2)
    for name in kept {
      try FileManager.default.removeItem(atPath: "\(objects)/\(name)")
      try Data("mneme 1\nbaselines\nnonsense".utf8).write(to: URL(fileURLWithPath: "\(objects)/\(name)"))
    }
    #expect(await shelf.mneme(["table", shelf.manifest] + plain) == first)
  }

  @Test func `tables that are not there are told by what is`() async throws {
    let shelf = try Shelf.complete()
    let wrong = await shelf.mneme("table", shelf.manifest, "table7")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("sorting has no table table7; it has table6; did you mean table6?"))
    let run = await shelf.mneme("table", shelf.runs()[0].run.short)
    #expect(run.status == 2)
    #expect(run.errors.contains("is a run; expected a manifest's file or hash."))
    try shelf.write(Shelf.yaml.components(separatedBy: "tables:")[0], to: "Experiments/bare.yaml")
    let bare = await shelf.mneme("table", "\(shelf.folder)/Experiments/bare.yaml")
    #expect(bare.status == 2)
    #expect(bare.errors.contains("sorting declares no tables"))
  }
}
