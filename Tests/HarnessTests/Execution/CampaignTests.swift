import Archive
import Foundation
import Records
import Testing

@testable import Harness

@Suite struct CampaignTests {
  private let commands = CampaignReport.Commands(
    continuation: "mneme run tiny.yaml", table: "mneme table tiny.yaml")

  private func manifest(seeds: Int, _ resources: Resources = Resources()) -> Manifest {
    Manifest(
      name: "tiny", tier: .quick, runs: (1...seeds).map { specification(seed: $0) }, tables: [], figures: [],
      resources: resources)
  }

  private func campaign(
    _ bench: TemporaryStore, seeds: Int, log: Starts = Starts(), resources: Resources = Resources(),
    _ change: (inout RunOptions) -> Void = { _ in },
    says: @escaping @Sendable (Assignment, Int) -> [Report] = { _, _ in [] },
    ending: @escaping @Sendable (Assignment, Int) async -> Ending = { _, _ in .exited(0) }
  ) async throws -> CampaignReport {
    let manifest = manifest(seeds: seeds, resources)
    var options = RunOptions()
    options.jobs = 1
    change(&options)
    let surroundings = Surroundings(
      output: { _ in }, errors: { _ in }, surface: .quiet, interruptions: { 0 },
      executor: { _, _ in Scripted(bench: bench, log: log, says: says, behaviour: ending) })
    return try await Campaign(manifest, in: bench.store, options: options).run(surroundings)
  }

