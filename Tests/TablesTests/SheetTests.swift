import Records
import Tables
import Testing

/// Several measures side by side, and costs that are not quite measurements.
@Suite struct Sheets {
  private static let kinds = ["transformer-xl", "memoria"]
  private static let specification = TableSpecification.table9

  private static func observation(
    _ kind: Int, seconds: Double?, isLowerBound: Bool = false, extrapolated: [String: Double] = [:]
  ) -> Observation {
    var settings = Settings()
    settings["model.kind"] = .text(kinds[kind])
    settings["seed"] = .integer(1)
    settings["numerics"] = .text("numerics-0")
    let run = SortingAblation.digest(kind + 1)
    let state: Observation.State =
      seconds.map { seconds in
        .finished(
          Record(
            run: run, settings: settings, derived: Settings(), metrics: [:],
            cost: seconds > 0 ? ["cost.training_seconds": seconds, "cost.peak_bytes": 45_123_456] : [:],
            lowerBounds: isLowerBound ? ["cost.training_seconds", "cost.peak_bytes"] : []))
      } ?? .waiting
    return Observation(
      run: run, settings: settings, derived: Settings(), tier: "quick", state: state,
      extrapolated: extrapolated)
  }

  private static func sheet(_ observations: [Observation]) throws -> Sheet {
    let tables = try specification.cells.map { cell in
      try Table(
        specification.showing(cell), heading: Heading(title: "trial", tier: "quick", manifest: nil),
        unit: Unit(Cost(key: cell)?.unit ?? ""), observations: observations,
        order: ["model.kind": kinds.map { .text($0) }], reference: published(cell), extraRows: [], notes: [])
    }
    return Sheet(specification, tables)
  }

  private static func published(_ cell: String) throws -> CellList {
    let text = """
      model.kind,cost.training_seconds,cost.training_seconds.unit,cost.peak_bytes,cost.peak_bytes.unit,tier,source
      transformer-xl,117901,s,8848000000,bytes,paper,"Memoria, Table 9"
      memoria,75519,s,45368000000,bytes,paper,"Memoria, Table 9"

      """
    return try CellList(csv: Array(text.utf8), file: "table9.csv", metric: cell)
  }

  /// One finished, one only timed in part.
  private static func mixed() throws -> Sheet {
    try sheet([
      observation(0, seconds: 74.2),
      observation(1, seconds: nil, extrapolated: ["cost.training_seconds": 3725, "cost.peak_bytes": 2.5e9]),
    ])
  }

  @Test(arguments: Format.allCases)
  func `several measures are printed as agreed`(format: Format) throws {
    expectGolden(
      try Self.mixed().render(format, width: 100, colour: false), "measures.\(format.fileExtension)")
  }

