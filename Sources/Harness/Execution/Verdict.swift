package import Archive
import Glibc

/// What came of one attempt, put together from how its process ended and what the store says. The store has
/// the word: done is a published result, and no exit status is.
package enum Verdict: Sendable, Equatable {
  case done
  /// Another process holds the run.
  case elsewhere
  /// It left as it was asked to; what it had done is kept.
  case stopped
  case failed(FailureClass, String)

  /// - Parameter state: of the run, after the process was gone.
  /// - Parameter end: what the attempt wrote about itself, if it came to that.
  /// - Parameter said: the failure that the worker told of, where nothing could be written down.
  /// - Parameter wasAsked: whether it had been asked to leave.
  /// - Parameter wantOfMemory: what shows that memory ended it, if anything does.
  package init(
    _ ending: Ending, state: RunState, end: AttemptEnd?,
    said: (failure: FailureClass, message: String)? = nil,
    wasAsked: Bool, wantOfMemory: String? = nil
  ) {
    switch (ending, state) {
    case (_, .done): self = .done
    case (_, .corrupt(let sentence)): self = .failed(.error, sentence)
    case (.exited(ExitStatus.busy.rawValue), _): self = .elsewhere
    case (.unstarted(let why), _): self = .failed(.error, "it could not be started: \(why)")
    case (.timedOut, _): self = .failed(.timeout, "its time was up")
    case (.exited(ExitStatus.stopped.rawValue), _):
      self = wasAsked ? .stopped : .failed(.killed, "somebody stopped it")
    // As a shell, and whatever stands between, passes on signal 9.
    case (.exited(128 + SIGKILL), _):
      self = Verdict(
        .signalled(SIGKILL), state: state, end: end, said: said, wasAsked: wasAsked,
        wantOfMemory: wantOfMemory)
    case (.signalled(let number), _):
      let isKill = [SIGKILL, SIGTERM, SIGINT, SIGHUP].contains(number)
      if isKill && wasAsked {
        self = .stopped
      } else if number == SIGKILL, let wantOfMemory {
        self = .failed(.outOfMemory, "killed for want of memory: \(wantOfMemory)")
      } else {
        self = .failed(
          isKill ? .killed : .crash,
          "ended by signal \(number) (\(unsafe String(cString: strsignal(number))))")
      }
    case (.exited(0), _): self = .failed(.noResult, "its process said it was done, and published nothing")
    case (.exited(let code), _):
      let message = end?.message ?? said?.message ?? "its process left with status \(code)"
      self = .failed(end?.failure ?? said?.failure ?? .error, message)
    }
  }

  /// Whether it is a failure of the surroundings.
  package var isAccident: Bool {
    if case .failed(let failure, _) = self { failure.isAccident } else { false }
  }
}
