import Archive
import Harness
import Models
import Records
import Testing

@Suite struct ResumeTests {
  /// All that a watcher of the tiny run is told: six steps, two batches of each of two validations, two of the test.
  private static let occasions = 12

  @Test func `every model of the catalogue is run`() throws {
    for model in modelCatalogue { #expect(TinyModel.all.contains { $0.kind == model.name }, "\(model.name)") }
    let runs = try TinyModel.all.map { try TinyRun.specification(of: $0).run }
    #expect(Set(runs).count == runs.count)
  }

  @Test(arguments: TinyModel.all, 1...occasions)
  func `stopping anywhere and going on is never having stopped`(model: TinyModel, occasion: Int) throws {
    let specification = try TinyRun.specification(of: model)
    let whole = try TinyRun.run(specification)
    var watcher = Watcher((occasion, .stop))
    guard case .stopped(let checkpoint) = try train(specification, resumingFrom: nil, observer: &watcher)
    else {
      Issue.record("it did not stop")
      return
    }
    #expect(watcher.told.count == occasion)
    #expect(checkpoint.run == specification.run)
    let difference = try TinyRun.run(specification, from: checkpoint).difference(from: whole)
    #expect(difference == nil, "stopped at step \(checkpoint.step)")
  }

  @Test func `a watcher is told of everything`() throws {
    var watcher = Watcher()
    _ = try train(try TinyRun.specification(), resumingFrom: nil, observer: &watcher)
    #expect(watcher.told.count == ResumeTests.occasions)
    #expect(watcher.told.map(\.step) == [1, 2, 3, 3, 3, 4, 5, 6, 6, 6, 6, 6])
    #expect(
      watcher.told.allSatisfy { $0.steps == 6 && $0.examplesPerStep == 4 && $0.segmentsPerExample == 4 })
    #expect(watcher.told.last?.phase == .evaluating(split: "test"))
    #expect(watcher.told[3].phase == .evaluating(split: "validation"))
    #expect(watcher.told.allSatisfy { $0.loss != nil })
  }

  @Test func `stopping again and again changes nothing`() throws {
    let specification = try TinyRun.specification()
    let whole = try TinyRun.run(specification)
    var checkpoint: Checkpoint?
    for _ in 0..<40 {
      // Far enough for a validation to be done, or one step.
      var watcher = Watcher((3, .stop))
      switch try train(specification, resumingFrom: checkpoint, observer: &watcher) {
      case .stopped(let next): checkpoint = next
      case .finished(let result, let weights):
        let difference = try TinyRun.Ending(.finished(result, weights: weights)).difference(
          from: whole)
        #expect(difference == nil)
        return
      case .diverged(_, let what): Issue.record("it diverged: \(what)")
      }
    }
    Issue.record("it did not come to an end")
  }

  @Test(arguments: 1...6)
  func `a checkpoint on the way is one to go on from`(step: Int) throws {
    let specification = try TinyRun.specification()
    let occasion = [1, 2, 3, 6, 7, 8][step - 1]
    var watcher = Watcher((occasion, .checkpoint))
    let whole = try TinyRun.Ending(try train(specification, resumingFrom: nil, observer: &watcher))
    #expect(watcher.saved.map(\.step) == [UInt64(step)])
    let plain = try TinyRun.run(specification).difference(from: whole)
    #expect(plain == nil, "saving changed the run")
    let difference = try TinyRun.run(specification, from: watcher.saved.first).difference(from: whole)
    #expect(difference == nil)
  }

  @Test func `a saved checkpoint does not change when the run goes on`() throws {
    let specification = try TinyRun.specification()
    var (one, other) = (Watcher((2, .checkpoint)), Watcher((2, .stop)))
    _ = try train(specification, resumingFrom: nil, observer: &one)
    guard case .stopped(let stopped) = try train(specification, resumingFrom: nil, observer: &other) else {
      Issue.record("it did not stop")
      return
    }
    #expect(one.saved == [stopped])
  }

  @Test func `a checkpoint of another run is refused`() throws {
    var watcher = Watcher((2, .stop))
    guard
      case .stopped(let checkpoint) = try train(
        try TinyRun.specification(), resumingFrom: nil, observer: &watcher)
    else {
      Issue.record("it did not stop")
      return
    }
    let other = try TinyRun.specification(["seed": .integer(8)])
    #expect(throws: TrainingError.self) { try TinyRun.run(other, from: checkpoint) }
  }

  @Test func `a checkpoint that lacks something is refused`() throws {
    let specification = try TinyRun.specification()
    var watcher = Watcher((2, .stop))
    guard case .stopped(let good) = try train(specification, resumingFrom: nil, observer: &watcher) else {
      Issue.record("it did not stop")
      return
    }
    func checkpoint(
      parameters: [NamedArray]? = nil, first: [NamedArray]? = nil, second: [NamedArray]? = nil,
      scalars: [Checkpoint.Scalar]? = nil
    ) -> Checkpoint {
      Checkpoint(
        run: good.run, step: good.step, parameters: parameters ?? good.parameters,
        firstMoments: first ?? good.firstMoments, secondMoments: second ?? good.secondMoments,
        scalars: scalars ?? good.scalars, series: good.series)
    }
    let short = NamedArray(name: good.parameters[0].name, shape: [1], values: [0])
    for bad in [
      checkpoint(parameters: Array(good.parameters.dropFirst())),
      checkpoint(parameters: [short] + good.parameters.dropFirst()),
      checkpoint(first: Array(good.firstMoments.dropLast())), checkpoint(second: [short]),
      checkpoint(scalars: Array(good.scalars.dropFirst())),
    ] {
      #expect(throws: TrainingError.self) { try TinyRun.run(specification, from: bad) }
    }
  }
}
