import Glibc

/// A store inside another store's folder, for runs that are computed to be compared and then forgotten:
/// `.tmp-rerun-<process>-<number>`.
///
/// It is removed with this value. A process that is killed leaves it behind; its lock is free then, and
/// `removeAbandoned` tells it from those that are in use.
package final class ScratchStore: Sendable {
  package let store: Store
  private let lock: Descriptor

  private static let prefix = ".tmp-rerun-"

  /// Makes one inside `store`.
  package init(in store: Store) throws(ArchiveError) {
    let number = String(UInt32.random(in: .min ... .max), radix: 16)
    self.store = try Store(at: "\(store.root)/\(ScratchStore.prefix)\(getpid())-\(number)", creating: true)
    lock = try Descriptor("\(self.store.root)/lock", O_RDWR | O_CREAT, doing: "creating the lock")
    guard retrying({ flock(lock.number, LOCK_EX | LOCK_NB) }) == 0 else {
      throw ArchiveError.system(lock.path, "locking", errno)
    }
  }

  // What cannot be removed now is removed by the next one.
  deinit { try? Folder.removeWhole(store.root) }

  /// Removes the scratch stores that dead processes left in `store`.
  package static func removeAbandoned(in store: Store) throws(ArchiveError) {
    for name in try Folder.names(in: store.root) where isAbandoned(name, in: store) {
      try Folder.removeWhole("\(store.root)/\(name)")
    }
  }

  /// Whether `name` is a scratch store's, at all.
  static func isOne(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Whether `name` is that of a scratch store whose process is dead and which nobody works in.
  static func isAbandoned(_ name: String, in store: Store) -> Bool {
    guard isOne(name), let process = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }), process > 0,
      kill(process, 0) != 0, errno == ESRCH
    else { return false }
    let path = "\(store.root)/\(name)"
    // Processes have numbers on every machine that shares the store; the lock holds on all of them.
    guard Folder.exists("\(path)/VERSION") else { return true }
    do throws(ArchiveError) {
      let scratch = try Store(at: path, creating: false)
      if try Folder.isLocked("\(path)/lock") { return false }
      for run in try scratch.runs() where try scratch.run(run).isLocked() { return false }
      return true
    } catch {
      return false
    }
  }
}
