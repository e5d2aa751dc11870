package import Models
package import Networks
package import Tasks
package import Tensors

/// What one optimizer step measured.
package struct StepMetrics {
  package let loss: Double
  /// Before clipping.
  let gradientNorm: Double
  let rate: Double
  /// What else was not finite: something that was carried, or a parameter after the update. Nil as it should be.
  var nonFinite: String?

  var isFinite: Bool { loss.isFinite && gradientNorm.isFinite && nonFinite == nil }
}

/// A model in training on a task: its parameters, its optimizer, and how far it is.
///
/// One step is one batch of sequences, group by group: memory starts empty; segments are read in order; only those that
/// hold labels are computed with gradients, each with a backward pass of its own; dropout is on in all; the gradients of
/// groups are added; then one clipped Adam step.
package struct Trainee<M: SequenceModel, T: LearningTask> {
  let task: T
  let model: M
  /// Segments back that matter to an output; nil for no bound.
  private let reach: Int?
  /// Whether the sequences of a batch look at each other, so that it must be read as one group.
  private let mixesSequences: Bool
  /// What of a step is not computed, because nothing that is kept depends on it.
  package var omission = Omission.everythingNeedless
  package let parameters: Parameters
  let training: TrainingConfiguration
  let schedule: Schedule
  var optimizer: Adam
  /// Optimizer steps done.
  private(set) var step = 0
  /// What the batches of those that this trainee did carried.
  private(set) var memory = MemorySize()
  /// Is given every segment that is to be computed, and computes it or leaves it out; nil outside of measurements.
  var watch: ((_ segment: Segment, _ compute: () -> Void) -> Void)?

  private let batchesPerEpoch: Int
  let steps: Int
  private var order: (epoch: Int, examples: [Int])?

  /// - stored: Parameters by path to go on from, in place of initial values.
  package init(
    _ configuration: M.Configuration, on task: T, _ training: TrainingConfiguration, seed: UInt64,
    stored: [String: [Float]]? = nil
  ) {
    self.task = task
    self.training = training
    parameters = Parameters(seed: seed, stored: stored)
    reach = M.reach(of: configuration).segments(ofLength: task.segmentLength)
    mixesSequences = M.mixesSequences(under: configuration)
    model = M(configuration, vocabulary: task.vocabulary, in: parameters.root)
    optimizer = Adam(
      beta1: training.beta1, beta2: training.beta2, epsilon: training.epsilon, for: parameters)
    batchesPerEpoch = (task.count(of: .train) + training.batch - 1) / training.batch
    steps = batchesPerEpoch * training.epochs
    schedule = linearSchedule(peak: training.rate, warmUp: training.warmUp, steps: steps)
  }

  /// Goes on where another trainee stopped after `step` steps.
  mutating func resume(at step: Int) { self.step = step }

  /// Whether the step just done was the last of an epoch.
  var endsEpoch: Bool { step > 0 && step % batchesPerEpoch == 0 }

  /// One optimizer step. Nothing has moved where a number is not finite; a second call then does the same again. Only
  /// an update that makes parameters infinite is seen after it is made.
  package mutating func trainStep() -> (metrics: StepMetrics, gradients: [Tensor?]) {
    let learned = learn(from: nextExamples())
    memory.grow(to: learned.memory)
    return (update(learned), learned.gradients)
  }

  /// Loss and gradients of a batch: the sums of its groups'.
  package func learn(from examples: [Int]) -> Learned {
    var learned = Learned(parameters: parameters.all.count)
    for group in groups(of: examples.count) {
      learned += learn(from: Array(examples[group]), inBatchOf: examples.count)
    }
    return learned
  }

  /// The groups of a batch's sequences that are read one after another.
  package func groups(of count: Int) -> [Range<Int>] {
    readingGroups(of: count, segmentLength: task.segmentLength, isWhole: mixesSequences)
  }

  /// What one group of a batch adds to its loss and gradients.
  ///
  /// Every example of the batch weighs the same, and within it every label of the whole sequence; what a model adds to
  /// the loss is a mean over sequences.
  package func learn(from examples: [Int], inBatchOf batch: Int) -> Learned {
    let segments = task.batch(examples, of: .train)
    let labelCounts = examples.indices.map { segments.labelCount(of: $0) }
    var learned = Learned(parameters: parameters.all.count)
    learned.memory = read(segments, examples: examples, isTraining: true, keepsLog: false) { output in
      var taskLoss: Float = 0
      let (_, gradients) = parameters.gradients {
        let output = output()
        let weights = output.sequences.map { 1 / Float(labelCounts[$0] * batch) }
        let loss = model.logits(of: output.hidden_RD).crossEntropy(labels: output.labels, weights: weights)
        taskLoss = loss.scalar
        let share = Float(Double(examples.count) / Double(batch))
        return output.auxiliaryLoss.map { loss + $0 * share } ?? loss
      }
      learned.add(Double(taskLoss), gradients)
    }
    return learned
  }

  /// Clips and takes one Adam step, unless something is not a finite number.
  mutating func update(_ learned: Learned) -> StepMetrics {
    let (loss, norm) = (learned.loss, gradientNorm(learned.gradients))
    var metrics = StepMetrics(
      loss: loss, gradientNorm: norm, rate: schedule(step), nonFinite: learned.memory.nonFinite)
    guard metrics.isFinite else { return metrics }
    optimizer.step(
      parameters, learned.gradients, rate: metrics.rate,
      gradientScale: clippingScale(norm: norm, limit: training.clip))
    step += 1
    metrics.nonFinite = nonFiniteParameter.map { "\($0) after the update" }
    return metrics
  }

  /// Reads some sequences segment by segment, with a memory that starts empty, each segment for what it is needed for.
  ///
  /// - labelled: Is given what computes a segment with labels, and calls it.
  /// - Returns: The most that was carried from one segment to the next.
  func read(
    _ segments: [Segment], examples: [Int], isTraining: Bool, keepsLog: Bool,
    labelled: (_ output: () -> LabelledOutput) -> Void,
    finished: (M.Memory) -> Void = { _ in }
  ) -> MemorySize {
    func begin(inParts: Bool) -> CarriedMemory<M> {
      CarriedMemory(model, sequences: examples.count, keepsLog: keepsLog, inParts: inParts)
    }
    let mayBeInParts = !mixesSequences && !keepsLog
    var carried = begin(inParts: mayBeInParts)
    var size = MemorySize()
    var isCarried = false
    let purposes = ReadingPurpose.plan(
      segments, reach: reach, isLogged: keepsLog && model.report(of: carried.memory) != nil,
      omission: omission)
    func readUnlabelled(_ index: Int) {
      let segment = segments[index]
      carried.read { sequences, memory in
        let tokens = Array(
          segment.tokens[sequences.lowerBound * segment.columns..<sequences.upperBound * segment.columns])
        let moment = moment(
          segment, of: segments.count, Array(examples[sequences]), isTraining: isTraining)
        if purposes[index] == .memory {
          model.remember(tokens, memory: &memory, at: moment)
        } else {
          _ = model(tokens, memory: &memory, at: moment)
        }
      }
    }
    /// - begun: The segment that the memory began with.
    func makeWhole(from begun: Int, until end: Int) {
      guard !carried.join(for: model) else { return }
      carried = begin(inParts: false)
      for index in begun..<end where purposes[index] != .nothing { readUnlabelled(index) }
    }
    var begun = 0
    for (index, segment) in segments.enumerated() where purposes[index] != .nothing {
      if isCarried {
        size.grow(to: carried.size(of: model))
      } else {
        carried = begin(inParts: mayBeInParts)
        begun = index
      }
      isCarried = purposes[index].leavesMemory
      Scrutiny.note("segment \(segment.number)")
      watched(segment) {
        guard segment.holdsLabels else { return readUnlabelled(index) }
        makeWhole(from: begun, until: index)
        let moment = moment(segment, of: segments.count, examples, isTraining: isTraining)
        labelled { carried.change { output(of: segment, for: purposes[index], &$0, at: moment) } }
      }
    }
    makeWhole(from: begun, until: segments.count)
    // What is not finite and can still reach a label is carried to the end, so one look there sees all segments.
    size.watch(carried.memory, of: model)
    finished(carried.memory)
    return size
  }

  /// A labelled segment, of which more than the labels is computed where its purpose asks for it.
  private func output(
    of segment: Segment, for purpose: ReadingPurpose, _ memory: inout M.Memory, at moment: Moment
  ) -> LabelledOutput {
    guard case .labels(let positions) = purpose else {
      return LabelledOutput(
        model(segment.tokens, memory: &memory, at: moment), of: segment, among: 0..<segment.columns)
    }
    return LabelledOutput(
      model.finish(segment.tokens, positions: positions, memory: &memory, at: moment), of: segment,
      among: positions)
  }

  private func watched(_ segment: Segment, _ compute: () -> Void) {
    if let watch { watch(segment, compute) } else { compute() }
  }

  private func moment(_ segment: Segment, of segments: Int, _ examples: [Int], isTraining: Bool) -> Moment {
    Moment(
      seed: parameters.seed, step: step, segment: segment.number, segments: segments,
      segmentLength: task.segmentLength, examples: examples, isTraining: isTraining)
  }

  /// The examples of the next step: each epoch has an order of its own, looked up by its number.
  mutating func nextExamples() -> [Int] {
    let epoch = step / batchesPerEpoch
    if order?.epoch != epoch {
      let place = Place(
        seed: parameters.seed, purpose: .shuffle, site: siteHash("epoch"), step: UInt32(epoch))
      order = (epoch, shuffled(task.count(of: .train), at: place))
    }
    let start = step % batchesPerEpoch * training.batch
    let examples = order?.examples ?? []
    return Array(examples[start..<min(start + training.batch, examples.count)])
  }

  /// Numbers of a split's examples among all examples of the data, which address their randomness.
  func offset(of split: Split) -> Int {
    switch split {
    case .train: 0
    case .validation: task.count(of: .train)
    case .test: task.count(of: .train) + task.count(of: .validation)
    }
  }
}

extension [Segment] {
  /// Labels of one sequence of the batch, over all its segments.
  func labelCount(of sequence: Int) -> Int {
    reduce(0) { count, segment in
      let row = sequence * segment.columns..<(sequence + 1) * segment.columns
      return count + segment.labels[row].count { $0 != Example.noLabel }
    }
  }
}
