import Archive
import Glibc
import Synchronization

/// How often this process was asked to leave: by Ctrl-C, by `kill`, or because its terminal closed.
///
/// The handler only counts, so it may come at any instruction; whoever works looks at the count between
/// steps. Only a person who presses Ctrl-C again and again is obeyed by the handler itself, whatever the
/// process is busy with.
package enum Interruptions {
  // Signal handlers cannot capture anything: what they touch has to be global, and is touched atomically.
  private static let requests = Atomic<Int>(0)
  private static let keystrokes = Atomic<Int>(0)
  private static let limit = Atomic<Int>(.max)
  private static let questions = Atomic<Int>(0)

  private static let warnings = Atomic<Int>(0)

  /// How often a cluster said by SIGUSR2 that the time is nearly up; each is a request to leave as well.
  package static var timeWarnings: Int { warnings.load(ordering: .relaxed) }

  /// Counts SIGUSR2 from now on: without this, the signal ends a process.
  package static func watchForTimeWarnings() {
    _ = (requests.load(ordering: .relaxed), warnings.load(ordering: .relaxed))
    signal(SIGUSR2) { _ in
      Interruptions.warnings.wrappingAdd(1, ordering: .sequentiallyConsistent)
      Interruptions.requests.wrappingAdd(1, ordering: .sequentiallyConsistent)
    }
  }

  /// Requests so far.
  package static var count: Int { requests.load(ordering: .relaxed) }

  /// How often somebody asked by SIGUSR1 how far it is.
  package static var statusRequests: Int { questions.load(ordering: .relaxed) }

  /// Counts SIGUSR1 from now on: without this, the signal ends a process.
  package static func watchForQuestions() {
    _ = questions.load(ordering: .relaxed)
    signal(SIGUSR1) { _ in Interruptions.questions.wrappingAdd(1, ordering: .sequentiallyConsistent) }
  }

  /// Counts SIGINT, SIGTERM and SIGHUP from now on, and leaves with 130 at the SIGINT with the number `last`.
  ///
  /// SIGPIPE is ignored: a reader that went away is an error of one write, not the end of a run.
  package static func watch(leavingAt last: Int) {
    // All three are made before a handler can run: a lazy initializer must not run inside one.
    _ = (requests.load(ordering: .relaxed), keystrokes.load(ordering: .relaxed))
    limit.store(last, ordering: .sequentiallyConsistent)
    for number in [SIGTERM, SIGHUP] {
      signal(number) { _ in Interruptions.requests.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    }
    signal(SIGINT) { _ in
      Interruptions.requests.wrappingAdd(1, ordering: .sequentiallyConsistent)
      let pressed = Interruptions.keystrokes.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
      if pressed >= Interruptions.limit.load(ordering: .relaxed) { _exit(130) }
    }
    signal(SIGPIPE, SIG_IGN)
    Fault.heed { Interruptions.count > 0 }
  }
}
