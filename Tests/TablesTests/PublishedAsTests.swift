import Records
import Tables
import Testing

@Suite struct PublishedBeside {
  private func specification(_ pairs: [(String, String)], key: String = "task.segment_length") throws
    -> TableSpecification
  {
    try TableSpecification(
      name: "t", rows: ["model.kind"], columns: ["task.segment_length"], cell: "test.accuracy", over: [],
      show: .mean, better: .higher, reference: "t.csv",
      publishedAs: PublishedAs(pairs.map { .init(key: key, measured: $0.0, published: $0.1) }))
  }

  private func published(_ lengths: [String]) throws -> CellList {
    try CellList(
      csv: Array(
        ("model.kind,task.segment_length,test.accuracy,test.accuracy.unit\n"
          + lengths.enumerated().map { "memoria,\($1),\(50 + $0).25,%\n" }.joined()).utf8),
      file: "t.csv", metric: nil)
  }

  private func observation(_ length: Int) -> Observation {
    let settings = Settings([
      "model.kind": .text("memoria"), "task.segment_length": .integer(length),
      "numerics": .text("numerics-0"),
    ])
    return Observation(
      Record(
        run: SortingAblation.digest(length), settings: settings, derived: Settings(),
        metrics: ["test.accuracy": 0.4], cost: [:]), tier: "quick")
  }

  private func table(_ pairs: [(String, String)], measured: [Int], published lengths: [String]) throws
    -> Table
  {
    try Table(
      specification(pairs), heading: SortingAblation.heading, unit: .fraction,
      observations: measured.map(observation), order: [:], reference: published(lengths), extraRows: [],
      notes: [])
  }

  @Test func `a published number stands beside its measured one, and both are named`() throws {
    let table = try table(
      [("16", "256"), ("24", "512")], measured: [24, 16], published: ["512", "256", "1024"])
    #expect(table.columns == [["16"], ["24"], ["1024"]])
    #expect(table.groups[0].measured.map { $0.summary?.mean } == [0.4, 0.4, nil])
    #expect(table.groups[0].published?.map { $0.summary?.mean } == [0.5125, 0.5025, 0.5225])
    let text = table.render(.text, width: 100, colour: false)
    #expect(text.contains("16 (256)  24 (512)"))
    #expect(text.contains("task.segment_length 16 (256), 24 (512): the measured value"))
  }

  @Test func `without pairs nothing is said and nothing is joined`() throws {
    let table = try table([], measured: [16], published: ["256"])
    #expect(table.columns == [["16"], ["256"]])
    #expect(!table.render(.text, width: 100, colour: false).contains("("))
  }

  @Test func `a published label that a pair took away is refused`() throws {
    let error = #expect(throws: TablesError.self) {
      try table([("16", "256")], measured: [16], published: ["16", "256"])
    }
    #expect(error?.description.contains("task.segment_length=16") == true)
    // Values may change places.
    let swapped = try table([("16", "256"), ("256", "16")], measured: [16], published: ["16", "256"])
    #expect(swapped.groups[0].published?.map { $0.summary?.mean } == [0.5125, 0.5025])
  }

  @Test(arguments: [
    [("16", "256"), ("16", "512")], [("16", "256"), ("24", "256")], [("16", "1"), ("16.0", "2")],
  ])
  func `a value is paired once`(pairs: [(String, String)]) {
    #expect(throws: TablesError.self) { try specification(pairs) }
  }

  @Test func `pairs are of axes`() {
    let error = #expect(throws: TablesError.self) { try specification([("55", "1000")], key: "task.length") }
    #expect(error?.description.contains("task.length is neither a row nor a column") == true)
  }

  @Test func `pairs are in the hash of a table that has them, and only there`() throws {
    let plain = try specification([])
    let paired = try specification([("16", "256")])
    #expect(!plain.settings.keys.contains("published_as"))
    #expect(plain.settings.canonicalBytes != paired.settings.canonicalBytes)
    let value = try #require(paired.settings["published_as"])
    #expect(PublishedAs(value) == paired.publishedAs)
    #expect(PublishedAs(.text("16")) == nil)
  }

  @Test func `a comparison joins by the same pairs`() throws {
    let table = try table([("16", "256")], measured: [16], published: ["256"])
    let difference = try TableDifference(
      table.measuredCells, published(["256"]).relabelled(by: table.specification.publishedAs))
    #expect(difference.pairs.map(\.labels) == [["memoria", "16"]])
    #expect(difference.pairs[0].b.summary?.mean == 0.5025)
  }
}
