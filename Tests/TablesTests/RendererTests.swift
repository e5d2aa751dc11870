import Foundation
import Records
import Tables
import Testing

@Suite struct Renderers {
  @Test(arguments: Format.allCases)
  func `a complete table is printed as agreed`(format: Format) throws {
    expectGolden(
      try SortingAblation.table().render(format, width: 100, colour: false),
      "complete.\(format.fileExtension)")
  }

  @Test(arguments: Format.allCases)
  func `a table of unfinished and failed runs is printed as agreed`(format: Format) throws {
    expectGolden(
      try SortingAblation.halfway().render(format, width: 100, colour: false),
      "halfway.\(format.fileExtension)")
  }

  @Test func `another reader reads the JSON`() throws {
    let table = try SortingAblation.halfway()
    for text in [
      table.render(.json, width: 0, colour: false),
      try TableDifference(table.measuredCells, SortingAblation.published()).render(
        .json, width: 0, colour: false),
    ] {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      let cells = try #require(object["cells"] as? [[String: Any]])
      #expect(cells.count == 20)
      #expect((cells[0]["at"] as? [String: Any])?["task.segments"] as? Int == 4)
    }
  }

  @Test func `a table is narrowed by continuing below`() throws {
    let text = try SortingAblation.halfway().render(.text, width: 64, colour: false)
    expectGolden(text, "narrow.txt")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 64 })
  }

  @Test(arguments: [20, 30, 38])
  func `a line is as narrow as its leading columns and one number allow`(width: Int) throws {
    let text = try SortingAblation.halfway().render(.text, width: width, colour: false)
    // "perfect count oracle" or the source column, a gap, and "82.27 ±0.00 2/3".
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= max(width, 45) })
    #expect(
      text.split(separator: "\n").filter { $0.contains("task.segments") }.allSatisfy { $0.count <= width })
  }

  @Test func `colour is only added, never anything else`() throws {
    let table = try SortingAblation.halfway()
    let coloured = table.render(.text, width: 100, colour: true)
    expectGolden(coloured, "coloured.txt")
    #expect(coloured.contains("\u{1B}["))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == table.render(.text, width: 100, colour: false))
  }

  @Test func `a complete table fits a hundred columns in one part`() throws {
    for table in [try SortingAblation.table(), try SortingAblation.halfway()] {
      let lines = table.render(.text, width: 100, colour: false).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 100 })
      #expect(lines.count { $0.contains("task.segments") && !$0.contains(":") } == 1)
      #expect(lines.allSatisfy { $0.last != " " })
    }
  }

  @Test func `a table without reference, columns and manifest is printed as agreed`() throws {
    let specification = try TableSpecification(
      name: "cost", rows: ["model.memory", "task.length"], columns: [], cell: "cost.seconds", over: ["seed"],
      show: .mean, better: .lower, reference: nil)
    let table = try Table(
      specification, heading: Heading(title: "trial", tier: "reduced", manifest: nil), unit: Unit("s"),
      observations: SortingAblation.observations().map {
        Observation(run: $0.run, settings: $0.settings, derived: $0.derived, tier: "reduced", state: $0.state)
      },
      order: SortingAblation.order, reference: nil, extraRows: [], notes: [])
    expectGolden(table.render(.text, width: 100, colour: false), "cost.txt")
  }

  @Test func `marks of a format in names are escaped`() throws {
    let specification = try TableSpecification(
      name: "t", rows: ["model.kind"], columns: [], cell: "test.accuracy", over: [], show: .mean, better: nil,
      reference: nil)
    let name = #"a|b_ *c* <d> \e{f} 50 % & #1 $x$ ~ ^ [g], "h""# + "\u{1B}[31m\n"
    var settings = Settings()
    settings["model.kind"] = .text(name)
    let run = SortingAblation.digest(1)
    let record = Record(
      run: run, settings: settings, derived: Settings(), metrics: ["test.accuracy": 0.5], cost: [:])
    let table = try Table(
      specification, heading: Heading(title: "escapes & marks_", tier: "quick", manifest: nil),
      unit: .fraction,
      observations: [Observation(record, tier: "quick")], order: [:], reference: nil, extraRows: [],
      notes: ["50 %"])
    for format in Format.allCases {
      expectGolden(table.render(format, width: 100, colour: false), "escapes.\(format.fileExtension)")
    }
  }
}
