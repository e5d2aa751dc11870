import Harness
import Records
import Tables
import Testing

/// What is part of a run's and of a manifest's identity, and what is not.
@Suite struct ManifestIdentity {
  /// Changes of how the sample is written that change nothing it says.
  static let spellings: [(String, String)] = [
    ("name: sorting", "name: sorting   # a label"),
    ("name: sorting\ntier: quick", "tier: quick\nname: sorting"),
    ("tier: quick", "tier: \"quick\""),
    (
      "  model.memory: [none, long-term]\n  seed: [1, 2]",
      "  {model.memory: [none, 'long-term'], seed: [1, 2]}"
    ),
    ("  model.memory: [none, long-term]", "  model:\n    memory:\n      - none\n      - long-term"),
    (
      "  model.memory: [none, long-term]\n  seed: [1, 2]", "  seed: [2, 1]\n  model.memory: [long-term, none]"
    ),
    ("  seed: [1, 2]", "  seed: &seeds [1, 2]"),
    ("rate: 2e-3", "rate: 0.002"),
    ("rate: 2e-3", "rate: 2.0E-03"),
    ("clip: 1.0", "clip: 1"),
    ("initial_lifespan: 4", "initial_lifespan: 4e0"),
    ("heads: 2", "heads: \"2\""),
    ("heads: 2", "heads: +2"),
    ("residual_initialization: plain", "residual_initialization: >-\n    plain"),
    ("model:\n  kind: memoria", "model.kind: memoria\nmodel:"),
    ("model:\n  kind: memoria\n", "model.dropout: 0.1\nmodel:\n  kind: memoria\n"),
    ("symbols: 4\n  length: 35", "length: 35\n  symbols: 4"),
    ("length: 35", "length: &n 35"),
    ("batch: 8", "batch: &b 8"),
  ]

  @Test(arguments: spellings.indices) func `spelling is in no hash`(index: Int) throws {
    var (found, replacement) = Self.spellings[index]
    if replacement.hasPrefix("model.dropout") { (found, replacement) = ("  dropout: 0.1\n", "") }
    let project = try Sample.project(found, replacement)
    if replacement.isEmpty { try project.write(try movedDropout(), to: "common/base.yaml") }
    let manifest = try project.manifest()
    let sample = try Sample.project().manifest()
    #expect(Set(manifest.runs.map(\.run)) == Set(sample.runs.map(\.run)))
    #expect(manifest.hash == sample.hash)
  }

  /// The base with one setting of a group written under its dotted key.
  private func movedDropout() throws -> String {
    "mneme: 1\nmodel.dropout: 0.1\n"
      + Sample.base.replacing("  dropout: 0.1\n", with: "").replacing("mneme: 1\n", with: "")
  }

  @Test func `aliases stand for what they name`() throws {
    let aliased = try Sample.project("batch: 8", "batch: *heads")
    try aliased.write(
      Sample.base.replacing("heads: 2", with: "heads: &heads 2").replacing("batch: 8", with: "batch: *heads"),
      to: "common/base.yaml")
    let plain = try Sample.project("batch: 8", "batch: 2")
    #expect(try aliased.manifest().hash == plain.manifest().hash)
  }

  @Test(arguments: [
    ("name: sorting", "name: another name"),
    ("resources: {threads: 1, timeout: 30m}", "resources: {threads: 2, keep_weights: false, retries: 3}"),
    ("resources: {threads: 1, timeout: 30m}", "resources: {memory: 2GiB, slots: {gpu: 1, licence: 2}}"),
    ("resources: {threads: 1, timeout: 30m}\n", ""),
  ])
  func `a name and resources are in no hash`(found: String, replacement: String) throws {
    let manifest = try Sample.project(found, replacement).manifest()
    #expect(try manifest.hash == Sample.project().manifest().hash)
  }

