import Archive
import Foundation
import Harness
import Records
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
    ("smoke.yaml", Tier.quick, 5, [5]),
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
        ])
  }

  @Test func `the plan of smoke names the axes that have several values`() throws {
    let plan = Plan(try manifest("smoke.yaml"), costs: Costs(), retriesFailed: false) { _ in
      RunProgress(.pending)
    }
    #expect(plan.axes.allSatisfy { $0.count > 1 })
    #expect(plan.text.contains(": 5 runs over model.kind 2, model.memory 4\n"), "\(plan.text)")
  }
}
