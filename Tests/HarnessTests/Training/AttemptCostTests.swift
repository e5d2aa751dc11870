import Archive
import Harness
import Records
import Testing

@Suite struct AttemptCostTests {
  private func cost(_ changes: [String: Value] = [:]) throws -> AttemptCost {
    var watcher = Watcher()
    _ = try train(try TinyRun.specification(changes), resumingFrom: nil, observer: &watcher)
    return try #require(watcher.cost)
  }

  @Test func `a whole run tells all steps and both times`() throws {
    let cost = try cost()
    #expect(cost.steps == 6)
    #expect(cost.trainingSeconds > 0 && cost.evaluationSeconds > 0)
    #expect(cost.secondsPerStep == cost.trainingSeconds / 6)
  }

  /// Twelve occasions, as `ResumeTests` counts them: the last ones are inside evaluations.
  @Test(arguments: 1...12)
  func `the attempts of a run that was stopped have its steps between them`(occasion: Int) throws {
    let specification = try TinyRun.specification()
    var watcher = Watcher((occasion, .stop))
    guard case .stopped(let checkpoint) = try train(specification, resumingFrom: nil, observer: &watcher)
    else {
      Issue.record("it did not stop")
      return
    }
    let first = try #require(watcher.cost)
    #expect(first.steps == Int(checkpoint.step))
    // An evaluation that was broken off took its time all the same.
    let wasEvaluating = watcher.told.contains { $0.phase != .training }
    #expect((first.evaluationSeconds > 0) == wasEvaluating)
    var other = Watcher()
    _ = try train(specification, resumingFrom: checkpoint, observer: &other)
    let second = try #require(other.cost)
    #expect(first.steps + second.steps == 6)
    #expect((second.secondsPerStep == nil) == (second.steps == 0))
  }

  @Test func `a disk that takes no checkpoint still leaves the cost`() throws {
    struct FullDisk: TrainingObserver, Error {
      var cost: AttemptCost?
      func progressed(_ progress: TrainingProgress) -> TrainingRequest { .checkpoint }
      func save(_ checkpoint: Checkpoint) throws { throw self }
      mutating func ended(_ cost: AttemptCost) { self.cost = cost }
    }
    var disk = FullDisk()
    #expect(throws: FullDisk.self) {
      try train(try TinyRun.specification(), resumingFrom: nil, observer: &disk)
    }
    #expect(disk.cost?.steps == 1)
  }

  @Test
  func `a model that carries nothing has no state, and what engrams carry counts from its own vectors on`()
    throws
  {
    #expect(try cost(["model.memory": .text("none")]).stateBytes == 0)
    // A batch of four: the last segment's 8 · 8 hidden states, and 2 · 8 of working memory.
    let working = try cost(["model.memory": .text("working")])
    #expect(working.stateBytes == 4 * (8 * 8 + 2 * 8) * 4)
    #expect(working.associationBytes == 0)
    let whole = try cost()
    #expect(whole.associationBytes > 0)
    #expect(whole.stateBytes > working.stateBytes + whole.associationBytes)
  }
}
