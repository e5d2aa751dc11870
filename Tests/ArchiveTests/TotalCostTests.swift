import Archive
import Foundation
import Records
import Testing

/// What several attempts took together.
@Suite struct TotalCosts {
  let folder: TemporaryFolder
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    (_, run) = try Sample.store(in: folder)
  }

  private static let first = AttemptCost(
    trainingSeconds: 8, evaluationSeconds: 1, steps: 2, stateBytes: 300, associationBytes: 40)
  private static let second = AttemptCost(
    trainingSeconds: 2, evaluationSeconds: 3, steps: 3, stateBytes: 200, associationBytes: 50)

  private func finish(_ cost: AttemptCost?) throws -> Record {
    let claim = try #require(try claimed(run))
    try claim.publish(Sample.result(), weights: nil)
    try claim.end(.done, cost: cost)
    return try run.record()
  }

  @Test func `times and steps are added, sizes are the largest, a step is what a step took on average`()
    throws
  {
    try #require(try claimed(run)).end(.stopped, cost: Self.first)
    let record = try finish(Self.second)
    func cost(_ cost: Cost) -> Double? { record.cost[cost.key] }
    #expect(cost(.trainingSeconds) == 10 && cost(.evaluationSeconds) == 4 && cost(.steps) == 5)
    #expect(cost(.secondsPerStep) == 2)
    #expect(cost(.stateBytes) == 300 && cost(.associationBytes) == 50)
    #expect(cost(.attempts) == 2)
    #expect(record.lowerBounds.isEmpty)
    #expect(Set(record.cost.keys) == Set(Cost.allCases.map(\.key)))
  }

  @Test func `an attempt that left no end makes the sums lower bounds`() throws {
    // Letting go of a claim without an end is what a kill leaves.
    do { _ = try #require(try claimed(run)) }
    let record = try finish(Self.second)
    #expect(record.cost[Cost.trainingSeconds.key] == 2 && record.cost[Cost.attempts.key] == 2)
    let sums: [Cost] = [.seconds, .cpuSeconds, .trainingSeconds, .evaluationSeconds, .steps]
    let largest: [Cost] = [.peakBytes, .stateBytes, .associationBytes]
    #expect(record.lowerBounds == Set((sums + largest).map(\.key)))
  }

  @Test func `what no attempt kept is absent, and not zero`() throws {
    let record = try finish(nil)
    #expect(record.cost[Cost.trainingSeconds.key] == nil && record.cost[Cost.secondsPerStep.key] == nil)
    #expect(record.cost[Cost.seconds.key] != nil)
    #expect(record.lowerBounds.isEmpty)
  }

  @Test func `without a step there is no time of one`() throws {
    let none = AttemptCost(
      trainingSeconds: 0, evaluationSeconds: 1, steps: 0, stateBytes: 0, associationBytes: 0)
    let record = try finish(none)
    #expect(record.cost[Cost.secondsPerStep.key] == nil && record.cost[Cost.steps.key] == 0)
  }

  @Test func `the end of an attempt says it in words that need no program`() throws {
    try #require(try claimed(run)).end(.stopped, cost: Self.first)
    let file = try Data(contentsOf: URL(fileURLWithPath: run.attemptPath(1) + "/end.json"))
    let end = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
    let cost = try #require(end["cost"] as? [String: Double])
    #expect(
      cost == [
        "training_seconds": 8, "evaluation_seconds": 1, "steps": 2, "seconds_per_step": 4, "state_bytes": 300,
        "association_bytes": 40,
      ])
    #expect(end["peak_bytes"] is Int)
  }
}
