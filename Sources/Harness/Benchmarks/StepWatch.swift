import Models
import Tasks
import Tensors

/// What the segments of one training step, or of one evaluated batch, take, and its optimizer.
///
/// Segments that are read several times, for groups of a batch, add up.
final class StepWatch {
  private(set) var early: [Int: Double] = [:]
  /// With the backward pass, where it is trained on.
  private(set) var labelled: [Int: Double] = [:]
  private(set) var optimizer = 0.0
  private(set) var step = 0.0
  /// Useful operations by segment; empty unless they are counted, which takes time itself.
  private(set) var operations: [Int: Double] = [:]
  private let counts: Bool
  private let most: Int
  private let limit: Double

  /// - mostEarly: Segments without labels that are read after the first; later ones are left out, as if documents were
  ///   short.
  /// - secondsOfEarly: They are left out, too, once those before took so long.
  init(counts: Bool, mostEarly: Int = .max, secondsOfEarly: Double = .infinity) {
    (self.counts, most, limit) = (counts, mostEarly, secondsOfEarly)
  }

  /// One step of training.
  func train<M: SequenceModel, T: LearningTask>(_ trainee: inout Trainee<M, T>) {
    trainee.watch = read
    defer { trainee.watch = nil }
    let start = ContinuousClock.now
    let examples = trainee.nextExamples()
    var learned = Learned(parameters: 0)
    // Of a batch that is read in parts, what its sequences share would count several times.
    if counts {
      _ = UsefulOperations.counted { learned = trainee.learn(from: examples) }
    } else {
      learned = trainee.learn(from: examples)
    }
    let computed = ContinuousClock.now
    _ = trainee.update(learned)
    let end = ContinuousClock.now
    (optimizer, step) = (computed.duration(to: end).inSeconds, start.duration(to: end).inSeconds)
  }

  /// One batch, forward only.
  func evaluate<M: SequenceModel, T: LearningTask>(_ trainee: inout Trainee<M, T>) {
    trainee.watch = read
    defer { trainee.watch = nil }
    _ = trainee.evaluate(.train, keepsLog: false) { _, _ in false }
  }

  private func read(_ segment: Segment, _ compute: () -> Void) {
    let number = segment.number
    if !segment.holdsLabels && early[number] == nil && isEnough { return }
    let start = ContinuousClock.now
    if counts { operations[number, default: 0] += UsefulOperations.counted(compute) } else { compute() }
    let seconds = start.duration(to: .now).inSeconds
    if segment.holdsLabels {
      labelled[number, default: 0] += seconds
    } else {
      early[number, default: 0] += seconds
    }
  }

  private var isEnough: Bool {
    guard most < .max else { return false }
    let middle = middle
    return middle.count >= most || middle.values.reduce(0, +) > limit
  }

  /// The first segment, if it has no labels; it touches no memory.
  var first: Int? { early.keys.min() }

  /// Segments without labels after the first.
  var middle: [Int: Double] {
    let first = first
    return early.filter { $0.key != first }
  }

  /// The last segment with labels.
  var last: Int? { labelled.keys.max() }
}