  @Test(arguments: [
    ("tier: quick", "tier: reduced"),
    ("show: mean±std", "show: median"),
    ("show: mean±std", "show: mean±std, better: higher"),
    ("  t: {rows", "  u: {rows"),
    ("rows: model.memory, columns: task.segments", "rows: task.segments, columns: model.memory"),
  ])
  func `tier and tables are in the manifest's hash only`(found: String, replacement: String) throws {
    let manifest = try Sample.project(found, replacement).manifest()
    let sample = try Sample.project().manifest()
    #expect(manifest.runs.map(\.run) == sample.runs.map(\.run))
    #expect(manifest.hash != sample.hash)
  }

  @Test(arguments: [
    ("heads: 2", "heads: 4"), ("rate: 2e-3", "rate: 2.0000000000000004e-3"),
    ("order: text", "order: algorithm-3"),
    ("data_seed: 1", "data_seed: 2"), ("test_examples: 32", "test_examples: 33"), ("batch: 8", "batch: 4"),
  ])
  func `every setting is in a run's hash`(found: String, replacement: String) throws {
    let manifest = try Sample.project(found, replacement).manifest()
    #expect(try Set(manifest.runs.map(\.run)).isDisjoint(with: Sample.project().manifest().runs.map(\.run)))
  }

  @Test func `a reference counts by its content and its place in the project`() throws {
    let table = "show: mean±std, reference: paper/t.csv"
    let csv = "model.memory,task.segments,test.accuracy,test.accuracy.unit\nnone,5,50,%\n"
    let project = try Sample.project("show: mean±std", table)
    try project.write(csv, to: "paper/t.csv")
    let manifest = try project.manifest()
    #expect(manifest.tables[0].specification.reference == "Experiments/paper/t.csv")
    #expect(manifest.tables[0].reference == Array(csv.utf8))
    #expect(try manifest.tables[0].published()?.entries.count == 1)

    let elsewhere = try Sample.project("show: mean±std", table)
    try elsewhere.write(csv, to: "paper/t.csv")
    #expect(try elsewhere.manifest().hash == manifest.hash)
    try elsewhere.write(csv.replacing("50", with: "51"), to: "paper/t.csv")
    #expect(try elsewhere.manifest().hash != manifest.hash)
    #expect(try elsewhere.manifest().runs.map(\.run) == manifest.runs.map(\.run))
  }

  @Test(arguments: [
    ("task.examples=128", "examples: 64\n  validation", "examples: 128\n  validation"),
    ("seed=7", "seed: [1, 2]", "seed: [7]"),
    ("seed=[7, 8]", "seed: [1, 2]", "seed: [7, 8]"),
    ("training.rate=0.5", "rate: 2e-3", "rate: 5e-1"),
    ("model.memoria.order=algorithm-3", "order: text", "order: algorithm-3"),
    ("model.memory=working", "model.memory: [none, long-term]", "model.memory: working"),
  ])
  func `--set equals editing`(argument: String, found: String, replacement: String) throws {
    let edited = try Sample.project(found, replacement).manifest()
    let sample = try Sample.project()
    #expect(try sample.manifest(settings: [argument]).hash == edited.hash)
    #expect(try sample.manifest().hash != edited.hash)
  }

  /// In stone: old results are found by these. They move only when a model, the task or the training raises its
  /// `semantics`, or numerics get a new name.
  @Test func `hashes are what they were`() throws {
    let manifest = try Sample.project().manifest()
    #expect(
      manifest.runs.map(\.run.hex) == [
        "c5e20dbc711033886d4043d4aa68435128c7a9a64f7975490724de709994cb99",
        "4fa1fee9cbeb2d3f4e78ce9d72f59fe110ce046f67afcdf81f362910ad237924",
        "48af1df25a9d15d2dfaeea3c93f5b880f3bf9915046b9380c679fd0c712a000f",
        "520049abc206e5d3a7655463dca9f770c9185091d29b78af97f6996e371e24cb",
      ])
    #expect(manifest.hash.hex == "7a918d7fc7260b3d4bdf54357e4affef195ecb3da103f70a5c9f2ba608d7d916")
  }
}
