import Archive
import Expectations
import Harness
import Records
import Testing

@Suite struct TrainingTests {
  @Test(arguments: TinyModel.all)
  func `loss falls`(model: TinyModel) throws {
    let specification = try TinyRun.specification(
      [
        "task.examples": .integer(96), "training.batch": .integer(8), "training.epochs": .integer(4),
        "model.dropout": .real(0),
      ], of: model)
    let loss = try TinyRun.run(specification).series("train", "loss")
    #expect(loss.count == 48)
    let (first, last) = (loss.prefix(8).reduce(0, +) / 8, loss.suffix(8).reduce(0, +) / 8)
    // From guessing among four symbols to knowing that each of three is named once.
    #expect(first > 1.2 && last < first - 0.2, "\(first) to \(last)")
  }

  @Test func `the history has every step and every epoch`() throws {
    let ending = try TinyRun.run(try TinyRun.specification())
    #expect(ending.steps("train") == [1, 2, 3, 4, 5, 6])
    #expect(ending.steps("validation") == [3, 6])
    #expect(ending.steps("test") == [6])
    // Six steps, of which ⌊0.2 · 6⌋ = 1 warms up from zero.
    let rates: [Double] = [0, 0.01, 0.01 * 4 / 5, 0.01 * 3 / 5, 0.01 * 2 / 5, 0.01 * 1 / 5]
    for (found, expected) in zip(ending.series("train", "rate"), rates) {
      #expect(abs(found - expected) < 1e-15)
    }
    for series in ending.result.series {
      for column in series.columns {
        #expect(column.values.allSatisfy { $0.isFinite }, "\(series.name).\(column.name)")
      }
    }
    let items = ending.result.items[0]
    #expect(items.ids == [15, 16, 17, 18, 19, 20] && items.labels == [3, 3, 3, 3, 3, 3])
    let right = Double(items.correct.reduce(0, +)) / 18
    #expect(ending.result.metrics.first { $0.name == "test.accuracy" }?.value == right)
    #expect(ending.series("test", "accuracy") == [right])
    #expect(ending.result.memoryLog?.count ?? 0 > 0)
    #expect(ending.result.weights == weightsDigest(ending.weights))
  }

  @Test func `each epoch has an order of its own, with every example once`() throws {
    // Nothing moves and nothing is dropped, so an example's loss is the same whenever it is seen.
    let specification = try TinyRun.specification([
      "training.rate": .real(0), "model.dropout": .real(0), "training.epochs": .integer(5),
      "model.memory": .text("none"),
    ])
    let loss = try TinyRun.run(specification).series("train", "loss")
    #expect(loss.count == 15)
    // Batches of four, four and two: the incomplete one is kept and counts for two.
    let epochs = (0..<5).map { Array(loss[3 * $0..<3 * $0 + 3]) }
    let sums: [Double] = epochs.map { 4 * $0[0] + 4 * $0[1] + 2 * $0[2] }
    for sum in sums { #expect(abs(sum - sums[0]) < 1e-5) }
    #expect(Set(epochs).count == 5)
  }

  @Test(arguments: TinyModel.all)
  func `evaluation does not change training`(model: TinyModel) throws {
    let few = try TinyRun.run(try TinyRun.specification(of: model))
    let many = try TinyRun.run(
      try TinyRun.specification(["task.validation_examples": .integer(11)], of: model))
    #expect(few.weights == many.weights)
    #expect(few.series("train", "loss") == many.series("train", "loss"))
    #expect(few.series("validation", "loss") != many.series("validation", "loss"))
  }

  @Test(arguments: TinyModel.all)
  func `threads and instruction sets do not show in the result`(model: TinyModel) throws {
    // Large enough for work to be shared out.
    let specification = try TinyRun.specification(
      [
        "model.width": .integer(32), "model.inner_width": .integer(64), "training.batch": .integer(8),
        "task.examples": .integer(20),
      ], of: model)
    let endings = try onEveryProcessor { try TinyRun.run(specification) }
    for (name, ending) in endings.dropFirst() {
      let difference = ending.difference(from: endings[0].outcome)
      #expect(difference == nil, "\(name)")
    }
  }

  @Test func `another seed is another run on the same data`() throws {
    let one = try TinyRun.run(try TinyRun.specification())
    let other = try TinyRun.run(try TinyRun.specification(["seed": .integer(8)]))
    #expect(one.weights != other.weights && one.result.run != other.result.run)
    #expect(one.result.items[0].labels == other.result.items[0].labels)
  }

  @Test(arguments: [1e36, 1e20, 1e4])
  func `a run that diverges says so, and has no result`(rate: Double) throws {
    for epochs in [1, 3] {
      let specification = try TinyRun.specification([
        "training.rate": .real(rate), "training.warm_up": .real(0), "training.epochs": .integer(epochs),
        "training.clip": .real(1e30),
      ])
      var watcher = Watcher()
      switch try train(specification, resumingFrom: nil, observer: &watcher) {
      case .diverged(let step, let what):
        #expect(step >= 1 && step <= 3 * epochs)
        #expect(what.hasPrefix("the "), "\(what)")
      case .finished(let result, let weights):
        // Large steps may be survived; then every number is one.
        #expect(rate < 1e10)
        #expect(result.metrics.allSatisfy { $0.value.isFinite })
        #expect(weights.allSatisfy { $0.values.allSatisfy { $0.isFinite } })
      case .stopped: Issue.record("nobody asked it to stop")
      }
    }
  }

  @Test func `what became infinite is named`() throws {
    // One step, straight to infinity: the loss before it is finite, the test after it is not.
    let specification = try TinyRun.specification([
      "training.rate": .real(1e39), "training.warm_up": .real(0), "training.epochs": .integer(1),
      "training.batch": .integer(10),
    ])
    var watcher = Watcher()
    guard case .diverged(let step, let what) = try train(specification, resumingFrom: nil, observer: &watcher)
    else {
      Issue.record("it did not diverge")
      return
    }
    #expect(step == 1)
    #expect(what == "the parameter embedding.token, [4, 8], element 0 = inf after the update")
    #expect(watcher.saved.isEmpty)
  }
}