  @Test func `max-runs begins the first of the table and leaves the rest, until all are done`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let first = try await campaign(bench, seeds: 3, log: log) { $0.maxRuns = 2 }
    #expect(log.labels == ["seed=1", "seed=2"])
    #expect(first.status == .stopped)
    let text = first.text(commands)
    #expect(text.hasPrefix("tiny: 3 runs: 2 computed, 0 reused, 1 left, in "))
    #expect(text.contains("\n  1 left: more than --max-runs\nTo continue: mneme run tiny.yaml\n"))
    let second = try await campaign(bench, seeds: 3, log: log) { $0.maxRuns = 2 }
    #expect(second.status == .done)
    #expect(second.text(commands).hasPrefix("tiny: 3 runs: 1 computed, 2 reused, in "))
    #expect(second.text(commands).hasSuffix("The tables: mneme table tiny.yaml\n"))
  }

  @Test func `what can never fit is refused before anything is written`() async throws {
    let bench = try TemporaryStore()
    var resources = Resources()
    resources.memory = 1 << 40
    let refused = manifest(seeds: 2, resources)
    func files() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: bench.store.root).sorted()
    }
    let before = try files()
    let refusal = await #expect(throws: RunRefusal.self) {
      try await campaign(bench, seeds: 2, resources: resources) { $0.memory = 1 << 30 }
    }
    guard case .memory = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(try files() == before)
    var options = RunOptions()
    options.memory = 1 << 30
    #expect(throws: RunRefusal.self) { try Campaign.refuse(refused, options) }
    options.memory = 2 << 40
    #expect(throws: Never.self) { try Campaign.refuse(refused, options) }
  }

  @Test func `only some runs are meant, and the counts are of those`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    let four = manifest(seeds: 4)
    let selection = try RunSelection(["seed>2", "status=pending"], of: four, in: bench.store)
    let report = try await campaign(bench, seeds: 4, log: log) { $0.selection = selection }
    #expect(log.labels == ["seed=3", "seed=4"])
    #expect(report.status == .done && report.text(commands).hasPrefix("tiny: 2 runs: 2 computed, "))
    #expect(try RunSelection([], of: four, in: nil) == nil)
    let none = #expect(throws: RunRefusal.self) { try RunSelection(["seed=9"], of: four, in: nil) }
    #expect(none == .nothingSelected("seed=9", manifest: "tiny", runs: 4))
    let slip = #expect(throws: SelectionError.self) { try RunSelection(["sead=9"], of: four, in: nil) }
    #expect(slip?.description.hasPrefix("--only, column 1: ") == true)
  }

  @Test func `what can never begin is refused before anything does`() async throws {
    let (bench, log) = (try TemporaryStore(), Starts())
    var resources = Resources()
    resources.slots = ["gpu": 1]
    await #expect(throws: RunRefusal.self) {
      try await campaign(bench, seeds: 2, log: log, resources: resources)
    }
    #expect(log.labels.isEmpty)
    let offered = try await campaign(bench, seeds: 2, log: log, resources: resources) {
      $0.slots = ["gpu": 1]
    }
    #expect(offered.status == .done)
    (resources.slots, resources.memory) = ([:], 1 << 30)
    await #expect(throws: RunRefusal.self) {
      try await campaign(try TemporaryStore(), seeds: 2, log: log, resources: resources) {
        $0.memory = 1 << 20
      }
    }
  }

  @Test func `what was finished is in the index, and the first table adds nothing`() async throws {
    let bench = try TemporaryStore()
    _ = try await campaign(bench, seeds: 3)
    let path = bench.store.root + "/index/results"
    let kept = try #require(FileIdentity(of: path))
    #expect(try Survey(manifest(seeds: 3), in: bench.store).finished == 3)
    #expect(FileIdentity(of: path) == kept)
    try FileManager.default.removeItem(atPath: path)
    #expect(try Survey(manifest(seeds: 3), in: bench.store).finished == 3)
    #expect(FileIdentity(of: path) != nil && FileIdentity(of: path) != kept)
  }

  @Test func `failures are counted by class, for people and for programs`() async throws {
    let report = try await campaign(
      try TemporaryStore(), seeds: 5,
      ending: { assignment, _ in
        switch assignment.label {
        case "seed=1", "seed=4": .signalled(4)
        case "seed=2": .exited(1)
        default: .exited(0)
        }
      })
    #expect(report.status == .finding)
    let text = report.text(commands)
    #expect(text.hasPrefix("tiny: 5 runs: 2 computed, 0 reused, 3 failed (2 crash, 1 error), in "))
    #expect(text.hasSuffix("Another attempt: mneme run tiny.yaml --retry-failed\n"))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(report.json(commands).utf8)) as? [String: Any])
    let failed = try #require(json["failed"] as? [[String: Any]])
    #expect(failed.compactMap { $0["failure"] as? String }.sorted() == ["crash", "crash", "error"])
    #expect(json["next"] as? [String] == ["mneme run tiny.yaml --retry-failed"])
    #expect(json["common_cause"] as? Bool == false)
    let counts = [json["computed"] as? [String], json["left"] as? [String]].map { $0?.count ?? 0 }
    #expect(counts.reduce(failed.count + (json["reused"] as? Int ?? -1), +) == json["total"] as? Int)
  }

  @Test func `what memory ended is to be tried again with more of it`() async throws {
    let report = try await campaign(
      try TemporaryStore(), seeds: 1, says: { _, _ in [.peak(1 << 50)] },
      ending: { _, _ in .signalled(SIGKILL) })
    let text = report.text(commands)
    #expect(text.contains("1 failed (1 oom)"), "\(text)")
    #expect(text.hasSuffix("Another attempt: mneme run tiny.yaml --retry-failed --retry-oom\n"), "\(text)")
  }

  @Test func `a full disk leaves with 3 and says how much is needed`() async throws {
    let bench = try TemporaryStore()
    let says: @Sendable (Assignment, Int) -> [Report] = { assignment, _ in
      guard assignment.label == "seed=2" else { return [] }
      return [
        .message(.foundNoSpace(bytes: 9)),
        .message(.ended(.failed, failure: .io, message: "the disk is full")),
      ]
    }
    let report = try await campaign(
      bench, seeds: 3, says: says, ending: { $0.label == "seed=2" && $1 == 0 ? .exited(1) : .exited(0) })
    #expect(report.status == .stopped && report.failures.isEmpty)
    let text = report.text(commands)
    #expect(text.contains("  2 left: the disk is full\n"))
    #expect(text.contains(" were free for the 2 runs left; 2 runs of them need about "))
  }

  @Test func `a common cause is told, with what goes on all the same`() async throws {
    let report = try await campaign(try TemporaryStore(), seeds: 5, ending: { _, _ in .signalled(4) })
    let text = report.text(commands)
    #expect(text.contains("3 failed (3 crash), 2 left, in"))
    #expect(text.contains("The first 3 runs failed in the same way: common cause?\n"))
    #expect(text.contains("The others all the same: mneme run tiny.yaml --keep-going\n"))
  }
}
