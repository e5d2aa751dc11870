import Glibc

/// Says which file it was that crashed the HDF5 library, which is not made for files that somebody forged.
///
/// Every stored file's bytes are compared with their digest first, so that damage never comes to the library; but who
/// forges a file can compute a digest, and files of other programs have none. What can be counted is refused before the
/// library allocates it (`ReadingBounds`). What is left may end the process: then it ends with a sentence and the status
/// of “could not”, and with every stored file as it was, because none is ever written over.
package enum LibraryCrash {
  /// Watches for it from now on; for the program's start, once.
  package static func watch() {
    guard previous == nil else { return }
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: signals.count)
    actions.initialize(repeating: sigaction(), count: signals.count)
    previous = actions
    var action = sigaction()
    action.__sigaction_handler.sa_handler = end
    for (place, signal) in signals.enumerated() { _ = sigaction(signal, &action, actions + place) }
  }

  /// Calls `body`, which has the library read `path`. One caller at a time.
  static func reading<Outcome>(
    _ path: String, _ body: () throws(ArchiveError) -> Outcome
  ) throws(ArchiveError) -> Outcome {
    guard previous != nil else { return try body() }
    let words =
      path.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
      + Array(
        """
        : reading it ended this process inside the HDF5 library: the file is damaged, or was made to do that. What is \
        stored stays as it was. Remove it, or bring it back from a copy.\n
        """.utf8)
    let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: words.count)
    _ = text.initialize(from: words)
    thread = pthread_self()
    sentence = text
    defer {
      sentence = nil
      text.deallocate()
    }
    return try body()
  }
}

private let signals = [SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

// Read by a signal handler, in which no lock may be taken. Written by the one caller of the library.
nonisolated(unsafe) private var previous: UnsafeMutablePointer<sigaction>?
nonisolated(unsafe) private var sentence: UnsafeMutableBufferPointer<UInt8>?
nonisolated(unsafe) private var thread: pthread_t = 0

/// Ends the process where the thread that reads crashed; otherwise lets the signal do what it usually does.
private func end(_ signal: Int32) {
  guard let sentence, pthread_equal(thread, pthread_self()) != 0 else {
    for place in signals.indices where signals[place] == signal {
      if let previous { _ = sigaction(signal, previous + place, nil) }
    }
    // A crash comes back at once, to whoever handles it usually; this brings back one that was sent.
    raise(signal)
    return
  }
  _ = Glibc.write(STDERR_FILENO, sentence.baseAddress, sentence.count)
  _exit(2)
}
