package import Archive
import Foundation
import Glibc
package import Records
import Synchronization

/// A worker as a process of its own: `mneme worker`.
///
/// After the claim everything that the process writes goes to the attempt's log, a trap's last words
/// included; only its messages still reach whoever started it.
package enum WorkerProcess {
  /// Works on one run of a store.
  ///
  /// - Parameter parent: the process that started this one, if its death is a reason to stop.
  /// - Parameter provenance: what is known about the attempt.
  package static func work(
    store: Store, run: Digest, resources: RunResources, parent: Int32?, provenance: Provenance
  ) throws -> ExitStatus {
    let isUnheard = Unheard()
    // Before the claim: standard output is still what the starter reads.
    let channel = try channelForMessages()
    let worker = Worker(
      store.run(run), resources: resources,
      provenance: provenance,
      isToLeave: {
        Interruptions.count > 0 || isUnheard.flag.load(ordering: .relaxed)
          || parent.map { getppid() != $0 } ?? false
      },
      keepLog: { path in try redirect(to: path) },
      say: { message in
        if !write(message.line + "\n", to: channel) { isUnheard.flag.store(true, ordering: .relaxed) }
      })
    return try worker.work()
  }

  /// Set once nobody reads the messages any more: the starter is gone, whatever the process table says.
  private final class Unheard: Sendable {
    let flag = Atomic<Bool>(false)
  }

  /// A second descriptor of standard output that no child inherits.
  private static func channelForMessages() throws -> Int32 {
    let channel = dup(STDOUT_FILENO)
    guard channel >= 0 else { throw ProcessError.system("standard output", "keeping it for messages", errno) }
    _ = fcntl(channel, F_SETFD, FD_CLOEXEC)
    return channel
  }

  private static func redirect(to path: String) throws {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw ProcessError.system(path, "creating the log", errno) }
    defer { close(file) }
    guard dup2(file, STDOUT_FILENO) >= 0, dup2(file, STDERR_FILENO) >= 0 else {
      throw ProcessError.system(path, "writing the log", errno)
    }
  }

  /// False when the reader is gone.
  private static func write(_ text: String, to channel: Int32) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let put = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(channel, $0.baseAddress, $0.count) }
      if put < 0 {
        guard errno == EINTR else { return errno != EPIPE }
        continue
      }
      bytes = bytes.dropFirst(put)
    }
    return true
  }
}

/// What the operating system refused to a process about itself.
package enum ProcessError: Error, CustomStringConvertible {
  case system(String, String, Int32)

  package var description: String {
    switch self {
    case .system(let what, let doing, let code):
      "\(what): \(doing): \(unsafe String(cString: strerror(code)))."
    }
  }
}
