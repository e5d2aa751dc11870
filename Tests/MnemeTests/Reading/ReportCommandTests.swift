import Archive
import Foundation
import Harness
import Records
import Subprocess
import SystemPackage
import Testing

@testable import mneme

/// `mneme report`: one page that needs nothing else. Every page that is written here is read as XML.
@Suite struct ReportCommandTests {
  private static let figures = """
    figures:
      figure6: {x: task.segments, y: test.accuracy, lines: model.memory, over: seed, reference: paper/table6.csv}

    """

  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }
  private static let skipped: Comment = "this machine has no gnuplot, so pages were NOT tried with pictures"

  /// A page of a shelf's manifest, and what the command answered.
  private func page(
    of shelf: Shelf, _ arguments: String..., pictures: Bool = false, status: Int32 = 0
  ) async throws -> (page: PageText, answer: Shelf.Answer) {
    let file = "\(shelf.folder)/page.html"
    let answer = await shelf.mneme(
      ["report", shelf.manifest, "-o", file] + (pictures ? [] : ["--without-pictures"]) + arguments)
    #expect(answer.status == status, "\(answer)")
    #expect(answer.output == "page.html\n")
    let page = PageText(try shelf.text(of: "page.html"))
    #expect(page.troubles == [])
    return (page, answer)
  }

  /// The history of a training whose loss falls.
  private func history(_ count: Int) -> [Series] {
    [
      Series(
        name: "train", steps: (1...count).map(UInt64.init),
        columns: [
          .init(name: "loss", unit: "nat", better: "lower", values: (1...count).map { 1 / Double($0) })
        ])
    ]
  }

  @Test(.enabled(if: hasGnuplot, skipped))
  func `a page holds tables, pictures and all else, fetches nothing, and is again the same`() async throws {
    let shelf = try Shelf(yaml: Shelf.yaml + Self.figures)
    for index in shelf.runs().indices { try shelf.publish(index, series: history(70)) }
    let (page, answer) = try await page(of: shelf, pictures: true)
    #expect(answer.errors == "")
    #expect(page.count["svg"] == 2 && page.count["figure"] == 2 && page.count["figcaption"] == 2)
    #expect(page.text.contains("train.loss by step of 12 runs"))
    expectGolden(try shelf.masked(page.outline), "report.outline")
    let before = try shelf.everything()
    #expect(try await self.page(of: shelf, pictures: true).page == page)
    #expect(try shelf.everything() == before)
    // A copy of the store without what is derived from it.
    let other = try Shelf(yaml: Shelf.yaml + Self.figures)
    try FileManager.default.copyItem(atPath: shelf.store, toPath: other.store)
    try? FileManager.default.removeItem(atPath: other.store + "/index")
    let copy = try await self.page(of: other, pictures: true).page
    #expect(copy.source.replacing(other.folder, with: "") == page.source.replacing(shelf.folder, with: ""))
  }

  @Test func `numbers are those of table, diff and verify`() async throws {
    let shelf = try Shelf.complete()
    let page = try await page(of: shelf).page
    func cells(_ words: String...) async -> [String] {
      let answer = await shelf.mneme(words + ["--format", "html"])
      return PageText(answer.output.replacing("<br>", with: "<br/>"), isPart: true).cells
    }
    let table = await cells("table", shelf.manifest)
    #expect(table.contains("26.50 ±0.71") || table.contains("25.50 ±0.71"), "\(table)")
    #expect(page.cells(in: "tables") == table)
    let (verify, diff) = (
      await cells("verify", shelf.manifest), await cells("diff", shelf.manifest, "paper")
    )
    #expect(!verify.isEmpty && !diff.isEmpty)
    #expect(page.cells(in: "paper") == verify + diff)
    let warning = try #require(page.text(in: "paper").range(of: "of different tiers, quick beside paper"))
    #expect(try #require(page.text(in: "paper").range(of: "36.19")).lowerBound > warning.upperBound)
  }

  @Test func `what is incomplete, failed or damaged is named`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0)
    try shelf.publish(2)
    try shelf.publish(3)
    try shelf.damage(3)
    try shelf.fail(4)
    let (page, answer) = try await page(of: shelf, status: 1)
    #expect(answer.errors.hasPrefix("corrupt: run \(shelf.runs()[3].run.short) (model.memory="))
    #expect(answer.errors == (await shelf.mneme("table", shelf.manifest)).errors)
    let state = page.text(in: "state")
    #expect(
      state.contains("Incomplete: 2 of 12 runs are finished (2 done, 8 pending, 1 failed, 1 corrupt)"),
      "\(state)")
    #expect(state.contains("run \(shelf.runs()[4].run.short)"))
    #expect(state.contains("diverged ×1: at step 3, the loss was not finite any more"))
    #expect(
      state.contains("corrupt: run \(shelf.runs()[3].run.short)") && state.contains("mneme fsck --deep"))
    let runs = page.text(in: "runs")
    for run in shelf.runs() { #expect(runs.contains(run.run.short)) }
    #expect(runs.contains("at step 3, the loss was not finite any more"))
    #expect(page.text(in: "tables").contains("Partial: 2 of 12 runs are finished."))
  }

  @Test func `before anything was run a page says so`() async throws {
    let shelf = try Shelf(yaml: Shelf.yaml + Self.figures)
    let file = "\(shelf.folder)/page.html"
    let answer = await shelf.mneme("report", shelf.manifest, "--without-pictures", "-o", file)
    #expect(answer.status == 0)
    #expect(answer.errors.contains("there is no store"), "\(answer)")
    let page = PageText(try shelf.text(of: "page.html"))
    #expect(page.troubles == [])
    #expect(page.text(in: "state").contains("No run was begun yet"))
    #expect(page.text(in: "provenance").contains("Nothing was computed yet."))
    // Looking makes no store.
    #expect(!FileManager.default.fileExists(atPath: shelf.store))
  }

  @Test func `no name, note or message becomes markup`() async throws {
    let evil =
      "</style><script>alert(1)</script><img src=x onerror=alert(1)> ]]> \" ' & &lt; \u{202E}\u{FFFE}"
    let shelf = try Shelf(
      yaml: Shelf.yaml.replacing("name: sorting", with: "name: '<b onclick=x>&amp; sorting'"))
    try shelf.fail(0, evil)
    let hash = try shelf.keepManifest()
    for id in [(hash, Remark.Subject.manifest), (shelf.runs()[0].run, .run)] {
      _ = try shelf.opened().add([
        Remark(
          written: "2026-11-21T21:00:00.000Z", author: "<a href=http://x>", subject: id.1, id: id.0,
          act: .note,
          text: evil + "\nsecond line"),
        Remark(
          written: "2026-11-21T21:00:01.000Z", author: "ada", subject: id.1, id: id.0, act: .tag, text: "odd"),
      ])
    }
    let page = try await page(of: shelf).page
    #expect(page.count["script"] == nil && page.count["img"] == nil && page.count["b"] == nil)
    #expect(page.count["a"] == page.count["li", default: 0] - page.listed)
    let notes = page.text(in: "notes")
    #expect(
      notes.contains("<script>alert(1)</script><img src=x onerror=alert(1)> ]]> \" ' & &lt; \u{FFFD}\u{FFFD}")
    )
    #expect(
      notes.contains("second line") && notes.contains("Tags: odd") && notes.contains("<a href=http://x>: "))
    #expect(page.text(in: "runs").contains("#odd, 1 note"))
    #expect(page.text.hasPrefix("<b onclick=x>&amp; sorting"))
  }

  @Test func `without gnuplot nothing is written, and one sentence says what to type`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0, series: history(3))
    let result = try await Subprocess.run(
      .path(FilePath(Workbench.program)), arguments: ["report", shelf.manifest, "--store", shelf.store],
      environment: .inherit.updating(["PATH": "/nowhere"]), input: .none, output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    #expect(result.terminationStatus == .exited(2))
    #expect(result.standardOutput == "")
    #expect(
      result.standardError.contains("or leave them out by --without-pictures. Nothing is written."),
      "\(result.standardError)")
    #expect(!FileManager.default.fileExists(atPath: "\(shelf.folder)/Results/report"))
  }

  @Test func `the usual place is beside the store, and some runs have a page of their own`() async throws {
    let shelf = try Shelf.complete()
    let all = await shelf.mneme("report", shelf.manifest, "--without-pictures")
    #expect(all.output == "Results/report/sorting.html\n", "\(all)")
    let some = await shelf.mneme("report", shelf.manifest, "--without-pictures", "--where", "seed=1")
    #expect(some.output == "Results/report/sorting-only-seed-1.html\n", "\(some)")
    let text = try shelf.text(of: "Results/report/sorting-only-seed-1.html")
    #expect(text.contains("<h1>sorting, only seed=1</h1>") && text.contains("All 6 runs are finished."))
    let answer = await shelf.mneme("report", shelf.manifest, "--without-pictures", "--json")
    let facts = try #require(json(answer.output) as? [String: Any])
    #expect(facts["runs"] as? Int == 12 && facts["finished"] as? Int == 12 && facts["pictures"] as? Int == 0)
    #expect(facts["bytes"] as? Int == (try shelf.text(of: "Results/report/sorting.html")).utf8.count)
  }

  @Test func `what is no manifest or no page is refused`() async throws {
    let shelf = try Shelf()
    try shelf.publish(0)
    let run = await shelf.mneme("report", shelf.runs()[0].run.short)
    #expect(run.status == 2 && run.errors.contains("is a run; expected a manifest's file or hash."))
    let name = await shelf.mneme("report", shelf.manifest, "-o", "page.pdf")
    #expect(name.status == 2 && name.errors.contains("end the name page.pdf in .html"))
    let none = await shelf.mneme("report", shelf.manifest, "--where", "seed=9")
    #expect(none.status == 2 && none.errors.contains("none of the 12 runs of sorting meets"))
  }
}
