import Engrams
import Models
import Networks
import Tasks
import Tensors

/// What one optimizer step measured.
struct StepMetrics {
  let loss: Double
  /// Before clipping.
  let gradientNorm: Double
  let rate: Double
}

/// What an evaluation measured.
struct Evaluation {
  /// Mean cross-entropy of the labels, in nats.
  var loss = 0.0
  var tally = Tally()
  /// Labels right, by example.
  var right: [Int] = []
  var labels: [Int] = []
  /// What the memory did, batch by batch; empty for models without engrams or where no log was wanted.
  var logs: [EngramLog] = []
  var memory = MemorySize()
}

/// The most bytes that one batch carried from segment to segment, and those of its associations among them.
struct MemorySize {
  private(set) var stateBytes = 0
  private(set) var associationBytes = 0

  mutating func grow(to other: MemorySize) {
    stateBytes = max(stateBytes, other.stateBytes)
    associationBytes = max(associationBytes, other.associationBytes)
  }
}

extension MemorySize {
  /// Of a batch that was read to its end.
  fileprivate init<M: SequenceModel>(_ memory: M.Memory, of model: M) {
    stateBytes = model.carriedBytes(of: memory)
    associationBytes = model.report(of: memory)?.associationBytes ?? 0
  }
}

/// What a batch teaches.
struct Learned {
  let loss: Double
  let gradients: [Tensor?]
  let memory: MemorySize
}

