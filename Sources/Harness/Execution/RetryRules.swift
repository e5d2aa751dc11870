package import Archive
package import Records

/// Which failures are tried again, how often, and after what pause (harness.md 9).
///
///     killed, io                   3 times, after 1, 4 and 16 s; on nobody's account
///     timeout                      at once, as long as every attempt brings its checkpoint further
///     crash, error, no-result      as often as the manifest's `resources.retries` says, after the same pauses
///     oom                          3 times where the person asked for it, each with half as much memory again
///     diverged                     never: the same numbers would come out
///
/// A retry is the same run with the same settings: nothing of it, its seed least of all, is ever changed.
package struct RetryRules: Sendable {
  /// Retries of failures that the surroundings caused.
  package static let accidents = 3
  /// Retries of a run that memory ended.
  package static let memory = 3

  /// The pause before a first retry; each further one is four times as long.
  package var backoff = Duration.seconds(1)
  /// Whether a run that memory ended is tried again.
  package var retriesOutOfMemory = false

  package init() {}

  /// What was tried again so far, by who is to answer for it.
  package struct Tally: Sendable, Equatable {
    package var accidents = 0
    package var own = 0
    package var memory = 0
    package var timeouts = 0

    package init() {}
  }

  /// A further attempt.
  package struct Retry: Sendable, Equatable {
    package let number: Int
    /// How many there may be; nil for no limit.
    package let most: Int?
    package let pause: Duration
    /// With this one counted.
    package let tally: Tally
  }

  /// The attempt that follows a failure; nil where none does.
  ///
  /// - Parameter allowed: by the manifest, for failures of the run's own.
  /// - Parameter hasProgressed: whether the attempt brought a checkpoint further than it began.
  package func retry(
    of run: Digest, after failure: FailureClass, _ tally: Tally, allowed: Int, hasProgressed: Bool
  ) -> Retry? {
    var next = tally
    switch failure {
    case .killed, .io:
      next.accidents += 1
      return retry(run, next.accidents, of: RetryRules.accidents, next)
    case .crash, .error, .noResult:
      next.own += 1
      return retry(run, next.own, of: allowed, next)
    case .outOfMemory:
      guard retriesOutOfMemory else { return nil }
      next.memory += 1
      return retry(run, next.memory, of: RetryRules.memory, next)
    case .timeout:
      // Time that brought no checkpoint further would not be enough the next time either.
      guard hasProgressed else { return nil }
      next.timeouts += 1
      return Retry(number: next.timeouts, most: nil, pause: .zero, tally: next)
    case .diverged: return nil
    }
  }

  private func retry(_ run: Digest, _ number: Int, of most: Int, _ tally: Tally) -> Retry? {
    guard number <= most else { return nil }
    var pause = backoff * RetryRules.jitter(of: run, number)
    for _ in 1..<min(number, 4) { pause *= 4 }
    return Retry(number: number, most: most, pause: pause, tally: tally)
  }

  /// From 0.75 to 1.25, always the same for a run's retry: runs that one event ended do not all come back at one
  /// moment.
  static func jitter(of run: Digest, _ number: Int) -> Double {
    let bytes = Digest.sha256(run.bytes + [UInt8(truncatingIfNeeded: number)]).bytes
    return 0.75 + Double(Int(bytes[0]) << 8 | Int(bytes[1])) / 65_535 / 2
  }
}