  @Test func `of one measure, a sheet is its table`() throws {
    let table = try SortingAblation.halfway()
    let sheet = Sheet(table.specification, [table])
    for format in Format.allCases {
      #expect(
        sheet.render(format, width: 80, colour: false) == table.render(format, width: 80, colour: false))
    }
  }

  @Test func `each measure is read back by its name, and what was extrapolated is not`() throws {
    let csv = Array(try Self.mixed().render(.csv, width: 0, colour: false).utf8)
    let time = try CellList(csv: csv, file: "t.csv", metric: "cost.training_seconds")
    #expect(time.entries.map(\.labels) == [["transformer-xl"]])
    #expect(time.entries[0].cell.summary?.mean == 74.2 && time.unit == Unit("s"))
    let memory = try CellList(csv: csv, file: "t.csv", metric: "cost.peak_bytes")
    #expect(memory.entries.map { $0.cell.summary?.mean } == [45_123_456])
    #expect(throws: TablesError.self) { try CellList(csv: csv, file: "t.csv", metric: nil) }
  }

  @Test func `an extrapolated number is compared with nothing, and is never the best`() throws {
    let sheet = try Self.mixed()
    for table in sheet.tables {
      #expect(table.measuredCells.entries.compactMap(\.cell.summary).count == 1)
    }
    #expect(!sheet.render(.markdown, width: 0, colour: false).contains("**1 h"))
  }

  @Test func `a finished run is believed before what was extrapolated`() throws {
    let sheet = try Self.sheet([
      Self.observation(0, seconds: 74.2),
      Self.observation(1, seconds: 80, extrapolated: ["cost.training_seconds": 1]),
    ])
    let text = sheet.render(.text, width: 100, colour: false)
    #expect(text.contains("1 m 20 s") && !text.contains("~"))
  }

  @Test func `a lower bound says that it is one`() throws {
    let sheet = try Self.sheet([
      Self.observation(0, seconds: 74.2, isLowerBound: true), Self.observation(1, seconds: 80),
    ])
    let text = sheet.render(.text, width: 100, colour: false)
    #expect(text.contains("≥ 1 m 14 s") && text.contains("≥: at least; an attempt was killed"))
    let csv = sheet.render(.csv, width: 0, colour: false)
    #expect(csv.contains("transformer-xl,at-least,trial"))
    let list = try CellList(csv: Array(csv.utf8), file: "t.csv", metric: "cost.peak_bytes")
    #expect(list.entries.count == 2)
  }

  @Test func `a cost that nobody kept is unknown, a metric that is missing is an error`() throws {
    let sheet = try Self.sheet([Self.observation(0, seconds: 0), Self.observation(1, seconds: 80)])
    let text = sheet.render(.text, width: 100, colour: false)
    #expect(text.contains(" ? ") && text.contains("?: finished, but no attempt kept this cost"))
    #expect(throws: TablesError.self) {
      try Table(
        Self.specification.showing("test.accuracy"),
        heading: Heading(title: "t", tier: "quick", manifest: nil),
        unit: .fraction, observations: [Self.observation(0, seconds: 80)], order: [:], reference: nil,
        extraRows: [], notes: [])
    }
  }

  @Test(arguments: [
    (0, "s", "0 s"), (0.0000123, "s", "12.3 µs"), (0.012345, "s", "12.3 ms"), (0.99951, "s", "1.00 s"),
    (2, "s", "2 s"), (12.34, "s", "12.3 s"), (59.94, "s", "59.9 s"), (59.96, "s", "1 m 00 s"),
    (3599.6, "s", "1 h 00 m"), (3725, "s", "1 h 02 m"), (117_901, "s", "32 h 45 m"),
    (512, "bytes", "512 B"), (999.6, "bytes", "1.00 kB"), (45_123_456, "bytes", "45.1 MB"),
    (999_600_000, "bytes", "1.00 GB"), (2e12, "bytes", "2 TB"),
  ])
  func `times and sizes are said as people say them`(value: Double, unit: String, words: String) throws {
    var settings = Settings()
    settings["model.kind"] = .text("m")
    let record = Record(
      run: SortingAblation.digest(1), settings: settings, derived: Settings(), metrics: [:],
      cost: ["cost.seconds": value])
    let table = try Table(
      TableSpecification(
        name: "t", rows: ["model.kind"], columns: [], cell: "cost.seconds", over: [], show: .mean,
        better: nil,
        reference: nil), heading: Heading(title: "t", tier: "quick", manifest: nil), unit: Unit(unit),
      observations: [Observation(record, tier: "quick")], order: [:], reference: nil, extraRows: [], notes: []
    )
    let row = table.render(.markdown, width: 0, colour: false).split(separator: "\n").last
    #expect(row == "| m | \(words) |")
  }
}

extension TableSpecification {
  /// Table 9: time and memory.
  fileprivate static let table9: TableSpecification = {
    do {
      return try TableSpecification(
        name: "table9", rows: ["model.kind"], columns: [], cell: "cost.training_seconds",
        besides: ["cost.peak_bytes"], over: ["seed"], show: .mean, better: .lower,
        reference: "paper/table9.csv")
    } catch { fatalError("\(error)") }
  }()
}
