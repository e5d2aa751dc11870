import Records
import Tables
import Testing

@Suite struct SeedPowerTests {
  private func power(
    _ table: Table, elsewhere: [[Double]] = [], wanted: String? = nil, alpha: Double = 0.05
  ) throws -> SeedPower {
    let wanted = try wanted.map { try #require(Margin($0)) }
    return SeedPower(
      table, elsewhere: { elsewhere }, elsewhereName: "other runs", alpha: alpha, wanted: wanted)
  }

  private func table(_ state: @escaping (Int) -> Observation.State?) throws -> Table {
    try SortingAblation.table(
      SortingAblation.observations { _, _, seed in state(seed) }, reference: false, extraRows: [])
  }

  @Test func `deviations of the table's own cells scale what its seeds can show`() throws {
    let found = try power(try SortingAblation.table(), wanted: "1abs")
    #expect(found.planned == 3)
    // Four rows, four columns.
    #expect(found.comparisons == 24)
    #expect(found.deviations.map(\.name) == ["smallest", "typical", "largest"])
    let deviations = found.deviations.compactMap(\.value)
    #expect(deviations[0] == 0 && deviations[0] < deviations[1] && deviations[1] < deviations[2])
    let typical = found.deviations[1]
    // 3.1 and more deviations for three seeds, alone; Holm over 24 asks for far more.
    let alone = try #require(typical.detectable) / (try #require(typical.value))
    #expect(abs(alone - Power(alpha: 0.05).detectable(seeds: 3)) < 1e-9)
    #expect(abs(alone - 3.07) < 0.05)
    #expect(try #require(typical.detectableCorrected) > 2 * (try #require(typical.detectable)))
    #expect(found.difference == 0.01)
    let seeds = try #require(typical.seeds)
    let strict = Power(alpha: 0.05 / 24)
    #expect(strict.detectable(seeds: seeds) * (try #require(typical.value)) <= 0.01)
    #expect(strict.detectable(seeds: seeds - 1) * (try #require(typical.value)) > 0.01)
  }

  @Test func `without two finished runs, alike ones elsewhere stand in, and it says so`() throws {
    let waiting = try table { _ in .waiting }
    let found = try power(waiting, elsewhere: [[0.4, 0.42, 0.44], [0.3]])
    #expect(found.basis.contains("1 setting of other runs"))
    #expect(found.deviations.count == 1)
    #expect(abs(try #require(found.deviations[0].value) - 0.02) < 1e-12)
    let own = try power(try SortingAblation.table(), elsewhere: [[0.1, 0.9]])
    #expect(own.basis.contains("of this table"))
  }

  @Test func `where nothing was measured it speaks in standard deviations`() throws {
    let found = try power(try table { _ in .waiting }, wanted: "1%")
    #expect(found.basis.hasPrefix("No measured deviation"))
    #expect(found.difference == nil && found.deviations[0].seeds == nil)
    let text = found.render(.text, width: 400, colour: false)
    #expect(text.contains("3.07 std"), "\(text)")
    #expect(text.contains("cannot be put in numbers before something was measured"))
  }

  @Test func `one seed shows nothing`() throws {
    let single = try SortingAblation.table(
      SortingAblation.observations().filter { $0.settings["seed"] == .integer(1) }, reference: false,
      extraRows: [])
    let found = try power(single, elsewhere: [[0.4, 0.42]])
    #expect(found.planned == 1 && found.deviations.allSatisfy { $0.detectable == nil })
    #expect(found.render(.text, width: 120, colour: false).contains("One seed a cell shows no difference"))
  }

  @Test(arguments: [Format.text, .markdown, .csv, .latex, .json])
  func `it is printed as agreed`(format: Format) throws {
    let found = try power(try SortingAblation.halfway(), wanted: "2abs")
    expectGolden(found.render(format, width: 100, colour: false), "power.\(format.fileExtension)")
  }

  @Test(arguments: [("1%", Margin.percent(1)), ("0.5abs", .absolute(0.5))])
  func `a margin is read as it is written`(text: String, margin: Margin) { #expect(Margin(text) == margin) }

  @Test(arguments: ["", "1", "0%", "-1%", "abs", "x%", "1e400%"])
  func `what is no margin is none`(text: String) { #expect(Margin(text) == nil) }
}
