import Archive
import Foundation
import Records

/// What the live logs of a run have said so far, read on from where the last look stopped.
struct LiveHistory: Sendable {
  /// Pace is what was done in so many seconds.
  private static let window = 60.0

  private let limit: Int
  private var tails: [Int: LiveTail] = [:]
  private var newest = 0
  /// Steps and seconds of the newest attempt, of the last `window` seconds.
  private var recent: [(seconds: Double, step: Int)] = []
  private var position: LivePosition?
  private(set) var curve = Curve(metric: "train.loss", points: [])

  /// - Parameter limit: how many bytes at the end of each log are read at first.
  init(limit: Int) { self.limit = limit }

  /// Reads what was added to the logs of the attempts up to `newest`, and says where that one is; nil before its first
  /// step.
  ///
  /// - Parameter now: seconds since 1970.
  mutating func read(
    _ directory: RunDirectory, upTo newest: Int, at now: Double
  ) throws(ArchiveError) -> LivePosition? {
    if newest != self.newest { (self.newest, recent, position) = (newest, [], nil) }
    for attempt in 1...max(1, newest) {
      var tail = tails[attempt] ?? directory.liveTail(of: attempt, limit: limit)
      let records = try tail.added()
      tails[attempt] = tail
      for record in records where record.event == "step" { take(record, isNewest: attempt == newest) }
    }
    var position = position
    position?.silence = tails[newest]?.identity.map { max(0, now - $0.modified) }
    return position
  }

  /// What a step can be; a log may say anything, and steps are added and multiplied.
  private static let steps = 0...1 << 48

  private mutating func take(_ record: LiveRecord, isNewest: Bool) {
    func number(_ key: String) -> Int? {
      guard case .integer(let number) = record.facts[key], LiveHistory.steps.contains(number) else {
        return nil
      }
      return number
    }
    guard let step = number("step") else { return }
    let loss: Double? =
      switch record.facts["loss"] {
      case .real(let value) where value.isFinite: value
      // JSON has one kind of numbers.
      case .integer(let value): Double(value)
      default: nil
      }
    if let loss { curve.add(Curve.Point(step: step, value: loss)) }
    guard isNewest else { return }
    recent.append((record.seconds, step))
    recent.removeAll { $0.seconds < record.seconds - LiveHistory.window }
    var phase = "training"
    if case .text(let text) = record.facts["phase"] { phase = text }
    position = LivePosition(phase: phase, step: step, steps: number("steps") ?? 0, loss: loss)
    if let first = recent.first, record.seconds > first.seconds, step > first.step {
      position?.stepsPerSecond = Double(step - first.step) / (record.seconds - first.seconds)
    }
  }
}
