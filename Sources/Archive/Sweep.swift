import Foundation
import Glibc
package import Records

/// What nothing in a store needs any more and no process works with: found, and removed where that is wanted.
///
/// - Checkpoints of a finished run whose result is intact; of an unfinished one those that two newer and intact ones of
///   its newest attempt make useless, which is when `Claim.save` removes them.
/// - What processes left that died: files aside, scratch stores, what was being removed, places of runs that were made
///   and never filled.
///
/// Every run is looked at under its lock, and passed over where somebody holds it. Where no lock tells, a file aside is
/// left for an hour after its last change: its process may be on another machine.
package struct Sweep {
  /// Something that can go.
  package struct Item: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
      case checkpoint
      /// A file or folder that was to get a name.
      case aside
      case scratch
      case trash
      /// A folder for a run that was never filled.
      case place
      /// A measured cost or counted baselines that nobody asks for any more.
      case object
    }

    package let kind: Kind
    package let path: String
    package let bytes: Int

    package init(_ kind: Kind, _ path: String) {
      (self.kind, self.path, bytes) = (kind, path, StoreSizes.bytes(of: path))
    }
  }

  /// Seconds after which a file aside is nobody's.
  static let patience = 3600.0

  private let store: Store
  private let isRemoving: Bool
  private let now: Double
  package private(set) var items: [Item] = []
  /// Runs that somebody works on: they were passed over.
  package private(set) var busy: [Digest] = []
  /// What could not be looked at or removed, a sentence each.
  package private(set) var complaints: [String] = []

  /// Looks through a store.
  ///
  /// - Parameters:
  ///   - isRemoving: whether what is found is removed; otherwise nothing is touched.
  ///   - objects: those that nobody asks for, as whoever knows what they hold has found.
  ///   - isToStop: asked before each run.
  package init(
    _ store: Store, removing isRemoving: Bool, objects: [StoredObject], isToStop: () -> Bool
  ) throws(ArchiveError) {
    (self.store, self.isRemoving) = (store, isRemoving)
    now = Date().timeIntervalSince1970
    for run in try store.runs() {
      if isToStop() { return }
      attempt { sweep throws(ArchiveError) in try sweep.look(at: store.run(run)) }
    }
    attempt { sweep throws(ArchiveError) in
      for (path, _) in try store.trash() { try sweep.take(.trash, path) }
      for name in try Folder.names(in: store.root, following: true) {
        let path = "\(store.root)/\(name)"
        if ScratchStore.isOne(name) {
          if ScratchStore.isAbandoned(name, in: store) { try sweep.take(.scratch, path) }
        } else {
          try sweep.takeAside(path, isOurs: false)
        }
      }
    }
    attempt { sweep throws(ArchiveError) in
      for folder in ["\(store.root)/\(ResultIndex.folderName)"] + (try Sweep.shelves(of: store)) {
        for name in try Folder.names(in: folder) { try sweep.takeAside("\(folder)/\(name)", isOurs: false) }
      }
    }
    for object in objects {
      attempt { sweep throws(ArchiveError) in
        sweep.items.append(Item(.object, store.place(of: object)))
        if isRemoving { try store.remove(object) }
      }
    }
  }

  private static func shelves(of store: Store) throws(ArchiveError) -> [String] {
    try Folder.names(in: "\(store.root)/objects").map { "\(store.root)/objects/\($0)" }
  }

  /// Goes on after an error, which is told.
  private mutating func attempt(_ work: (inout Sweep) throws(ArchiveError) -> Void) {
    do throws(ArchiveError) { try work(&self) } catch { complaints.append(error.description) }
  }

  private mutating func look(at run: RunDirectory) throws(ArchiveError) {
    try run.refuseLinks()
    // Before the lock, which is a file in it: somebody may be about to fill it.
    if Sweep.isEmpty(run), !isOld(run.path) { return }
    guard isRemoving else {
      if try run.isLocked() { busy.append(run.id) } else { try tidy(run) }
      return
    }
    guard let lock = try Claim.take(run.lockPath) else {
      busy.append(run.id)
      return
    }
    defer { _ = flock(lock.number, LOCK_UN) }
    try tidy(run)
  }

  /// Whether the place of a run was made and never filled.
  private static func isEmpty(_ run: RunDirectory) -> Bool {
    ![run.specificationPath, run.resultPath, run.weightsPath, run.attemptsPath].contains(
      where: Folder.exists)
  }

  private mutating func tidy(_ run: RunDirectory) throws(ArchiveError) {
    if Sweep.isEmpty(run) {
      items.append(Item(.place, run.path))
      if isRemoving { try store.discard(run.path) }
      return
    }
    for name in try Folder.names(in: run.path) { try takeAside("\(run.path)/\(name)", isOurs: true) }
    for name in try Folder.names(in: run.attemptsPath) {
      let path = "\(run.attemptsPath)/\(name)"
      try takeAside(path, isOurs: true)
      for name in try Folder.names(in: path) { try takeAside("\(path)/\(name)", isOurs: true) }
    }
    for path in try uselessCheckpoints(of: run) { try take(.checkpoint, path) }
  }

  private func uselessCheckpoints(of run: RunDirectory) throws(ArchiveError) -> [String] {
    let all = try run.checkpoints()
    guard !all.isEmpty else { return [] }
    if run.hasResult {
      // A result that is damaged has to be computed again, from a checkpoint if there is one.
      guard run.damage(verifying: true) == nil else { return [] }
      return all.map(\.path)
    }
    let newest = try run.attemptNumbers().last
    let kept = all.filter { $0.attempt == newest }.prefix(2)
    guard kept.count == 2, kept.allSatisfy({ (try? CheckpointFile.read($0.path, run: run.id)) != nil })
    else { return [] }
    return all.filter { !kept.contains($0) }.map(\.path)
  }

  /// Takes a file aside whose process is dead.
  ///
  /// - Parameter isOurs: whether this process holds the lock of the run that it is of.
  private mutating func takeAside(_ path: String, isOurs: Bool) throws(ArchiveError) {
    let name = name(of: path)
    guard let mark = name.range(of: Publication.mark, options: .backwards),
      let process = pid_t(name[mark.upperBound...].prefix { $0 != "-" }), process > 0,
      kill(process, 0) != 0, errno == ESRCH
    else { return }
    // Only who holds the lock writes these; settings and ends are written without it.
    let isLocked = [".result.h5", ".weights.h5", ".checkpoint-", ".attempt"].contains(where: name.hasPrefix)
    if isOurs && isLocked || isOld(path) { try take(.aside, path) }
  }

  private func isOld(_ path: String) -> Bool {
    guard let identity = FileIdentity(of: path) else { return false }
    return now - identity.modified > Sweep.patience
  }

  private mutating func take(_ kind: Item.Kind, _ path: String) throws(ArchiveError) {
    items.append(Item(kind, path))
    if isRemoving { try Folder.removeWhole(path) }
  }
}
