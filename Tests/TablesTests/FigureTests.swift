import Records
import Testing

@testable import Tables

@Suite struct FigureTests {
  @Test func `the script is what it was`() throws {
    let script = GnuplotScript(
      try SortingFigure.figure().picture, stem: "sorting-figure4", formats: [.svg, .png])
    expectGolden(script.text, "figure.gp")
  }

  @Test func `the data is what it was, and what is missing is no zero`() throws {
    let data = try SortingFigure.figure().picture.data
    expectGolden(data, "figure.dat")
    #expect(data.contains("\n8 nan nan 0\n"))
  }

  @Test func `the data for programs names the runs`() throws {
    expectGolden(try SortingFigure.figure().picture.json, "figure.json")
  }

  @Test func `the order of the runs does not matter`() throws {
    let (one, other) = (
      try SortingFigure.figure().picture,
      try SortingFigure.figure(nil, SortingFigure.observations().reversed()).picture
    )
    #expect(one.data == other.data)
    #expect(one.json == other.json)
    #expect(
      GnuplotScript(one, stem: "a", formats: [.png]).text
        == GnuplotScript(other, stem: "a", formats: [.png]).text)
  }

  @Test func `published panels stand beside the measured ones that they are paired with`() throws {
    let figure = try SortingFigure.figure()
    #expect(figure.panels.map(\.label) == ["16", "32"])
    #expect(figure.panels.map(\.published) == ["256", "1024"])
    #expect(
      figure.picture.panels.map(\.title) == [
        "segments of 16 tokens · published: 256", "segments of 32 tokens · published: 1024",
      ])
    let published = figure.picture.panels[1].curves.filter { $0.source == "published" }
    #expect(published.map(\.name) == ["memoria"])
    #expect(published[0].points.map(\.y) == [0.8227])
  }

  @Test func `equal values need no pairs, and a panel without published numbers says so`() throws {
    let unpaired = try SortingFigure.figure(SortingFigure.specification(pairs: [:]))
    #expect(unpaired.picture.panels.allSatisfy { $0.title.hasSuffix(" · nothing published") })
    #expect(unpaired.picture.panels.flatMap(\.curves).allSatisfy { $0.source != "published" })
    let list = try CellList(
      csv: Array(SortingFigure.published.replacing(",256,", with: ",16,").utf8), file: "t.csv",
      metric: "test.accuracy")
    let equal = try SortingFigure.figure(SortingFigure.specification(pairs: [:]), reference: list)
    #expect(
      equal.picture.panels.map(\.title) == [
        "segments of 16 tokens", "segments of 32 tokens · nothing published",
      ])
  }

  @Test func `error bars are for several seeds, and one seed is told`() throws {
    let all = try SortingFigure.figure().picture
    let curve = try #require(all.panels[1].curves.first { $0.name == "memoria" && $0.source == "measured" })
    #expect(curve.points.map { $0.deviation == nil } == [false, false, true])
    #expect(all.caption[0].hasSuffix("over 2 seeds"))
    let single = SortingFigure.observations().filter { $0.settings["seed"] == .integer(1) }
    let one = try SortingFigure.figure(nil, single).picture
    #expect(one.caption[0].hasSuffix(", one seed"))
    #expect(one.panels.flatMap(\.curves).allSatisfy { !$0.hasDeviations })
    #expect(!GnuplotScript(one, stem: "a", formats: [.png]).text.contains("yerrorbars"))
  }

  @Test func `a point of runs that differ in an unlisted key is refused`() throws {
    let error = #expect(throws: FigureError.self) {
      try SortingFigure.figure(SortingFigure.specification(over: []))
    }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("figure figure4, point model.kind="), "\(text)")
    #expect(text.contains("seed (1 and 2), which is in none of x, lines, panels and over"), "\(text)")
  }

  @Test func `mixtures and keys that no run has are refused in a figure's words`() throws {
    func complaint(_ specification: FigureSpecification, _ runs: [Observation]? = nil) -> String {
      do {
        _ = try SortingFigure.figure(specification, runs ?? SortingFigure.observations())
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      complaint(try SortingFigure.specification(x: "task.segmants"))
        == "figure figure4 asks for task.segmants, which no run has; did you mean task.segments?")
    #expect(
      complaint(
        try SortingFigure.specification(), [SortingFigure.observation(0, 0, 0, seed: 1, tier: "paper")])
        == "figure figure4 would mix tier paper and quick; one figure holds one tier.")
    #expect(
      complaint(try SortingFigure.specification(pairs: ["16": "512"]))
        == "figure figure4 pairs with the published task.segment_length=512, and nothing was published for it; "
        + "known are 256, 1024.")
    #expect(
      complaint(
        try SortingFigure.specification(
          pairs: [:], over: ["seed", "task.length"], x: "model.kind", lines: ["task.segments"]))
        == "figure figure4 has model.kind along x, which is “memoria” in a run; expected numbers: put it in "
        + "lines or panels.")
  }

  @Test func `a specification with a key twice, or pairs of nothing, is refused`() {
    #expect(throws: FigureError.self) { try SortingFigure.specification(over: ["task.segments"]) }
    #expect(throws: FigureError.self) { try SortingFigure.specification(panels: nil) }
    #expect(throws: FigureError.self) { try SortingFigure.specification(reference: nil) }
  }

  @Test func `pairs are in the settings, and 16 is 16.0`() throws {
    let specification = try SortingFigure.specification(pairs: ["16.0": "256", "32": "1024.0"])
    #expect(specification == (try SortingFigure.specification()))
    #expect(specification.settings["published_as"].flatMap(PublishedAs.init) == specification.publishedAs)
  }
}
