import Harness
import Records
import Tables
import Testing

/// Keys that only some models of a manifest know, and the parts of a table that are groups.
@Suite struct KeysOfSeveralModels {
  private static let head = "mneme: 1\nname: several\ntier: quick\nbase: common/base.yaml\n"

  private func project(_ manifest: String) throws -> ProjectFolder {
    try ProjectFolder(["sorting.yaml": Self.head + manifest, "common/base.yaml": Sample.base])
  }

  /// The base sets `model.abstractor_activation`, which a transformer does not have.
  @Test func `a key of one model is dropped for the others`() throws {
    let manifest = try project(
      "seed: 1\nmodel.memory: none\ngrid: {model.kind: [transformer, memoria]}\n"
    ).manifest()
    #expect(manifest.runs.map { $0.settings["model.memory"] } == [nil, .text("none")])
    #expect(manifest.runs.map { $0.settings["model.abstractor_activation"] } == [nil, .text("none")])
    // The run is the one that a manifest of its own kind has.
    let alone = try ProjectFolder([
      "sorting.yaml": Self.head + "seed: 1\n",
      "common/base.yaml": Sample.base.replacing("kind: memoria", with: "kind: transformer")
        .replacing("  abstractor_activation: none\n", with: ""),
    ]).manifest()
    #expect(alone.runs[0].run == manifest.runs[0].run)
  }

  @Test func `lists that are zipped may hold keys of several models`() throws {
    let manifest = try project(
      """
      seed: 1
      model.memory: none
      zip:
        - model.kind: [transformer, memoria]
          model.abstractor_activation: [none, gelu]

      """
    ).manifest()
    #expect(manifest.runs.map { $0.settings["model.abstractor_activation"] } == [nil, .text("gelu")])
  }

