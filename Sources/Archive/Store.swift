package import Records

/// Everything that was ever computed, in a folder without a database.
///
///     VERSION
///     objects/<aa>/<hash>.manifest                   manifests and plans, resolved
///     runs/<aa>/<run>/spec                           the bytes that the run's name is the hash of
///                    /lock                           held by whoever works on the run
///                    /result.h5  weights.h5          published once
///                    /attempts/0001/attempt.json     who, where, when
///                                  /live.jsonl       what was going on
///                                  /checkpoint-00001200.h5
///                                  /beats            signs of life for other machines, where there is a lease
///                                  /end.json         how it ended; absent if it did not
///     jobs/<plan>/17_3.log                           what jobs of a cluster wrote; jobs/lock is held while one submits
///     notes.jsonl                                    what people wrote about runs and manifests
///     index/results                                  derived: numbers of results, by the digest of their bytes
///     trash/                                         what is being removed
///
/// Every file appears whole, by rename, or is only ever appended to. Whether a run is done, running,
/// interrupted or failed is derived from these files and the lock, and stored nowhere.
package struct Store: Sendable {
  /// The folder, as it was given.
  package let root: String

  private static let version = "mneme store 1\n"

  /// Opens a store.
  ///
  /// - Parameter creating: whether to make one where there is no folder, or an empty one.
  /// - Throws: `notAStore` for a folder of other things or of another version; `absent` for none, or an empty one;
  ///   `system`.
  package init(at root: String, creating: Bool) throws(ArchiveError) {
    self.root = root
    if creating, Folder.isFolder(root, following: true) || !Folder.exists(root) {
      try Folder.make(root)
      if try Store.isEmpty(root) {
        do throws(ArchiveError) {
          try Publication.publish(Array(Store.version.utf8), at: "\(root)/VERSION")
        } catch {
          // Somebody else made the same store at the same time: theirs is as good.
          guard case .exists = error else { throw error }
        }
      }
    }
    guard Folder.exists(root) else { throw ArchiveError.absent(path: root) }
    guard Folder.isFolder(root, following: true) else {
      throw ArchiveError.notAStore(path: root, found: "it is no folder")
    }
    guard Folder.exists("\(root)/VERSION") else {
      // Somebody may be making it at this moment.
      if try Store.isEmpty(root) { throw ArchiveError.absent(path: root) }
      throw ArchiveError.notAStore(path: root, found: "it has no file VERSION")
    }
    for name in ["runs", "objects", Store.jobsName, ResultIndex.folderName, Store.trashName]
    where Folder.isLink("\(root)/\(name)") {
      throw ArchiveError.notAStore(
        path: root, found: "its \(name) is a link, and no path leads out of a store but by --store")
    }
    let found = String(decoding: try Folder.contents(of: "\(root)/VERSION"), as: UTF8.self)
    guard found == Store.version else {
      throw ArchiveError.notAStore(
        path: root,
        found:
          "its VERSION says \(Store.shown(found)), this program knows \(Store.shown(Store.version))")
    }
  }

  /// Whether a folder holds nothing, or a store's first file that has no name yet.
  private static func isEmpty(_ root: String) throws(ArchiveError) -> Bool {
    try Folder.names(in: root, following: true).allSatisfy { $0.hasPrefix(".VERSION") }
  }

  /// The first line of a text in quotes; what cannot be shown in a sentence is not.
  private static func shown(_ text: String) -> String {
    let line = text.unicodeScalars.prefix { $0 != "\n" }.prefix(40)
    let isPlain =
      !line.isEmpty && line.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{FFFD}" }
    guard isPlain else { return "nothing that can be shown" }
    let rest = text.unicodeScalars.count - line.count > 1 ? " and more" : ""
    return "\"\(String(String.UnicodeScalarView(line)))\"\(rest)"
  }

  /// The place of a run, whether or not anything is there.
  package func run(_ id: Digest) -> RunDirectory { RunDirectory(id: id, root: root) }

  /// Makes the place of a run, with its specification. A run that is there already is left as it is, but for a
  /// specification that is not what its name says: that is written anew.
  ///
  /// - Parameter settings: as they are hashed: without entries that equal their neutral value.
  /// - Parameter mended: told of what was written anew, in a sentence.
  @discardableResult
  package func add(
    _ settings: Settings, mended: (String) -> Void = { _ in }
  ) throws(ArchiveError) -> RunDirectory {
    let run = run(Identity.run(settings))
    try run.refuseLinks()
    try Folder.make(run.path)
    try FaultPoint.placeAfterFolder.pass(run.path)
    if run.damageOfSettings() != nil {
      try Publication.publish(settings.canonicalBytes, at: run.specificationPath, replacing: true)
      mended("\(run.specificationPath) was missing or damaged, and was written anew.")
    } else if !Folder.exists(run.specificationPath) {
      do throws(ArchiveError) {
        try Publication.publish(settings.canonicalBytes, at: run.specificationPath)
      } catch {
        guard case .exists = error else { throw error }
      }
    }
    _ = try run.settings()
    return run
  }

  /// The ids of all runs that have a place, in order.
  package func runs() throws(ArchiveError) -> [Digest] {
    var runs: [Digest] = []
    for shelf in try Folder.names(in: "\(root)/runs") where !Folder.isLink("\(root)/runs/\(shelf)") {
      runs += try Folder.names(in: "\(root)/runs/\(shelf)").compactMap(Digest.init(hex:))
    }
    return runs
  }

  /// What a hash in the store may name.
  package enum Named: Sendable, Hashable {
    case run(Digest)
    case object(StoredObject)

    package var id: Digest {
      switch self {
      case .run(let id): id
      case .object(let object): object.id
      }
    }

    /// `run`, `manifest`, `plan`.
    package var kind: String {
      switch self {
      case .run: "run"
      case .object(let object): object.kind
      }
    }
  }

  /// All runs and objects whose hash begins with `prefix`, ordered by hash; none for what cannot begin a hash.
  ///
  /// Which beginnings are long enough is `Digest.resolve`'s to say.
  package func candidates(prefix: String) throws(ArchiveError) -> [Named] {
    let prefix = prefix.lowercased()
    // Two digits name the shelf: the rest of the store need not be listed.
    func isWanted(_ shelf: String) -> Bool { prefix.hasPrefix(shelf) || shelf.hasPrefix(prefix) }
    var found: [Named] = []
    for shelf in try Folder.names(in: "\(root)/runs") where isWanted(shelf) {
      for name in try Folder.names(in: "\(root)/runs/\(shelf)") where name.hasPrefix(prefix) {
        if let id = Digest(hex: name) { found.append(.run(id)) }
      }
    }
    for shelf in try Folder.names(in: "\(root)/objects") where isWanted(shelf) {
      for name in try Folder.names(in: "\(root)/objects/\(shelf)") where name.hasPrefix(prefix) {
        if let object = StoredObject(name: name) { found.append(.object(object)) }
      }
    }
    return found.sorted { ($0.id, $0.kind) < ($1.id, $1.kind) }
  }
}
