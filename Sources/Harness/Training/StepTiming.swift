import Models
import Tasks
import Tensors

extension Trainee {
  /// Times early segments, the last one with gradients, and an optimizer step, on one batch.
  ///
  /// - earlySegments: So many at most, after a first one; fewer where there are no more, or `seconds` are over.
  mutating func timeOneStep(earlySegments most: Int, atMost seconds: Double) -> SegmentTimes {
    let clock = ContinuousClock()
    let times = SegmentWatch(most: most + 1, seconds: seconds)
    watch = times.watch
    let learned = learn(from: nextExamples())
    let optimizerStep = clock.measure { _ = update(learned) }
    var early = times.early.sorted { $0.key < $1.key }.dropFirst().map(\.value)
    if early.isEmpty {
      // Where nothing is read before the labels, evaluations read what has labels, forward only.
      let forward = SegmentWatch(most: most, seconds: seconds)
      watch = forward.watch
      _ = evaluate(.train, keepsLog: false) { _, _ in false }
      early = [forward.labelled]
    }
    watch = nil
    return SegmentTimes(
      earlySegment: median(early), lastSegment: times.labelled, optimizerStep: optimizerStep.inSeconds,
      timedSegments: early.count)
  }
}

/// Seconds that segments take, summed over groups of a batch.
private final class SegmentWatch {
  private(set) var early: [Int: Double] = [:]
  private(set) var labelled = 0.0
  private let most: Int
  private let seconds: Double

  init(most: Int, seconds: Double) { (self.most, self.seconds) = (most, seconds) }

  func watch(_ segment: Segment, _ compute: () -> Void) {
    let number = segment.number
    let isEnough = early.count >= most || early.values.reduce(0, +) > seconds
    if !segment.holdsLabels && isEnough && early[number] == nil { return }
    let time = ContinuousClock().measure(compute).inSeconds
    if segment.holdsLabels { labelled += time } else { early[number, default: 0] += time }
  }
}
