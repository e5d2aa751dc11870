import Tables
import Testing

@testable import Tables

@Suite struct RoundedTests {
  @Test(arguments: [
    ("36.19", false, 36.19, 0.005), ("36.19", true, 0.3619, 0.00005), ("0.045", false, 0.045, 0.0005),
    ("-0.39", true, -0.0039, 0.00005), ("4", true, 0.04, 0.005), ("8.848e9", false, 8.848e9, 500_000),
    ("80.00", false, 80, 0.005), ("117901", false, 117901, 0.5),
  ])
  func `a printed number may be off by half a unit of its last digit`(
    text: String, isPercent: Bool, value: Double, half: Double
  ) throws {
    let number = try #require(Rounded(printed: text, isPercent: isPercent))
    #expect(number.value == value)
    #expect(number.half == half)
  }

  @Test(arguments: ["", "+3", "1e999", "36,19", "nan", "0x10", "1e"])
  func `what is no number is none`(text: String) { #expect(Rounded(printed: text) == nil) }

  @Test func `numbers agree as far as rounding allows, and no further`() throws {
    func number(_ text: String) throws -> Rounded { try #require(Rounded(printed: text)) }
    let gain = try number("82.66") - number("79.69")
    #expect(abs(gain.value - 2.97) < 1e-12 && gain.half == 0.01)
    #expect(gain.agrees(with: try number("2.97")))
    // Both ends touch: 2.97 − 0.01 and 2.955 + 0.005.
    #expect(gain.agrees(with: Rounded(value: 2.955, half: 0.005)))
    #expect(!gain.agrees(with: Rounded(value: 2.954, half: 0.005)))
    #expect(!gain.agrees(with: try number("2.79")))
  }

  @Test func `a sign is known where rounding cannot turn it`() throws {
    #expect(Rounded(value: 0.02, half: 0.01).sign == 1)
    #expect(Rounded(value: -0.02, half: 0.01).sign == -1)
    #expect(Rounded(value: 1.16 - 1.15, half: 0.01).sign == nil)
    #expect(Rounded(value: 0, half: 0).sign == nil)
  }

  @Test func `published numbers and deviations keep their rounding`() throws {
    let csv = "k,m,m.unit,m.deviation,m.runs\na,96.51,%,2,5\n"
    let cell = try CellList(csv: Array(csv.utf8), file: "t.csv", metric: "m").entries[0].cell
    #expect(cell.roundOff == 0.00005)
    #expect(cell.deviationRoundOff == 0.005)
  }
}