/// A model in training on a task: its parameters, its optimizer, and how far it is.
///
/// One step is one batch of sequences: memory starts empty; segments are read in order;
/// only those that hold labels are computed with gradients, each with a backward pass of its own; dropout is on in all;
/// then one clipped Adam step.
struct Trainee<M: SequenceModel, T: LearningTask> {
  let task: T
  let model: M
  /// Segments back that matter to an output; nil for no bound.
  private let reach: Int?
  /// What of a step is not computed, because nothing that is kept depends on it.
  var omission = Omission.everythingNeedless
  let parameters: Parameters
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
  init(
    _ configuration: M.Configuration, on task: T, _ training: TrainingConfiguration, seed: UInt64,
    stored: [String: [Float]]? = nil
  ) {
    self.task = task
    self.training = training
    parameters = Parameters(seed: seed, stored: stored)
    reach = M.reach(of: configuration).segments(ofLength: task.segmentLength)
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

  /// One optimizer step. The parameters have not moved if the loss or the norm is not a number: ask `nonFinite`.
  mutating func trainStep() -> (metrics: StepMetrics, gradients: [Tensor?]) {
    let learned = learn(from: nextExamples())
    memory.grow(to: learned.memory)
    return (update(learned), learned.gradients)
  }

  /// Loss and gradients of a batch.
  func learn(from examples: [Int]) -> Learned {
    let segments = task.batch(examples, of: .train)
    let labelCounts = examples.indices.map { segments.labelCount(of: $0) }
    var total = [Tensor?](repeating: nil, count: parameters.all.count)
    var loss = 0.0
    let size = read(segments, examples: examples, isTraining: true, keepsLog: false) {
      segment, memory, moment in
      guard segment.holdsLabels else { return false }
      let (value, gradients) = gradients(of: segment, labelCounts: labelCounts, &memory, at: moment)
      loss += Double(value)
      for (index, gradient) in gradients.enumerated() {
        guard let gradient else { continue }
        total[index] = total[index].map { $0 + gradient } ?? gradient
      }
      return true
    }
    return Learned(loss: loss, gradients: total, memory: size)
  }

  /// Loss of one labelled segment, and the gradients of it and of what the model adds to it: every example weighs the
  /// same, and within it every label of the whole sequence, of which there are `labelCounts`.
  private func gradients(
    of segment: Segment, labelCounts: [Int], _ memory: inout M.Memory, at moment: Moment
  ) -> (loss: Float, gradients: [Tensor?]) {
    let labelled = segment.labelledRows
    let weights = labelled.sequences.map { 1 / Float(labelCounts[$0] * segment.rows) }
    var taskLoss: Float = 0
    let (_, gradients) = parameters.gradients {
      let output = model(segment.tokens, memory: &memory, at: moment)
      let loss = model.logits(of: output.hidden_BLD.rows(labelled.rows)).crossEntropy(
        labels: labelled.labels, weights: weights)
      taskLoss = loss.scalar
      return output.auxiliaryLoss.map { loss + $0 } ?? loss
    }
    return (taskLoss, gradients)
  }

  /// Clips and takes one Adam step, unless something is not a finite number.
  mutating func update(_ learned: Learned) -> StepMetrics {
    let (loss, norm) = (learned.loss, gradientNorm(learned.gradients))
    let metrics = StepMetrics(loss: loss, gradientNorm: norm, rate: schedule(step))
    guard loss.isFinite && norm.isFinite else { return metrics }
    optimizer.step(
      parameters, learned.gradients, rate: metrics.rate,
      gradientScale: clippingScale(norm: norm, limit: training.clip))
    step += 1
    return metrics
  }

  /// Loss and accuracy over a whole split, with dropout off, in the order of the data. Training is not disturbed.
  func evaluate(
    _ split: Split, keepsLog: Bool, progressed: (_ done: Int, _ of: Int) -> Bool = { _, _ in true }
  )
    -> Evaluation?
  {
    var evaluation = Evaluation()
    let count = task.count(of: split)
    var lossSum = 0.0
    for start in stride(from: 0, to: count, by: training.batch) {
      let numbers = Array(start..<min(start + training.batch, count))
      let segments = task.batch(numbers, of: split)
      var tallies = [Tally](repeating: Tally(), count: numbers.count)
      let examples = numbers.map { $0 + offset(of: split) }
      let size = read(segments, examples: examples, isTraining: false, keepsLog: keepsLog) {
        segment, memory, moment in
        let hidden_BLD = model(segment.tokens, memory: &memory, at: moment).hidden_BLD
        guard segment.holdsLabels else { return true }
        let labelled = segment.labelledRows
        let logits = model.logits(of: hidden_BLD.rows(labelled.rows))
        lossSum += logits.crossEntropies(labels: labelled.labels).reduce(0.0) { $0 + Double($1) }
        for (index, prediction) in logits.argMax().enumerated() {
          let isRight = prediction == labelled.labels[index]
          tallies[labelled.sequences[index]] += Tally(right: isRight ? 1 : 0, labels: 1)
        }
        return true
      } finished: { memory in
        if keepsLog, let report = model.report(of: memory) { evaluation.logs.append(report.log) }
      }
      evaluation.memory.grow(to: size)
      for tally in tallies {
        evaluation.tally += tally
        evaluation.right.append(tally.right)
        evaluation.labels.append(tally.labels)
      }
      guard progressed(start + numbers.count, count) else { return nil }
    }
    evaluation.loss = lossSum / Double(max(evaluation.tally.labels, 1))
    return evaluation
  }

  /// What left the finite numbers: a parameter, else the gradient of one, else the loss or the norm made of them.
  func nonFinite(in gradients: [Tensor?], loss: Double) -> String {
    for parameter in parameters.all where parameter.value.hasNonFinite {
      return "the parameter \(parameter.path)"
    }
    for (parameter, gradient) in zip(parameters.all, gradients) where gradient?.hasNonFinite == true {
      return "the gradient of \(parameter.path)"
    }
    return loss.isFinite ? "the norm of all gradients" : "the loss"
  }

  /// Reads a batch segment by segment with a memory that starts empty. `compute` may do a segment its own way; where it
  /// returns false the segment is computed for its memory alone. Segments too early to matter are left out.
  ///
  /// - Returns: The most that was carried from one segment to the next.
  private func read(
    _ segments: [Segment], examples: [Int], isTraining: Bool, keepsLog: Bool,
    compute: (Segment, inout M.Memory, Moment) -> Bool, finished: (M.Memory) -> Void = { _ in }
  ) -> MemorySize {
    var memory = model.emptyMemory(sequences: examples.count, keepsLog: keepsLog)
    var size = MemorySize()
    let firstLabelled = segments.first { $0.holdsLabels }?.number ?? segments.count
    let first = omission == .nothing ? 0 : reach.map { max(0, firstLabelled - $0) } ?? 0
    for segment in segments.dropFirst(first) {
      if segment.number > first { size.grow(to: MemorySize(memory, of: model)) }
      let moment = moment(segment, of: segments.count, examples, isTraining: isTraining)
      watched(segment) {
        if compute(segment, &memory, moment) { return }
        parameters.withoutGradient { _ = model(segment.tokens, memory: &memory, at: moment) }
      }
    }
    finished(memory)
    return size
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
  private func offset(of split: Split) -> Int {
    switch split {
    case .train: 0
    case .validation: task.count(of: .train)
    case .test: task.count(of: .train) + task.count(of: .validation)
    }
  }
}

extension Segment {
  /// The labelled positions as rows of [B·L], the sequences they belong to, and their labels; sequence by sequence.
  fileprivate var labelledRows: (rows: [Int32], sequences: [Int], labels: [Int32]) {
    let rows = labels.indices.filter { labels[$0] != Example.noLabel }
    return (rows.map { Int32($0) }, rows.map { $0 / columns }, rows.map { labels[$0] })
  }
}

extension [Segment] {
  /// Labels of one sequence of the batch, over all its segments.
  fileprivate func labelCount(of sequence: Int) -> Int {
    reduce(0) { count, segment in
      let row = sequence * segment.columns..<(sequence + 1) * segment.columns
      return count + segment.labels[row].count { $0 != Example.noLabel }
    }
  }
}
