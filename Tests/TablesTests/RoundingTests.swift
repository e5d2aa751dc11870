import Records
import Tables
import Testing

/// What one cell of a table shows, seen through a table of one cell.
@Suite struct Rounding {
  @Test(arguments: [
    // A fraction is shown in percent, with two digits of its deviation.
    ([0.5, 0.6], "1", "55.0 ±7.1"),
    ([0.55, 0.56], "1", "55.50 ±0.71"),
    ([0.10, 0.90], "1", "50 ±57"),
    ([0.5, 0.500001], "1", "50.000050 ±0.000071"),
    // The deviation 0.0996… has two digits as 0.10.
    ([20.0, 20.1409], "nat", "20.07 ±0.10"),
    ([1000.0, 1500.0], "s", "1250 ±354"),
    // One run has no deviation.
    ([0.5], "1", "50.00"), ([0.12345], "1", "12.35"), ([26.7551], "ppl", "26.76"), ([3.0], "s", "3"),
    ([0.00012345], "nat", "0.000123"), ([123456.7], "s", "123457"),
    // Halves are rounded away from zero, as the shortest decimal shows them.
    ([0.28675], "1", "28.68"), ([-0.125], "nat", "−0.1250"), ([0.99999], "1", "100.00"),
    ([-0.000001], "1", "0.00"),
    // Equal numbers say so.
    ([0.5, 0.5, 0.5], "1", "50.00 ±0.00 ="), ([0.1, 0.1, 0.1], "nat", "0.1000 ±0.0000 ="),
  ])
  func `numbers are rounded by their uncertainty`(values: [Double], unit: String, expected: String) throws {
    #expect(try shown(values, unit: unit, published: nil) == expected)
  }

  @Test(arguments: [
    ([0.55123, 0.55127], "51.2", "55.1 ±<0.1"),
    ([0.55123, 0.55127], "51.20", "55.13 ±<0.01"),
    ([0.5, 0.6], "51.20", "55.0 ±7.1"),
    ([0.5512345], "51.234", "55.123"),
    ([0.4, 0.8], "51", "60 ±28"),
    ([0.551, 0.552], "51", "55 ±<1"),
  ])
  func `no more digits are shown than were published`(values: [Double], published: String, expected: String)
    throws
  {
    #expect(try shown(values, unit: "1", published: published) == expected)
  }

  @Test func `published numbers keep their digits`() throws {
    for text in ["36.10", "19.04", "50", "0.5", "100.00", "8.125"] {
      let table = try table([0.5], unit: "1", published: text)
      let line = try #require(
        table.render(.text, width: 100, colour: false).split(separator: "\n").first {
          $0.contains("  published  ")
        })
      #expect(line.split(separator: " ").last.map(String.init) == text)
    }
  }

  private func table(_ values: [Double], unit: String, published: String?) throws -> Table {
    let specification = try TableSpecification(
      name: "t", rows: ["model.kind"], columns: [], cell: "test.metric", over: ["seed"],
      show: .meanAndDeviation,
      better: nil, reference: nil)
    let observations = values.enumerated().map { seed, value in
      var settings = Settings()
      settings["model.kind"] = .text("m")
      settings["seed"] = .integer(seed)
      let record = Record(
        run: SortingAblation.digest(seed + 1), settings: settings, derived: Settings(),
        metrics: ["test.metric": value], cost: [:])
      return Observation(record, tier: "quick")
    }
    let reference = try published.map {
      try CellList(
        csv: Array("model.kind,test.metric,test.metric.unit\nm,\($0),%\n".utf8), file: "p.csv", metric: nil)
    }
    return try Table(
      specification, heading: Heading(title: "t", tier: "quick", manifest: nil), unit: Unit(unit),
      observations: observations, order: [:], reference: reference, extraRows: [], notes: [])
  }

  private func shown(_ values: [Double], unit: String, published: String?) throws -> String {
    let text = try table(values, unit: unit, published: published).render(.text, width: 100, colour: false)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("m ") })
    return line.split(separator: " ").dropFirst(published == nil ? 1 : 2).joined(separator: " ")
  }
}
