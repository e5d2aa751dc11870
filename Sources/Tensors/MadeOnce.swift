import Synchronization

/// Constants that are made when they are first asked for, by whichever thread: several threads may read one model.
///
/// Its sendability is unchecked: `made` is only touched by whose turn it is.
package final class MadeOnce<Key: Hashable, Value>: @unchecked Sendable {
  private let turn = Mutex(())
  private var made: [Key: Value] = [:]

  package init() {}

  /// What `make` gave when it was first called for `key`. Others wait meanwhile, so it must not ask for another key.
  package func value(for key: Key, _ make: () -> Value) -> Value {
    var found: Value?
    turn.withLock { _ in
      found = made[key] ?? make()
      made[key] = found
    }
    return found!
  }
}
