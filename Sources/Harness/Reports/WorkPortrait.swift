import Models
import Records
import Tasks

/// What a run's work is made of: steps, segments and data, each number with where it comes from.
struct WorkPortrait: Sendable {
  let run: Specification
  let work: Workload

  var sections: [FactSection] {
    let task = run.task
    return [steps, data(task)]
  }

  /// How many examples a split of a run's task has.
  static func examples(of run: Specification, _ split: Split) -> Int {
    func count<T: LearningTask>(_: T.Type) -> Int { T(run.configuration(of: T.self)).count(of: split) }
    let task = run.task
    return count(task)
  }

  private var steps: FactSection {
    let training = run.training
    let (epochs, B, T) = (training.epochs, work.batch, work.steps)
    let examples = WorkPortrait.examples(of: run, .train)
    let perEpoch = training.stepsPerEpoch(examples: examples)
    let validation = WorkPortrait.examples(of: run, .validation)
    let batches = (validation + B - 1) / B
    let test = work.evaluationBatches - epochs * batches
    return FactSection(
      title: "steps",
      facts: [
        Fact(
          "steps", T,
          " = ⌈\(examples.grouped) examples / \(B.grouped) a batch⌉ × \(counted(epochs, "epoch"))"
            + " = \(perEpoch.grouped) × \(epochs)"),
        Fact(
          "warm_up", work.warmUpSteps,
          " = ⌊\(training.warmUp) × \(T.grouped)⌋: the rate rises to \(training.rate), "
            + "then falls to 0 at step \(T.grouped)"),
        Fact(
          "segments",
          "\(counted(work.segments, "segment")) an example: \(work.skippedSegments.grouped) beyond reach and not "
            + "computed, \(work.earlySegments.grouped) forward only, "
            + "\(work.labelledSegments.grouped) with labels and gradients",
          .object([
            "all": .integer(work.segments), "skipped": .integer(work.skippedSegments),
            "forward": .integer(work.earlySegments), "with_gradients": .integer(work.labelledSegments),
          ])),
        Fact(
          "computed_segments", T * (work.earlySegments + work.labelledSegments),
          " batches of a segment in training = \(T.grouped) × (\(work.earlySegments.grouped) + "
            + "\(work.labelledSegments.grouped))"),
        Fact(
          "evaluation_batches", work.evaluationBatches,
          " = \(counted(epochs, "epoch")) × ⌈\(validation.grouped) validation examples / \(B.grouped)⌉ + "
            + "⌈\(WorkPortrait.examples(of: run, .test).grouped) test examples / \(B.grouped)⌉ = \(epochs) × \(batches) + \(test)"
        ),
      ])
  }

  private func data<T: LearningTask>(_ type: T.Type) -> FactSection {
    let configuration = run.configuration(of: T.self)
    let task = T(configuration)
    let (P, L) = (work.positions, work.segmentLength)
    let last = task.segmentation.lastLength
    var facts = [
      Fact("task", "\(T.name): \(T.words(configuration))", .text(T.name)),
      Fact("vocabulary", task.vocabulary, " different tokens"),
      Fact(
        "tokens", P,
        " an example = \((work.segments - 1).grouped) × \(L.grouped) + \(last.grouped): "
          + "\(counted(work.segments, "segment")), the last of \(counted(last, "token"))"),
    ]
    if task.count(of: .test) > 0 {
      // All examples of a task have as many labels.
      let labels = task.example(0, of: .test).labelCount
      facts.append(Fact("labels", labels, " an example: what is predicted and scored"))
    }
    facts.append(
      Fact(
        "examples",
        "\(task.count(of: .train).grouped) to learn from, \(task.count(of: .validation).grouped) to watch, "
          + "\(task.count(of: .test).grouped) to test",
        .object(
          Dictionary(uniqueKeysWithValues: Split.allCases.map { ($0.rawValue, .integer(task.count(of: $0))) })
        )))
    facts.append(seeds)
    return FactSection(title: "data", facts: facts)
  }

  /// What looks random is looked up by these; a task without a seed of its own takes the run's.
  private var seeds: Fact {
    var (words, values) = ("", ["run": FactValue.value(.integer(Int(run.seed)))])
    if let data = run.settings["task.data_seed"] {
      words = "task.data_seed \(data) makes the data; "
      values["data"] = .value(data)
    }
    words +=
      "seed \(run.seed) all else: initial weights, order of examples, and all that a model does by chance"
    return Fact("seeds", words, .object(values))
  }
}
