import Foundation
import Harness
import Records
import Tables
import Testing

/// The section `figures`.
@Suite struct FigureManifests {
  static let figure = """
    figures:
      f: {x: task.segments, y: test.accuracy, lines: model.memory, panels: task.segment_length, over: seed,
        reference: t.csv, published_as: {task.segment_length: {8: 256}}}
    resources: {threads: 1, timeout: 30m}
    """

  static let published = """
    model.memory,task.segments,task.segment_length,test.accuracy,test.accuracy.unit
    none,4,256,50,%

    """

  private func project(_ found: String = "", _ replacement: String = "") throws -> ProjectFolder {
    let text = found.isEmpty ? Self.figure : Self.figure.replacing(found, with: replacement)
    #expect(found.isEmpty || text != Self.figure, "\(found) is not in the sample")
    let project = try Sample.project("resources: {threads: 1, timeout: 30m}", text)
    try project.write(Self.published, to: "t.csv")
    return project
  }

  @Test func `a figure is read with its published numbers`() throws {
    let figure = try #require(try project().manifest().figures.first)
    #expect(figure.specification.name == "f")
    #expect(figure.specification.lines == ["model.memory"])
    #expect(
      figure.specification.publishedAs.pairs
        == [PublishedAs.Pair(key: "task.segment_length", measured: "8", published: "256")])
    #expect(figure.specification.reference == "Experiments/t.csv")
    #expect(try figure.published()?.entries.count == 1)
  }

  @Test(arguments: [
    BadManifest(
      "lines: model", "lins: model",
      "sorting.yaml:11: figures.f.lins is not a key; did you mean figures.f.lines?"),
    BadManifest(
      "  f: {x", "  F f: {x",
      "sorting.yaml:11: a figure is called “F f”; expected a name of a–z, 0–9, - and _."),
    BadManifest(
      "{x: task.segments, y", "{y",
      "sorting.yaml:11: the figure does not say figures.f.x: the key along the horizontal axis, such as"
        + " task.segments."),
    BadManifest(
      "y: test.accuracy", "y: task.length",
      "sorting.yaml:11: figures.f.y is task.length; expected a metric or cost: a key that begins with"
        + " one of cost, test, train, validation."),
    BadManifest(
      "lines: model.memory, ", "",
      "sorting.yaml:11: the figure does not say figures.f.lines: the keys that tell curves apart, such as"
        + " model.kind."),
    BadManifest(
      "x: task.segments", "x: [task.segments, seed]",
      "sorting.yaml:11: figures.f.x is a list; expected one key such as task.segments."),
    BadManifest(
      "x: task.segments", "x: task.segmants",
      "sorting.yaml:11: figure f asks for task.segmants, which no run has; did you mean"
        + " task.segments?"),
    BadManifest("over: seed,", "", "sorting.yaml:11: figure f, point model.memory=…"),
    BadManifest(
      "over: seed", "over: task.segments",
      "sorting.yaml:11: figure f names task.segments twice among x, y, lines, panels and over; each key"
        + " has one place."),
    BadManifest(
      "{8: 256}", "3",
      "sorting.yaml:12: figures.f.published_as is about task.segment_length; expected measured values of a…"),
    BadManifest(
      "{8: 256}", "{8: [256]}",
      "sorting.yaml:12: figures.f.published_as.task.segment_length.8 is a list; expected the published value."
    ),
    BadManifest(
      "{8: 256}", "{8: 512}",
      "sorting.yaml:11: figure f pairs with the published task.segment_length=512, and nothing was"
        + " published for it; known are 256."),
    BadManifest(
      "panels: task.segment_length, ", "",
      "sorting.yaml:12: figures.f.published_as is about task.segment_length.8; expected measured values of a…"
    ),
    BadManifest(
      "reference: t.csv", "reference: u.csv",
      "sorting.yaml:12: figures.f.reference is “u.csv”, and there is no such file."),
    BadManifest(
      "x: task.segments", "x: model.kind",
      "sorting.yaml:11: figure f has model.kind along x, which is “memoria” in a run; expected numbers:"
        + " put it in lines or panels."),
    BadManifest(
      "figures:\n", "figures: 3\nzip:\n", "sorting.yaml:10: figures is “3”; expected figures by name."),
    BadManifest("figures:", "figurs:", "sorting.yaml:10: figurs is not a key; did you mean figures?"),
  ])
  func `each mistake gets one sentence with file and line`(_ bad: BadManifest) throws {
    let complaint = try project(bad.found, bad.replacement).complaint()
    if bad.message.hasSuffix("…") {
      #expect(complaint.hasPrefix(bad.message.dropLast()), "\(complaint)")
    } else {
      #expect(complaint == bad.message)
    }
  }

  @Test func `a figure is in the manifest's hash, and no figure is in none`() throws {
    let bare = try Sample.project().manifest()
    let manifest = try project().manifest()
    #expect(manifest.hash != bare.hash)
    #expect(manifest.runs == bare.runs)
    #expect(
      Identity.manifest(
        runs: bare.runs.map(\.run), tier: "quick",
        tables: ["t": bare.tables[0].specification.settings.item], figures: [:], references: [:]) == bare.hash
    )
    var seen: Set = [manifest.hash]
    for (found, replacement) in [
      ("over: seed", "over: [seed, training.batch]"), ("  f: {x", "  g: {x"),
      (", published_as: {task.segment_length: {8: 256}}", ""),
    ] {
      #expect(seen.insert(try project(found, replacement).manifest().hash).inserted, "\(replacement)")
    }
    let other = try project()
    try other.write(Self.published.replacing("50", with: "51"), to: "t.csv")
    #expect(seen.insert(try other.manifest().hash).inserted)
  }

  /// In stone under numerics-1: the committed tables are named by it.
  @Test func `the ablation's hash is what it was before there were figures`() throws {
    let path = #filePath.components(separatedBy: "/Tests/")[0] + "/Experiments/sorting-ablation.yaml"
    #expect(try Manifest(reading: path).hash.short == "5c0316837782")
  }

  @Test func `a manifest with figures reads back whole after its files are gone`() throws {
    let manifest = try project().manifest()
    let again = try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash)
    #expect(again.figures == manifest.figures)
    #expect(again.canonicalBytes == manifest.canonicalBytes)
    #expect(try again.checked().figures == manifest.figures)
  }

  @Test func `a later file changes parts of a figure`() throws {
    let project = try project()
    try project.write(
      "mneme: 1\nbase: sorting.yaml\nname: b\nfigures: {f: {y: test.accuracy, over: [seed]}}\n", to: "b.yaml")
    #expect(try project.manifest("b.yaml").hash == project.manifest().hash)
  }

  @Test func `explaining two manifests names what figures differ in`() throws {
    let lines = Explanation(try project().manifest(), try Sample.project().manifest()).lines
    #expect(
      lines.contains {
        $0.key == "figures.f.x" && $0.a == "task.segments" && $0.b == "absent" && $0.isIdentity
      })
  }
}