  @Test func `a key of the manifest's own is refused where it names no model that has it`() throws {
    let complaint = try project("seed: 1\nmodel.kind: transformer\nmodel.memory: none\n").complaint()
    #expect(complaint.contains("model.memory is a key of the model memoria"), "\(complaint)")
    #expect(
      try project(
        "seed: 1\nmodel.memory: none\nmodel.memroy: none\ngrid: {model.kind: [transformer, memoria]}\n"
      ).complaint().contains("model.memroy is not a key; did you mean model.memory?"))
  }

  @Test func `a base may serve a manifest of one model that does not have all its keys`() throws {
    let runs = try project("seed: 1\nmodel.kind: transformer\n").manifest().runs
    #expect(runs.count == 1 && runs[0].settings["model.abstractor_activation"] == nil)
  }

  @Test func `--set may leave one of several models`() throws {
    let folder = try project("seed: 1\nmodel.memory: none\ngrid: {model.kind: [transformer, memoria]}\n")
    let manifest = try folder.manifest(settings: ["model.kind=transformer"])
    #expect(manifest.runs.map { $0.settings["model.kind"] } == [.text("transformer")])
    #expect(manifest.runs[0].settings["model.memory"] == nil)
  }

  @Test func `what is dropped makes no second run of one`() throws {
    let complaint = try project(
      "seed: 1\ngrid: {model.kind: [memoria, transformer], model.memory: [none, long-term]}\n"
    ).complaint()
    #expect(complaint.contains("run 3 (model.kind=transformer model.memory=none)"))
    #expect(complaint.contains("run 4 (model.kind=transformer model.memory=long-term) are the same run"))
    #expect(
      complaint.hasSuffix("Its model does not have model.memory: vary that under include."), "\(complaint)")
  }

  @Test func `an element that names its kind has no keys of another`() throws {
    let complaint = try project(
      "include: [{model.kind: memoria, model.memory: none, seed: 1},"
        + " {model.kind: transformer, model.memory: none, seed: 1}]\n"
    ).complaint()
    #expect(complaint.hasPrefix("sorting.yaml:5: model.memory is a key of the model memoria"), "\(complaint)")
  }

  // MARK: Parts of a table

  private static let table =
    "rows: model.memory, columns: [task.segment_length, task.segments], cell: test.accuracy, over: seed,"
    + " show: mean, better: higher"

  private func table(_ parts: String) throws -> ProjectFolder {
    try project(
      "seed: 1\ngrid: {model.memory: [none, long-term]}\ntables:\n  t: {\(Self.table)\(parts)}\n")
  }

  @Test func `a table says what its sizes stand for and what to remark, and both are stored`() throws {
    let manifest = try table(
      ", published_as: {task.segment_length: {8: 1024}}, remarks: {along: task.segments, of: model.memory}"
    ).manifest()
    let specification = manifest.tables[0].specification
    #expect(
      specification.publishedAs
        == PublishedAs([.init(key: "task.segment_length", measured: "8", published: "1024")]))
    #expect(
      specification.remarks == RemarkSpecification(along: "task.segments", of: "model.memory", about: nil))
    let again = try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash)
    #expect(again.tables == manifest.tables)
    let bare = try table("").manifest()
    let paired = try table(", published_as: {task.segment_length: {8: 1024}}").manifest()
    #expect(Set([manifest.hash, bare.hash, paired.hash]).count == 3)
  }

  @Test func `how a table is compared is read, kept, and in the hash only where it is said`() throws {
    let bare = try table("").manifest()
    let manifest = try table(", paired: true, margin: 0.5%, converged: 0.5").manifest()
    let said = try #require(manifest.tables.first?.specification.comparison)
    #expect(said == ComparisonSpecification(isPaired: true, margin: .percent(0.5), converged: 0.5))
    let again = try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash)
    #expect(again.tables == manifest.tables)
    #expect(try table(", paired: false").manifest().hash == bare.hash)
    let others = [", paired: true", ", margin: 0.5%", ", margin: 0.5abs", ", converged: 0.5"]
    let hashes = try others.map { try table($0).manifest().hash }
    #expect(Set(hashes + [bare.hash, manifest.hash]).count == 6)
  }

  @Test(arguments: [
    (", published_as: {task.length: {8: 1024}}", "tables.t.published_as is about task.length.8; expected"),
    (", published_as: {task.segment_length: [8]}", "tables.t.published_as is about task.segment_length;"),
    (", published_as: {task.segment_length: {8: [1]}}", "task.segment_length.8 is a list; expected the"),
    (", published_as: 5", "tables.t.published_as is “5”; expected keys with values"),
    (", published_as: {task.segment_length: {8: 1, 8.0: 2}}", "task.segment_length pairs 8 twice"),
    (", remarks: {along: task.segments}", "does not say tables.t.remarks.of"),
    (", remarks: {of: model.memory}", "does not say tables.t.remarks.along"),
    (", remarks: {along: task.length, of: model.memory}", "remarks.along: task.length is no row or column"),
    (", remarks: {along: task.segments, off: model.memory}", "did you mean tables.t.remarks.of?"),
    (", remarks: {along: [task.segments], of: model.memory}", "remarks.along is a list; expected one word"),
    (
      ", remarks: {along: task.segments, of: model.memory, about: longterm}",
      "remarks.about: no run and no published number here has model.memory=longterm; did you mean long-term?"
    ),
    (", paired: yes", "tables.t.paired is “yes”; expected true or false"),
    (", margin: 0.5", "tables.t.margin is “0.5”; expected a number above zero with % (of A) or abs"),
    (", converged: most", "tables.t.converged is “most”; expected the number from which on"),
    (", pared: true", "did you mean tables.t.paired?"),
    (", remark: {along: task.segments}", "tables.t.remark.along is not a key"),
  ])
  func `what is wrong with them is told`(parts: String, sentence: String) throws {
    let complaint = try table(parts).complaint()
    #expect(complaint.contains(sentence), "\(complaint)")
  }
}
