import Records
import Tables
import Testing

@Suite struct Differences {
  private func list(_ text: String, name: String) throws -> CellList {
    try CellList(csv: Array(text.utf8), file: name, metric: nil)
  }

  @Test func `a table does not differ from itself`() throws {
    let cells = try SortingAblation.table().measuredCells
    let difference = try TableDifference(cells, cells)
    #expect(difference.isIdentical)
    #expect(difference.pairs.count == 16)
    #expect(difference.notes.allSatisfy { !$0.contains("Incomparable") })
  }

  @Test func `a table does not differ from what it wrote`() throws {
    let table = try SortingAblation.table()
    let read = try list(table.render(.csv, width: 0, colour: false), name: "t.csv")
    #expect(try TableDifference(table.measuredCells, read).isIdentical)
  }

  @Test(arguments: Format.allCases)
  func `measured against published is printed as agreed`(format: Format) throws {
    let difference = try TableDifference(SortingAblation.halfway().measuredCells, SortingAblation.published())
    expectGolden(difference.render(format, width: 100, colour: false), "difference.\(format.fileExtension)")
  }

  @Test func `every verdict is given where it belongs`() throws {
    let a = try list("k,m,m.unit,tier\nw,1,s,quick\nx,2,s,quick\ny,3,s,quick\nv,,s,quick\n", name: "a.csv")
    let b = try list("k,m,m.unit,tier\nz,9,s,paper\nw,1,s,paper\nx,2.5,s,paper\nv,,s,paper\n", name: "b.csv")
    let difference = try TableDifference(a, b)
    let verdicts = difference.pairs.map { "\($0.labels[0]) \($0.verdict.rawValue)" }
    #expect(verdicts == ["w identical", "x differs", "y missing B", "v missing", "z missing A"])
    #expect(difference.pairs.map(\.difference) == [0, 0.5, nil, nil, nil])
    #expect(!difference.isIdentical)
    #expect(difference.mixesTiers)
    #expect(difference.notes.first == "Incomparable as repetitions: A is tier quick, B is tier paper.")
  }

  @Test func `one cell is no cells`() throws {
    let one = try list("k,m,m.unit\nx,1,s\n", name: "a.csv")
    let text = try TableDifference(one, one).render(.text, width: 100, colour: false)
    #expect(text.contains(" · 1 cell: 1 identical\n"))
  }

  @Test func `the last bit of one seed is a difference`() throws {
    let table = try SortingAblation.table()
    var entries = table.measuredCells.entries
    let first = entries[0]
    var cell = first.cell
    cell.samples[1] = Sample(
      run: cell.samples[1].run, over: cell.samples[1].over, value: cell.samples[1].value.nextUp)
    entries[0] = CellList.Entry(labels: first.labels, cell: cell)
    let cells = table.measuredCells
    let changed = CellList(
      name: "other", tier: cells.tier, manifest: nil, source: nil, keys: cells.keys, metric: cells.metric,
      unit: cells.unit, entries: entries)
    let difference = try TableDifference(cells, changed)
    #expect(difference.count(of: .differs) == 1)
    #expect(difference.count(of: .identical) == 15)
  }

  @Test func `a difference that is not zero is never shown as zero`() throws {
    let a = try list("k,m,m.unit\nx,36.19,%\ny,5,%\n", name: "a.csv")
    let b = try list("k,m,m.unit\nx,36.1900012,%\ny,4.5,%\n", name: "b.csv")
    let text = try TableDifference(a, b).render(.text, width: 100, colour: false)
    #expect(text.contains("+0.0000012"))
    #expect(text.contains("−0.5") || text.contains("−1"))
  }

  @Test func `tables that cannot be joined are refused`() throws {
    let a = try list("k,m,m.unit\nx,1,s\n", name: "a.csv")
    #expect(throws: TablesError.self) { try TableDifference(a, list("l,m,m.unit\nx,1,s\n", name: "b.csv")) }
    #expect(throws: TablesError.self) { try TableDifference(a, list("k,n,n.unit\nx,1,s\n", name: "b.csv")) }
    #expect(throws: TablesError.self) { try TableDifference(a, list("k,m,m.unit\nx,1,h\n", name: "b.csv")) }
    #expect(throws: TablesError.self) {
      try TableDifference(a, list("k,l,m,m.unit\nx,1,1,s\nx,2,1,s\n", name: "b.csv"))
    }
  }

  @Test func `keys that only one side has are told`() throws {
    let a = try list("k,m,m.unit\nx,1,s\n", name: "a.csv")
    let b = try list("k,l,m,m.unit\nx,7,1,s\n", name: "b.csv")
    #expect(try TableDifference(a, b).notes.contains("Only B tells: l (7)."))
  }
}
