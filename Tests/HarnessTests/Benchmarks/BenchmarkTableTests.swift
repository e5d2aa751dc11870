import Foundation
import Testing

@testable import Harness

@Suite struct BenchmarkTableTests {
  private func table(_ seconds: [String: Double], width: Double = 64) -> BenchmarkTable {
    BenchmarkTable(
      name: "steps", conditions: BenchmarkConditions(instructionSet: "avx2", threads: 2), notes: ["a note"],
      columns: [
        .init("model", "model", .label),
        .init("seconds", "ms", .less) { NumberText.fixed($0 * 1000, digits: 1) },
        .init("gigaflops", "GFLOP/s", .more), .init("parameters", "parameters"),
      ],
      rows: seconds.sorted { $0.key < $1.key }.map { model, seconds in
        .init(
          cells: ["model": .text(model), "seconds": .number(seconds), "gigaflops": .number(10)],
          settings: ["model.width": .number(width)])
      })
  }

  private func saved(_ table: BenchmarkTable) throws -> SavedBenchmark {
    try SavedBenchmark(path: "saved.json", Data(table.json.utf8))
  }

  @Test func `text is aligned under one line on the machine`() {
    let lines = table(["memoria": 0.0125, "transformer": 0.5]).text.split(separator: "\n")
    #expect(lines[0].contains("avx2 kernels on 2 threads; debug build; medians"))
    #expect(lines[1] == "a note")
    #expect(
      lines.dropFirst(2) == [
        "model           ms  GFLOP/s  parameters", "memoria       12.5       10           –",
        "transformer  500.0       10           –",
      ])
  }

  @Test func `JSON has every cell, the conditions and the settings`() throws {
    let list =
      try JSONSerialization.jsonObject(with: Data(table(["memoria": 0.5]).json.utf8)) as? [[String: Any]]
    let object = try #require(list?.first)
    #expect(object["benchmark"] as? String == "steps")
    #expect(object["threads"] as? Int == 2)
    #expect(object["seconds"] as? Double == 0.5)
    #expect((object["settings"] as? [String: Any])?["model.width"] as? Int == 64)
    #expect(Set(object.keys).isSuperset(of: ["machine", "instruction_set", "build", "model", "gigaflops"]))
  }

  @Test func `a saved run stands beside this one, and ratios say how many times as good this one is`() throws
  {
    let before = table(["memoria": 0.5, "transformer": 1])
    let lines = try table(["memoria": 0.25, "xl": 1]).beside(saved(before)).text.split(separator: "\n")
    #expect(lines[2].hasPrefix("saved: ") && lines[2].contains("×: how many times as good"))
    #expect(
      lines.dropFirst(3) == [
        "model        ms  saved     ×  GFLOP/s  saved     ×  parameters",
        "memoria   250.0  500.0  2.00       10     10  1.00           –",
        "xl       1000.0      –     –       10      –     –           –",
      ])
  }

  @Test func `a rate is better when it is higher`() throws {
    let now = table(["memoria": 1])
    let rows = try now.joined([["model": .text("memoria"), "gigaflops": .number(5)]], as: "theirs", of: "x")
      .rows
    #expect(rows[0].cells["theirs_gigaflops_ratio"] == .number(2))
    #expect(rows[0].cells["theirs_seconds"] == nil)
  }

  @Test func `what is of other sizes or no benchmark is refused`() throws {
    let now = table(["memoria": 1])
    func refusal(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "none"
    }
    #expect(
      refusal { _ = try now.beside(saved(table(["memoria": 1], width: 128))) }
        == "saved.json is of other sizes: model.width is 128 there and 64 here. Measure with the same options."
    )
    #expect(
      refusal { _ = try now.beside(saved(table(["xl": 1]))) }
        == "saved.json has no row in common with what was measured here.")
    var other = now
    other = BenchmarkTable(
      name: "startup", conditions: other.conditions, notes: [], columns: other.columns, rows: other.rows)
    #expect(
      refusal { _ = try now.beside(saved(other)) }
        == "saved.json was saved by `mneme bench startup`; expected one of `mneme bench steps`.")
    for text in ["", "{}", "[]", "[{\"seconds\": 1}]", "[1]"] {
      #expect(
        refusal { _ = try SavedBenchmark(path: "x", Data(text.utf8)) }.hasPrefix("x is no saved benchmark"),
        "\(text)")
    }
    #expect(refusal { _ = try SavedBenchmark(reading: "/nowhere/x") }.hasPrefix("/nowhere/x cannot be read"))
  }
}
