import Models
import Tasks
import Tensors

/// What the pieces of a run's work take, in seconds, each for one batch.
package struct SegmentTimes: Sendable, Equatable, Encodable {
  /// One segment forward.
  package let earlySegment: Double
  /// One segment with labels, forward and backward.
  package let lastSegment: Double
  /// One step of the optimizer.
  package let optimizerStep: Double
  /// How many early segments were timed, from the second of a sequence on; the time is their median.
  package let timedSegments: Int
  /// The most memory that the process held meanwhile, in bytes; nil where it cannot be told.
  package let peakBytes: Int?

  package init(
    earlySegment: Double, lastSegment: Double, optimizerStep: Double, timedSegments: Int = 1,
    peakBytes: Int? = nil
  ) {
    (self.earlySegment, self.lastSegment, self.optimizerStep) = (earlySegment, lastSegment, optimizerStep)
    (self.timedSegments, self.peakBytes) = (timedSegments, peakBytes)
  }

  enum CodingKeys: String, CodingKey {
    case earlySegment = "early_segment"
    case lastSegment = "last_segment"
    case optimizerStep = "optimizer_step"
    case timedSegments = "timed_segments"
    case peakBytes = "peak_bytes"
  }
}

extension SegmentTimes {
  /// The middle of several measurements, piece by piece.
  init(medianOf several: [SegmentTimes], peakBytes: Int?) {
    self.init(
      earlySegment: median(several.map(\.earlySegment)), lastSegment: median(several.map(\.lastSegment)),
      optimizerStep: median(several.map(\.optimizerStep)),
      timedSegments: several.map(\.timedSegments).max() ?? 0,
      peakBytes: peakBytes)
  }
}

/// Measures the pieces of a run's work; a test's own clock takes no time.
package protocol SegmentClock {
  /// Threads that a run is given while it is measured.
  var threads: Int { get }
  func times(of specification: Specification) -> SegmentTimes
}

/// Computes pieces of a run on this machine, and looks at the clock.
package struct MachineClock: SegmentClock {
  private let processor: Processor
  package var threads: Int { processor.workers.threads }

  package init(threads: Int) { processor = Processor(.best, threads: threads) }

  package func times(of specification: Specification) -> SegmentTimes {
    Processor.$current.withValue(processor) { measureSegments(specification) }
  }
}

/// Times early segments, one last segment and one optimizer step of a run, at its own sizes, on first batches.
///
/// Early segments are read from the second on, for the first touches no memory, until memory has had eight to grow by
/// or a minute is over. What is quick is done six times, the first only to warm up.
private func measureSegments(_ specification: Specification) -> SegmentTimes {
  func measure<M: SequenceModel>(_ model: M.Type) -> SegmentTimes {
    func measure<T: LearningTask>(on task: T.Type) -> SegmentTimes {
      var rounds: [SegmentTimes] = []
      let peakBytes = peakMemory {
        var trainee = Trainee<M, T>(
          specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
          specification.training, seed: specification.seed)
        let clock = ContinuousClock()
        let first = clock.measure { rounds = [trainee.timeSegments()] }
        guard first < .milliseconds(500) else { return }
        rounds = (0..<5).map { _ in trainee.timeSegments() }
      }
      return SegmentTimes(medianOf: rounds, peakBytes: peakBytes)
    }
    let task = specification.task
    return measure(on: task)
  }
  let model = specification.model
  return measure(model)
}

extension Trainee {
  fileprivate mutating func timeSegments() -> SegmentTimes {
    let step = StepWatch(counts: false, mostEarly: 8, secondsOfEarly: 60)
    step.train(&self)
    var early = Array(step.middle.values)
    if early.isEmpty {
      // A run may read nothing between its first segment and its labels; its evaluations read those forward only.
      let evaluation = StepWatch(counts: false, mostEarly: 8, secondsOfEarly: 60)
      evaluation.evaluate(&self)
      early = Array(evaluation.labelled.values)
    }
    return SegmentTimes(
      earlySegment: median(early), lastSegment: step.last.flatMap { step.labelled[$0] } ?? 0,
      optimizerStep: step.optimizer, timedSegments: early.count)
  }
}
