/// What can be said of a run: derived from its files and its lock each time, stored nowhere.
package enum RunState: Sendable, Equatable {
  /// A result is published.
  case done
  /// Somebody holds the lock.
  case running(Owner)
  /// The last attempt ended without a result; `attempts` counts all that failed.
  case failed(FailureClass, attempts: Int)
  /// The last attempt did not end, or was asked to stop: it can go on.
  case interrupted
  /// Nobody has begun.
  case pending
  /// What is there is damaged; the sentence says what and where.
  case corrupt(String)

  /// Who works on a run: as much as its newest `attempt.json` tells.
  package struct Owner: Sendable, Equatable {
    package let attempt: Int?
    package let host: String?
    package let pid: Int32?
    package let started: String?
  }
}

extension RunDirectory {
  /// What can be said of this run now.
  ///
  /// Takes no claim; the lock is tried and let go of at once, which a claim that comes at that moment waits out.
  ///
  /// - Parameter verifying: whether the digest of a published result is compared too. Without it, only its user
  ///   block and its length are looked at; every read of a number compares the digest anyway.
  package func state(verifying: Bool = false) throws(ArchiveError) -> RunState {
    if let published = published(verifying: verifying) { return published }
    let isHeld = try isLocked()
    let attempts: [Attempt]
    do throws(ArchiveError) { attempts = try self.attempts() } catch {
      guard case .corrupt = error else { throw error }
      return .corrupt(error.description)
    }
    if isHeld {
      let start = attempts.last?.start
      return .running(
        RunState.Owner(
          attempt: attempts.last?.number, host: start?.host, pid: start?.pid, started: start?.started))
    }
    guard let last = attempts.last else { return .pending }
    guard let end = last.end else { return .interrupted }
    switch end.outcome {
    case .stopped: return .interrupted
    // A result that is said to be published and is not there is a failure like any other.
    case .done: return .failed(.noResult, attempts: attempts.count { $0.end?.outcome != .stopped })
    case .failed:
      return .failed(end.failure ?? .error, attempts: attempts.count { $0.end?.outcome == .failed })
    }
  }

  /// Done or corrupt where a result is published; nil where none is.
  func published(verifying: Bool) -> RunState? {
    guard Folder.exists(resultPath) else { return nil }
    do throws(ArchiveError) {
      let block = verifying ? try verify(resultPath) : try readUserBlock(resultPath)
      guard block.kind == .result else {
        throw ArchiveError.wrongKind(path: resultPath, found: block.kind.rawValue, expected: "result")
      }
      guard block.run == id else {
        throw ArchiveError.wrongRun(path: resultPath, found: block.run, expected: id)
      }
      return .done
    } catch {
      return .corrupt(error.description)
    }
  }
}
