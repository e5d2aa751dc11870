import Glibc
package import Records
import Synchronization

/// A store inside another store's folder, for runs that are computed to be compared and then forgotten:
/// `.tmp-rerun-<process>-<number>`, or `.rerun-<key>` where the next process may go on with it.
///
/// It is removed with this value, unless that was told to keep it. A process that is killed leaves it behind; its
/// lock is free then, and `removeAbandoned` tells one without a key from those that are in use.
package final class ScratchStore: Sendable {
  package let store: Store
  private let lock: Descriptor
  private let isKept = Atomic(false)

  private static let prefix = ".tmp-rerun-"
  private static let keyedPrefix = ".rerun-"

  /// Makes one inside `store`.
  package init(in store: Store) throws(ArchiveError) {
    let number = String(UInt32.random(in: .min ... .max), radix: 16)
    self.store = try Store(at: "\(store.root)/\(ScratchStore.prefix)\(getpid())-\(number)", creating: true)
    lock = try Descriptor("\(self.store.root)/lock", O_RDWR | O_CREAT, doing: "creating the lock")
    guard retrying({ flock(lock.number, LOCK_EX | LOCK_NB) }) == 0 else {
      throw ArchiveError.system(lock.path, "locking", errno)
    }
  }

  /// Makes the one for `key` inside `store`, or takes over what a process left that was to make the same.
  ///
  /// - Returns: nil while another process has it.
  package init?(in store: Store, for key: Digest) throws(ArchiveError) {
    let path = "\(store.root)/\(ScratchStore.keyedPrefix)\(key.short)"
    for _ in 0..<20 {
      let made = try Store(at: path, creating: true)
      let lock = try Descriptor("\(path)/lock", O_RDWR | O_CREAT, doing: "creating the lock")
      guard retrying({ flock(lock.number, LOCK_EX | LOCK_NB) }) == 0 else {
        if errno == EWOULDBLOCK { return nil }
        throw ArchiveError.system(lock.path, "locking", errno)
      }
      // The lock counts only on the file that has its name: whoever had it may just have removed the folder.
      var (mine, named) = (stat(), stat())
      if fstat(lock.number, &mine) == 0, stat(lock.path, &named) == 0, mine.st_ino == named.st_ino {
        self.store = made
        self.lock = lock
        return
      }
    }
    return nil
  }

  // What cannot be removed now is removed by the next one.
  deinit { if !isKept.load(ordering: .relaxed) { try? Folder.removeWhole(store.root) } }

  /// Leaves the folder for the next process that asks for the same key.
  package func keep() { isKept.store(true, ordering: .relaxed) }

  /// Removes all that was computed of a run, to be computed anew.
  package func forget(_ run: Digest) throws(ArchiveError) { try Folder.removeWhole(store.run(run).path) }

  /// Removes the scratch stores that dead processes left in `store`.
  package static func removeAbandoned(in store: Store) throws(ArchiveError) {
    for name in try Folder.names(in: store.root, following: true) where isAbandoned(name, in: store) {
      try Folder.removeWhole("\(store.root)/\(name)")
    }
  }

  /// Whether `name` is a scratch store's, at all.
  static func isOne(_ name: String) -> Bool { name.hasPrefix(prefix) || name.hasPrefix(keyedPrefix) }

  /// Whether `name` is that of a scratch store that waits for somebody to go on with it.
  static func isWaiting(_ name: String, in store: Store) -> Bool {
    name.hasPrefix(keyedPrefix) && (try? Folder.isLocked("\(store.root)/\(name)/lock")) == false
  }

  /// Whether `name` is that of a scratch store whose process is dead and which nobody works in.
  static func isAbandoned(_ name: String, in store: Store) -> Bool {
    guard name.hasPrefix(prefix), let process = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }),
      process > 0,
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
