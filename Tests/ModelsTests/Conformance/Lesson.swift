import Models
import Networks
import Tensors

/// A task that every model can learn: each of six tokens is always followed by the same other one.
///
///     0 → 1 → 4 → 6 → 5 → 2 → 0          t ↦ 3 t + 1 modulo 7
///
/// As in real training, memory is carried through three segments, and the last one is learned from.
struct Lesson {
  var steps: Int
  var rate = 0.02
  /// The step before which everything is written down and forgotten, and taken up again from the notes.
  var resumesAt: Int?
  /// Whether other sequences are read, with dropout off, before every step.
  var evaluatesBetween = false

  /// What came of it.
  struct Outcome {
    /// Of every step, the model's own auxiliary loss left out.
    fileprivate(set) var losses: [Float] = []
    fileprivate(set) var parameters: [(path: String, values: [Float])] = []
  }

  private static let (sequences, segments, segmentLength) = (4, 3, 6)

  /// One sequence an example, and the token behind its end.
  private static func tokens(_ example: Int) -> [Int32] {
    var tokens: [Int32] = [[0, 1, 4, 6, 5, 2][example % 6]]
    while tokens.count <= segments * segmentLength { tokens.append((3 * tokens[tokens.count - 1] + 1) % 7) }
    return tokens
  }

  func taught<M: SequenceModel>(
    to _: M.Type, _ configuration: M.Configuration, vocabulary: Int
  ) -> Outcome {
    var outcome = Outcome()
    var parameters = Parameters(seed: 3)
    var model = M(configuration, vocabulary: vocabulary, in: parameters.root)
    var optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
    for step in 0..<steps {
      if step == resumesAt {
        let stored = parameters.all.map { ($0.path, $0.value.values) }
        let (first, second) = (optimizer.first.map(\.values), optimizer.second.map(\.values))
        let (power1, power2) = (optimizer.power1, optimizer.power2)
        parameters = Parameters(seed: 3, stored: Dictionary(uniqueKeysWithValues: stored))
        model = M(configuration, vocabulary: vocabulary, in: parameters.root)
        optimizer = Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, for: parameters)
        func tensors(_ moments: [[Float]]) -> [Tensor] {
          zip(parameters.all, moments).map { Tensor($0.value.shape, $1) }
        }
        optimizer.restore(first: tensors(first), second: tensors(second), power1: power1, power2: power2)
      }
      if evaluatesBetween {
        _ = read(model, parameters, examples: [20, 21, 22], step: step, isTraining: false)
      }
      let examples = (0..<Lesson.sequences).map { step * Lesson.sequences + $0 }
      let (loss, gradients) = read(model, parameters, examples: examples, step: step, isTraining: true)
      outcome.losses.append(loss)
      optimizer.step(parameters, gradients, rate: rate, gradientScale: 1)
    }
    outcome.parameters = parameters.all.map { ($0.path, $0.value.values) }
    return outcome
  }

  /// The loss of the last of all segments, and its gradients in training.
  private func read<M: SequenceModel>(
    _ model: M, _ parameters: Parameters, examples: [Int], step: Int, isTraining: Bool
  ) -> (loss: Float, gradients: [Tensor?]) {
    var memory = model.emptyMemory(sequences: examples.count, keepsLog: false)
    let sequences = examples.map { Lesson.tokens($0) }
    var found: (loss: Float, gradients: [Tensor?]) = (0, [])
    for segment in 0..<Lesson.segments {
      let start = segment * Lesson.segmentLength
      let range = start..<start + Lesson.segmentLength
      let tokens = sequences.flatMap { $0[range] }
      let moment = Moment(
        seed: 3, step: step, segment: segment, segments: Lesson.segments,
        segmentLength: Lesson.segmentLength, examples: examples, isTraining: isTraining)
      guard segment == Lesson.segments - 1, isTraining else {
        _ = model(tokens, memory: &memory, at: moment)
        continue
      }
      let next = sequences.flatMap { $0[range.lowerBound + 1..<range.upperBound + 1] }
      let gradients = parameters.gradients {
        let output = model(tokens, memory: &memory, at: moment)
        let logits = model.logits(of: output.hidden_BLD)
        let loss = logits.reshaped([next.count, logits.shape.columns]).crossEntropy(
          labels: next, weights: next.map { _ in 1 / Float(next.count) })
        found.loss = loss.scalar
        return output.auxiliaryLoss.map { loss + $0 } ?? loss
      }.gradients
      found.gradients = gradients
    }
    return found
  }
}
