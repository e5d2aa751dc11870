import Archive
import Glibc
import Harness
import Records
import Tensors
import Testing

@Suite struct DivergenceTests {
  private struct End: Equatable {
    let step: Int
    let what: String
  }

  private struct Survived: Error {}

  private func end(
    of specification: Specification, from checkpoint: Checkpoint? = nil, _ watcher: inout Watcher
  ) throws -> End {
    guard
      case .diverged(let step, let what) = try train(
        specification, resumingFrom: checkpoint, observer: &watcher)
    else { throw Survived() }
    return End(step: step, what: what)
  }

  /// The state after two steps, with some of the parameters made others.
  private func checkpoint(
    of specification: Specification, changing change: (_ path: String, _ values: inout [Float]) -> Void
  ) throws -> Checkpoint {
    var watcher = Watcher((2, .stop))
    guard case .stopped(let found) = try train(specification, resumingFrom: nil, observer: &watcher) else {
      throw Survived()
    }
    let parameters = found.parameters.map { array in
      var values = array.values
      change(array.name, &values)
      return NamedArray(name: array.name, shape: array.shape, values: values)
    }
    return Checkpoint(
      run: found.run, step: found.step, parameters: parameters, firstMoments: found.firstMoments,
      secondMoments: found.secondMoments, scalars: found.scalars, series: found.series)
  }

  /// Steps so large that the loss is finite after the first, and soon is not.
  private func steep(_ model: TinyModel) throws -> Specification {
    try TinyRun.specification(
      [
        "training.rate": .real(1e18), "training.warm_up": .real(0), "training.epochs": .integer(8),
        "training.clip": .real(1e30),
      ], of: model)
  }

  @Test(arguments: TinyModel.all)
  func `a run that diverges names the step, what was seen and what went wrong first, each time the same`(
    model: TinyModel
  ) throws {
    let specification = try steep(model)
    var (watcher, other) = (Watcher(), Watcher())
    let first = try end(of: specification, &watcher)
    #expect(first.step > 1)
    #expect(
      first.what.hasPrefix("the loss is ") || first.what.hasPrefix("the norm of all gradients is ")
        || first.what.hasPrefix("the memory holds "), "\(first.what)")
    #expect(
      first.what.wholeMatch(
        of:
          /the .+; first not finite: [a-z ]+, (after )?[a-z_.0-9]+, (for|back)ward, \[[0-9, ]*\], element [0-9]+ = (NaN|-?inf) \(segment [0-3]\)/
      ) != nil || first.what.contains("do not fit single precision"), "\(first.what)")
    // Beside each other two threads go on where one sequence's memory would have stopped all.
    let again = try Processor.$current.withValue(Processor(.best, threads: 2)) {
      try end(of: specification, &other)
    }
    #expect(again == first)
  }

  @Test(arguments: TinyModel.all)
  func `the state before the bad step is saved, and going on from it ends the same way`(model: TinyModel)
    throws
  {
    let specification = try steep(model)
    var (watcher, other, stopper) = (Watcher(), Watcher(), Watcher())
    let first = try end(of: specification, &watcher)
    let saved = try #require(watcher.saved.last)
    #expect(saved.step == UInt64(first.step - 1))
    #expect(saved.parameters.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    stopper.request = (watcher.told.count, .stop)
    guard case .stopped(let stopped) = try train(specification, resumingFrom: nil, observer: &stopper) else {
      throw Survived()
    }
    let isSame = stopped == saved
    #expect(isSame, "the bad step left something in the state")
    let again = try end(of: specification, from: saved, &other)
    #expect(again == first)
    let savedAgain = other.saved == [saved]
    #expect(savedAgain)
  }

  @Test func `a parameter that is no number is told by its path, and such a state is not saved`() throws {
    let specification = try TinyRun.specification()
    let bad = try checkpoint(of: specification) { path, values in
      if path == "layers.1.attention.input.weight" { values[5] = .nan }
    }
    var watcher = Watcher()
    let found = try end(of: specification, from: bad, &watcher)
    #expect(found.step == 3)
    #expect(
      found.what
        == "the loss is NaN; first not finite: the parameter layers.1.attention.input.weight, [8, 24], element 5 = NaN"
    )
    #expect(watcher.saved.isEmpty)
  }

  @Test func `an operation that overflows is told with its parameter`() throws {
    let specification = try TinyRun.specification(["model.dropout": .real(0)], of: .transformer)
    let bad = try checkpoint(of: specification) { path, values in
      if path == "layers.0.feed_forward.output.weight" { values = values.map { _ in 3e38 } }
      if path == "layers.0.feed_forward.input.bias" { values = values.map { _ in 30 } }
    }
    var watcher = Watcher()
    let found = try end(of: specification, from: bad, &watcher)
    #expect(
      found.what
        == "the loss is NaN; first not finite: fed forward, layers.0.feed_forward.input.weight, forward, [2, 7, 8], "
        + "element 0 = inf (segment 3)")
    #expect(watcher.saved.map(\.step) == [2])
  }

  /// Engrams of 10³⁰ have no distances that single precision can hold; attention to them that is worth nothing leaves
  /// loss and gradients as they are.
  @Test func `engrams that overflow end a run whose loss is finite`() throws {
    let specification = try TinyRun.specification()
    let bad = try checkpoint(of: specification) { path, values in
      if path == "abstractor.output.bias" { values = values.indices.map { $0 % 2 == 0 ? 1e30 : -1e30 } }
      if path == "abstractor.output.weight" { values = values.map { $0 * 1e31 } }
      if path.contains("memory_attention") && path.hasSuffix("weight") { values = values.map { _ in 0 } }
    }
    var watcher = Watcher()
    let found = try end(of: specification, from: bad, &watcher)
    #expect(found.step == 3)
    #expect(
      found.what.hasPrefix(
        "the memory holds the score of an engram that is not finite in engrams; first not finite: "
          + "logarithmic nearness, "), "\(found.what)")
    #expect(watcher.saved.map(\.step) == [2])
  }

  @Test func `an evaluation is watched as a step is`() throws {
    let specification = try TinyRun.specification(["task.validation_examples": .integer(5)])
    var watcher = Watcher((3, .stop))
    guard case .stopped(let good) = try train(specification, resumingFrom: nil, observer: &watcher) else {
      throw Survived()
    }
    #expect(good.step == 3)
    let parameters = good.parameters.map { array in
      NamedArray(
        name: array.name, shape: array.shape,
        values: array.values.map { array.name == "final_norm.gain" ? 3e38 : $0 })
    }
    var other = Watcher()
    let found = try end(
      of: specification,
      from: Checkpoint(
        run: good.run, step: good.step, parameters: parameters, firstMoments: good.firstMoments,
        secondMoments: good.secondMoments, scalars: good.scalars, series: good.series), &other)
    #expect(found.step == 3)
    #expect(
      found.what.contains(" of the validation is ") || found.what.contains(" of a document of the validation")
    )
    #expect(found.what.contains("; first not finite: "), "\(found.what)")
    #expect(other.saved.map(\.step) == [3])
  }

  @Test func `a run under another rounding is refused`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let specification = try TinyRun.specification()
      var (healthy, watcher) = (Watcher((1, .stop)), Watcher())
      _ = try train(specification, resumingFrom: nil, observer: &healthy)
      fesetround(FE_UPWARD)
      _ = try train(specification, resumingFrom: nil, observer: &watcher)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a thread's floating-point environment was changed"), "\(text)")
  }
}
