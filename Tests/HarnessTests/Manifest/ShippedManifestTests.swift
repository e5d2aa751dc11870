import Archive
import Foundation
import Harness
import Records
import Tables
import Testing

/// The manifests of this repository.
@Suite struct ShippedManifests {
  private static let folder =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/Experiments/"

  private func manifest(_ name: String) throws -> Manifest { try Manifest(reading: Self.folder + name) }

  @Test(arguments: [
    ("sorting-ablation.yaml", Tier.quick, 48, [4, 8, 16, 32]),
    ("sorting-ablation-paper.yaml", Tier.paper, 60, [4, 8, 16, 32, 47]),
    ("sorting.yaml", .quick, 48, [4, 8, 16, 32]),
    ("sorting-paper.yaml", .paper, 48, [4, 8, 16, 32]),
    ("sorting-cost.yaml", .quick, 4, [32]),
    ("sorting-cost-paper.yaml", .paper, 4, [32]),
    ("segments.yaml", .reduced, 10, [12]),
    ("smoke.yaml", Tier.quick, 8, [5]),
  ])
  func `each is accepted`(name: String, tier: Tier, runs: Int, segments: [Int]) throws {
    let manifest = try manifest(name)
    #expect(manifest.tier == tier)
    #expect(manifest.runs.count == runs)
    #expect(
      Set(manifest.runs.compactMap { $0.derived["task.segments"] }) == Set(segments.map { .integer($0) }))
    #expect(
      try Manifest(canonicalBytes: manifest.canonicalBytes, hash: manifest.hash).checked().runs
        == manifest.runs)
  }

  @Test func `the ablations differ in sizes alone`() throws {
    let quick = try manifest("sorting-ablation.yaml")
    let paper = try manifest("sorting-ablation-paper.yaml")
    #expect(quick.runs[0].settings.keys == paper.runs[0].settings.keys)
    #expect(quick.tables.map(\.specification) == paper.tables.map(\.specification))
    #expect(quick.tables.allSatisfy { $0.reference != nil })
  }

  @Test func `the hash of the ablation is the one its table was printed with`() throws {
    #expect(try manifest("sorting-ablation.yaml").hash.short == "5c0316837782")
  }

  private static let kinds = ["transformer-xl", "compressive-transformer", "infinity-former", "memoria"]

  /// Segments and segment length of every run of Table 4, by kind.
  private func cells(_ manifest: Manifest) -> [String: Set<String>] {
    manifest.runs.reduce(into: [:]) { cells, run in
      let key = run.settings["model.kind"]?.description ?? ""
      cells[key, default: []].insert(
        "\(run.settings["task.segment_length"] ?? .integer(0)) × \(run.derived["task.segments"] ?? .integer(0))"
      )
    }
  }

  @Test(arguments: [("sorting.yaml", [16, 24, 32]), ("sorting-paper.yaml", [256, 512, 1024])])
  func `Table 4 has every model at every size once, and every published number beside it`(
    name: String, lengths: [Int]
  ) throws {
    let manifest = try manifest(name)
    let every = Set(lengths.flatMap { length in [4, 8, 16, 32].map { "\(length) × \($0)" } })
    #expect(cells(manifest) == Dictionary(uniqueKeysWithValues: Self.kinds.map { ($0, every) }))
    let table = try #require(try TableReport(manifest, in: nil).tables.first)
    #expect(table.columns.count == 12)
    #expect(table.groups.map(\.labels) == Self.kinds.map { [$0] })
    #expect(table.groups.allSatisfy { $0.published?.allSatisfy { $0.summary != nil } == true })
    #expect(table.groups.allSatisfy { $0.measured.allSatisfy { $0.planned == 1 } })
    #expect(table.remarks?.places.count == 3)
  }

  @Test func `Table 4 holds no baseline back`() throws {
    let table = try #require(try TableReport(manifest("sorting.yaml"), in: nil).tables.first)
    #expect(
      table.extras.map(\.label) == [
        "chance floor", "memoryless count oracle", "transformer-xl reach oracle", "perfect count oracle",
      ])
    let rows = table.extras.map { $0.cells.compactMap { $0.summary?.mean } }
    #expect(rows.allSatisfy { $0.count == 12 })
    for column in table.columns.indices {
      // Two layers of S tokens each see all but the first segments: more than one segment, less than everything.
      #expect(rows[0][column] < rows[1][column])
      #expect(rows[1][column] < rows[2][column])
      #expect(rows[2][column] < rows[3][column])
    }
  }

  @Test(arguments: [
    ("sorting.yaml", "sorting-ablation.yaml", 4), ("sorting-paper.yaml", "sorting-ablation-paper.yaml", 4),
  ])
  func `what Table 4 and Table 6 share are the same runs`(name: String, ablation: String, count: Int) throws {
    let runs = try manifest(name).runs
    let shared = Set(try manifest(ablation).runs.map(\.run)).intersection(runs.map(\.run))
    #expect(shared.count == count)
    let first = try #require(runs.first?.settings["task.segment_length"])
    let length = tierLength(first)
    for run in runs where shared.contains(run.run) {
      #expect(run.settings["model.memory"] == .text("long-term"))
      #expect(run.settings["task.segment_length"] == length)
    }
    #expect(
      runs.count {
        $0.settings["model.kind"] == .text("memoria") && $0.settings["task.segment_length"] == length
      } == count)
  }

  /// The ablations have one length of segment: the shortest quick one, the longest published one.
  private func tierLength(_ first: Value) -> Value { first == .integer(16) ? first : .integer(1024) }

  @Test func `more seeds keep the runs of the first`() throws {
    let known = Set(try manifest("sorting.yaml").runs.map(\.run))
    let more = try Manifest(reading: Self.folder + "sorting.yaml", settings: ["seed=[1, 2, 3]"])
    let plan = Plan(more, costs: Costs(), retriesFailed: false) { run in
      RunProgress(known.contains(run.run) ? .done : .pending)
    }
    #expect(plan.steps.count == 144)
    #expect(plan.axes.map(\.key) == ["model.kind", "seed", "task.length", "task.segment_length"])
    #expect(plan.steps.count { $0.action == .nothing } == 48)
    #expect(plan.steps.count { $0.isWork } == 96)
  }

  @Test func `memories grow with the segment`() throws {
    for run in try manifest("sorting.yaml").runs {
      guard case .integer(let length)? = run.settings["task.segment_length"] else { continue }
      func expect(_ key: String, _ value: Int) { #expect(run.settings["model.\(key)"] == .integer(value)) }
      #expect(run.derived["task.last_segment_length"] == .integer(length - 1))
      switch run.settings["model.kind"]?.description {
      case "transformer-xl": expect("transformer_xl.memory_length", length)
      case "compressive-transformer":
        expect("compressive_transformer.segment_length", length)
        expect("compressive_transformer.memory_length", length / 2)
        expect("compressive_transformer.compressed_length", length / 2)
      case "infinity-former":
        expect("positions", length)
        expect("infinity_former.basis_functions", length)
        expect("infinity_former.samples", length)
      default:
        expect("positions", length)
        expect("memoria.engrams", length / 2)
        expect("memoria.short_term_capacity", 2 * length)
        expect("memoria.reminded_short_term", length)
        expect("memoria.reminded_long_term", length)
      }
    }
  }

  @Test func `the published sizes are the paper's`() throws {
    let run = try manifest("sorting-ablation-paper.yaml").runs[0]
    #expect(run.training.steps(examples: 80_000) == 12_500)
    #expect(run.settings["model.layers"] == .integer(5))
    #expect(run.settings["model.memoria.engrams"] == .integer(128))
  }

  @Test func `smoke has every model with every memory`() throws {
    let runs = try manifest("smoke.yaml").runs
    #expect(
      runs.map { "\($0.settings["model.kind"] ?? .text("")) \($0.settings["model.memory"] ?? .text("-"))" }
        == [
          "transformer -", "memoria none", "memoria working", "memoria short-term", "memoria long-term",
          "transformer-xl -", "compressive-transformer -", "infinity-former -",
        ])
  }

  @Test func `the plan of smoke names the axes that have several values`() throws {
    let plan = Plan(try manifest("smoke.yaml"), costs: Costs(), retriesFailed: false) { _ in
      RunProgress(.pending)
    }
    #expect(plan.axes.allSatisfy { $0.count > 1 })
    #expect(plan.text.contains(": 8 runs over model.kind 5, model.memory 4\n"), "\(plan.text)")
  }
}
