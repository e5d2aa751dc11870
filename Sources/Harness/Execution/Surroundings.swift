import Foundation
import Glibc
package import Records

/// What stands around a command: where it writes, and who may ask it to leave.
package struct Surroundings: Sendable {
  /// Results.
  package let output: @Sendable (String) -> Void
  /// Everything else.
  package let errors: @Sendable (String) -> Void
  /// Standard output and standard error for what moves the cursor, whose texts are `TerminalText.plain` by then; the
  /// other two show foreign text, and move nothing.
  package var screen: @Sendable (String) -> Void
  package var progress: @Sendable (String) -> Void
  /// How progress is shown among the errors.
  package let surface: ProgressPrinter.Surface
  /// How much is said beside results and errors.
  package var voice = Voice.usual
  /// Columns of what shows results to people; no end of them in a pipe or a file, where nothing is ever folded.
  package var width = Int.max
  /// How often somebody asked this process to leave.
  package let interruptions: @Sendable () -> Int
  /// How often somebody asked how far it is.
  package var statusRequests: @Sendable () -> Int = { 0 }
  /// Makes what starts the runs of a store.
  package let executor: @Sendable (_ store: String, _ manifest: Digest?) -> any Executor

  package init(
    output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void,
    surface: ProgressPrinter.Surface, interruptions: @escaping @Sendable () -> Int,
    executor: @escaping @Sendable (_ store: String, _ manifest: Digest?) -> any Executor
  ) {
    (self.output, self.errors, self.surface) = (output, errors, surface)
    (screen, progress) = (output, errors)
    (self.interruptions, self.executor) = (interruptions, executor)
  }

  /// Those of a process at a terminal or in a pipe. Results that cannot be written end it: a table that is cut
  /// off must not look like a success.
  package static var process: Surroundings {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    var surroundings = Surroundings(
      // What goes to a file or a program is theirs to the last byte.
      output: { writeResults(isTerminal ? TerminalText.painted($0) : $0) },
      errors: { text in _ = write(TerminalText.painted(text), to: STDERR_FILENO) },
      surface: Terminal.progressSurface, interruptions: { Interruptions.count },
      executor: { store, manifest in
        LocalExecutor(store: store, manifest: manifest, code: OwnCode.digest, parent: getpid())
      })
    surroundings.screen = writeResults
    surroundings.progress = { text in _ = write(text, to: STDERR_FILENO) }
    surroundings.statusRequests = { Interruptions.statusRequests }
    surroundings.width = Page.isTerminal ? Page.standardOutput.width : .max
    return surroundings
  }
}

/// How much a command says beside its results, for all commands alike.
package enum Voice: Sendable {
  /// Nothing but errors: what failed, what is damaged, what could not be done.
  case quiet
  case usual
  /// Also what each step decided, and where things went.
  case verbose
}

extension Surroundings {
  /// Something to know that is neither a result nor an error: progress, what could be typed next.
  package func note(_ text: String) { if voice != .quiet { errors(text) } }

  /// What was decided, for those who ask.
  package func detail(_ text: String) { if voice == .verbose { errors(text) } }

  /// A list for people, in lines as wide as there is room for; never one for programs.
  ///
  /// - Parameter asked: columns that somebody asked for, on a terminal of any width.
  package func folded(_ text: String, width asked: Int? = nil) -> String {
    width == .max ? text : text.folded(width: asked ?? width)
  }

  /// The same surroundings with another voice.
  package func speaking(_ voice: Voice) -> Surroundings {
    var same = Surroundings(
      output: output, errors: errors, surface: voice == .quiet ? .quiet : surface,
      interruptions: interruptions, executor: executor)
    (same.screen, same.progress) = (screen, progress)
    (same.statusRequests, same.width, same.voice) = (statusRequests, width, voice)
    return same
  }

  /// What shows the progress of runs.
  package var printer: ProgressPrinter {
    ProgressPrinter(surface, saysDetails: voice == .verbose, write: progress)
  }
}

@Sendable private func writeResults(_ text: String) {
  guard let code = write(text, to: STDOUT_FILENO), code != EPIPE else { return }
  let reason = unsafe String(cString: strerror(code))
  _ = write("standard output cannot be written: \(reason). Not all results were.\n", to: STDERR_FILENO)
  exit(ExitStatus.unable.rawValue)
}

/// Writes all of a text; returns the `errno` of what kept it from that. A closed pipe (`EPIPE`) is no error of a
/// command: somebody has read enough.
private func write(_ text: String, to descriptor: Int32) -> Int32? {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let put = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if put >= 0 {
      bytes = bytes.dropFirst(put)
    } else if errno == EAGAIN {
      // Whoever shares the terminal made it non-blocking.
      var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&wanted, 1, -1)
    } else if errno != EINTR {
      return errno
    }
  }
  return nil
}
