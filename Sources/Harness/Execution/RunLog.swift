package import Archive
import Foundation
import Records

/// What the process of one attempt wrote: for `mneme logs`.
package struct RunLog: Sendable {
  private let directory: RunDirectory
  private let number: Int
  private let path: String

  /// The log of an attempt; nil for the newest one.
  ///
  /// Throws `RunLogError` when there is no such attempt.
  package init(of directory: RunDirectory, attempt: Int?) throws {
    let attempts = try directory.attempts()
    guard let found = attempt.map({ number in attempts.first { $0.number == number } }) ?? attempts.last
    else {
      throw RunLogError.noAttempt(run: directory.id.short, wanted: attempt, known: attempts.map(\.number))
    }
    (self.directory, number, path) = (directory, found.number, "\(found.path)/log")
  }

  /// How the attempt ended, in a line for people; nil while it goes on, or when it was killed.
  package func ending() throws -> String? {
    guard let attempt = try directory.attempts().first(where: { $0.number == number }) else { return nil }
    if attempt.hasLostEnd, let damage = attempt.damage.last {
      let next = DamageNotes.next(in: directory.root)
      return "how attempt \(number) ended is not known: \(damage.sentence)\nnext: \(next)"
    }
    guard let end = attempt.end else { return nil }
    let failure = end.failure.map { " (\($0.rawValue))" } ?? ""
    return "attempt \(number) \(end.outcome.rawValue)\(failure) after \(NumberText.seconds(end.seconds))"
      + (end.message.map { ": \($0)" } ?? "")
  }

  /// Calls `write` with all that is in the log, and with `follows`, with what is added, until the attempt
  /// is over or `isToLeave` says so.
  package func read(
    follows: Bool, isToLeave: @Sendable () -> Bool, write: (String) -> Void
  ) async throws {
    var offset = 0
    while true {
      // Looked at before reading: what was written until then is read below.
      let isOver = try !follows || isToLeave() || !isGoing()
      offset = try PlainFile.read(path, from: offset) { write(String(decoding: $0, as: UTF8.self)) }
      if isOver { return }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// What a program that stopped itself said about it, which stands before its backtrace; nil where it said nothing.
  static func fatalWords(at path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 1 << 16),
      let line = String(decoding: start, as: UTF8.self).split(separator: "\n").first(where: {
        $0.contains("Fatal error: ")
      })
    else { return nil }
    return line.split(separator: "Fatal error: ", maxSplits: 1).last.map(String.init)
  }

  private func isGoing() throws -> Bool {
    guard case .running(let owner) = try directory.state() else { return false }
    return owner.attempt == number
  }
}

/// Why there is no log to show.
package enum RunLogError: Error, CustomStringConvertible {
  case noAttempt(run: String, wanted: Int?, known: [Int])

  package var description: String {
    switch self {
    case .noAttempt(let run, nil, _): "run \(run) was never begun: there is no log."
    case .noAttempt(let run, let wanted?, let known):
      "run \(run) has no attempt \(wanted); it has \(known.map(String.init).joined(separator: ", "))."
    }
  }
}
