import Foundation
import Glibc
package import Records
package import Tensors

/// How a person wants runs to be carried out; in no hash.
package struct RunOptions: Sendable {
  /// Runs at a time; nil for as many as there are processors for.
  package var jobs: Int?
  /// Threads of one run; nil for what the manifest asks for, else 1.
  package var threads: Int?
  /// Of the kernels; nil for the fastest that the machine runs.
  package var instructions: InstructionSet?
  /// Seconds between checkpoints; nil for what the manifest asks for, else 60.
  package var checkpointSeconds: Double?
  package var failsFast = false
  /// Whether runs that failed by themselves are tried again.
  package var retriesFailed = false

  package init() {}

  /// How many runs go at a time: `jobs`, else as many as the processors have threads for.
  package func slots(threads: Int) -> Int {
    jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, threads))
  }
}

/// What stands around a command: where it writes, and who may ask it to leave.
package struct Surroundings: Sendable {
  /// Results.
  package let output: @Sendable (String) -> Void
  /// Everything else.
  package let errors: @Sendable (String) -> Void
  /// How progress is shown among the errors.
  package let surface: ProgressPrinter.Surface
  /// How often somebody asked this process to leave.
  package let interruptions: @Sendable () -> Int
  /// Makes what starts the runs of a store.
  package let executor: @Sendable (_ store: String, _ manifest: Digest?) -> any Executor

  package init(
    output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void,
    surface: ProgressPrinter.Surface, interruptions: @escaping @Sendable () -> Int,
    executor: @escaping @Sendable (_ store: String, _ manifest: Digest?) -> any Executor
  ) {
    (self.output, self.errors, self.surface) = (output, errors, surface)
    (self.interruptions, self.executor) = (interruptions, executor)
  }

  /// Those of a process at a terminal or in a pipe. Results that cannot be written end it: a table that is cut
  /// off must not look like a success.
  package static var process: Surroundings {
    Surroundings(
      output: { text in
        guard let code = write(text, to: STDOUT_FILENO), code != EPIPE else { return }
        let reason = unsafe String(cString: strerror(code))
        _ = write("standard output cannot be written: \(reason). Not all results were.\n", to: STDERR_FILENO)
        exit(ExitStatus.unable.rawValue)
      }, errors: { text in _ = write(text, to: STDERR_FILENO) },
      surface: Terminal.progressSurface, interruptions: { Interruptions.count },
      executor: { store, manifest in
        LocalExecutor(store: store, manifest: manifest, code: OwnCode.digest, parent: getpid())
      })
  }
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
