import Synchronization

/// Something that was asked of the program and goes on beside a test: what it said so far, and whether it is over.
final class Going: Sendable {
  private let task: Task<Finished, any Error>
  private let talk = Talk()

  private final class Talk: Sendable {
    let lines = Mutex<[String]>([])
    let isOver = Atomic(false)
  }

  /// - Parameter work: is given a place for the lines that the program writes.
  init(_ work: @escaping @Sendable (@escaping @Sendable (String) -> Void) async throws -> Finished) {
    let talk = talk
    task = Task {
      defer { talk.isOver.store(true, ordering: .sequentiallyConsistent) }
      return try await work { line in talk.lines.withLock { $0.append(line) } }
    }
  }

  /// What it wrote so far.
  var said: String { talk.lines.withLock { $0.map { "\($0)\n" }.joined() } }

  var isOver: Bool { talk.isOver.load(ordering: .sequentiallyConsistent) }

  /// How it ended; waits for that.
  var finished: Finished {
    get async throws { try await task.value }
  }
}
