package import Archive
import Foundation

/// What a worker says on its standard output, one line of JSON each, to whoever started it.
///
/// Whether a run is done is seen in the store alone, and not by these lines. They are for people to watch; one that
/// tells of a full disk keeps other runs from being begun.
package enum WorkerMessage: Sendable, Equatable, Codable {
  /// The run is this worker's, as the attempt with this number.
  case claimed(attempt: Int)
  /// It computes from this step on; checkpoints that it refused are told, a sentence each.
  case began(step: Int, refused: [String])
  /// Where the run is.
  case progress(Position)
  /// A checkpoint of this step is in the store.
  case saved(step: Int)
  /// The disk is full: so many bytes were to be written.
  case foundNoSpace(bytes: Int)
  /// The attempt is over; a failure has its class, and a sentence.
  case ended(Outcome, failure: FailureClass?, message: String?)

  /// Where a run is.
  package struct Position: Sendable, Equatable, Codable {
    /// Optimizer steps done, and how many there will be.
    package let step: Int
    package let steps: Int
    /// The loss of the last step; nil before the first.
    package let loss: Double?
    /// `training`, or `evaluating test`.
    package let phase: String

    package init(step: Int, steps: Int, loss: Double?, phase: String) {
      (self.step, self.steps, self.phase) = (step, steps, phase)
      // JSON has no NaN; a run with one ends anyway and says so in words.
      self.loss = loss.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  /// The line, without its end.
  package var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      fatalError("a worker's message cannot be written as JSON: \(error)")
    }
  }

  /// Reads a line back; nil when it is something else.
  package init?(line: String) {
    guard line.hasPrefix("{"),
      let message = try? JSONDecoder().decode(WorkerMessage.self, from: Data(line.utf8))
    else { return nil }
    self = message
  }
}
