import Glibc
package import Records

/// All that people wrote about the runs and manifests of a store: notes and tags, outside of every hash.
///
///     <store>/notes.jsonl      a line a remark, only ever appended to
///
/// Nothing is taken back: a tag that is removed has another line that says so, and what was written about a run that was
/// removed stays. Of two remarks the one that was written later counts, wherever it stands; so it does not matter in which
/// order stores were imported.
package struct Notebook: Sendable {
  static let fileName = "notes.jsonl"

  /// In the order in which they were written.
  package let remarks: [Remark]
  /// Numbers of lines, from 1, that are damaged; a last line that is cut off is not one of them.
  package let damagedLines: [Int]
  private let path: String
  private let places: [Digest: [Int]]

  /// Reads what was written; nothing where there is no file.
  package init(of store: Store) throws(ArchiveError) {
    path = Notebook.path(in: store)
    let (remarks, damaged) = Notebook.read(
      Folder.exists(path) ? try Folder.contents(of: path, limit: Folder.collectionLimit) : [])
    self.remarks = remarks.enumerated().sorted {
      $0.element.written == $1.element.written
        ? $0.offset < $1.offset : $0.element.written < $1.element.written
    }.map(\.element)
    damagedLines = damaged
    places = Dictionary(grouping: self.remarks.indices) { [remarks = self.remarks] in remarks[$0].id }
  }

  static func path(in store: Store) -> String { "\(store.root)/\(fileName)" }

  /// The notes on a run or manifest, oldest first.
  package func notes(on id: Digest) -> [Remark] {
    places[id, default: []].map { remarks[$0] }.filter { $0.act == .note }
  }

  /// The tags that a run or manifest has now, in the order of their bytes.
  package func tags(of id: Digest) -> [String] {
    var tags: Set<String> = []
    for place in places[id, default: []] {
      switch remarks[place].act {
      case .tag: tags.insert(remarks[place].text)
      case .untag: tags.remove(remarks[place].text)
      case .note: break
      }
    }
    return tags.sorted()
  }

  /// Everything that something is written about, in the order of the hashes.
  package var subjects: [(id: Digest, subject: Remark.Subject)] {
    places.sorted { $0.key < $1.key }.map { ($0.key, remarks[$0.value[0]].subject) }
  }

  /// Every tag that something has, once.
  package var tags: [String] { Set(places.keys.flatMap(tags(of:))).sorted() }

  /// What is wrong with the file; nil where nothing is.
  package var damage: ArchiveError? {
    guard !damagedLines.isEmpty else { return nil }
    return .corrupt(
      path: path, found: "damaged lines \(damagedLines.prefix(5).map(String.init).joined(separator: ", "))",
      expected: "lines that their checksums fit; all others are read")
  }

  fileprivate static func read(_ bytes: [UInt8]) -> (remarks: [Remark], damaged: [Int]) {
    var (remarks, damaged): ([Remark], [Int]) = ([], [])
    let lines = bytes.split(separator: feed, omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      if let remark = Remark(line: line) {
        remarks.append(remark)
      } else if number < lines.count - 1 {
        damaged.append(number + 1)
      }
    }
    return (remarks, damaged)
  }
}

private let feed = UInt8(ascii: "\n")

extension Store {
  /// Appends remarks of this user, now, in one piece; any number of writers may at once.
  ///
  /// - Throws: `noSpace`, `system`; nothing is written then.
  package func remark(
    _ acts: [(act: Remark.Act, text: String)], on id: Digest, _ subject: Remark.Subject
  ) throws(ArchiveError) {
    try append { known in
      // A clock that went back does not bring back a tag that was taken away.
      let written = max(Machine.now, known.map(\.written).max() ?? "")
      return acts.map {
        Remark(written: written, author: Machine.user, subject: subject, id: id, act: $0.act, text: $0.text)
      }
    }
  }

  /// Appends those of `remarks` that are not there yet, as they were written.
  ///
  /// - Returns: how many they were.
  package func add(_ remarks: [Remark]) throws(ArchiveError) -> Int {
    var count = 0
    try append { known in
      let known = Set(known)
      let new = remarks.filter { !known.contains($0) }
      count = new.count
      return new
    }
    return count
  }

  private func append(_ made: ([Remark]) -> [Remark]) throws(ArchiveError) {
    let path = Notebook.path(in: self)
    let isNew = !Folder.exists(path)
    let file = try Descriptor(path, O_RDWR | O_CREAT | O_APPEND, doing: "opening the notes")
    // Others hold it for as long as a line takes.
    guard retrying({ flock(file.number, LOCK_EX) }) == 0 else {
      throw ArchiveError.system(path, "locking", errno)
    }
    let bytes = try Folder.contents(of: path, limit: Folder.collectionLimit)
    var whole = bytes.count
    var start: [UInt8] = []
    if let last = bytes.last, last != feed {
      let line = bytes[((bytes.lastIndex(of: feed) ?? -1) + 1)...]
      // A line that lacks its end alone gets it; one that is cut off was never finished by whoever died writing it.
      if Remark(line: line) == nil { whole -= line.count } else { start = [feed] }
    }
    let remarks = made(Notebook.read(bytes).remarks)
    guard !remarks.isEmpty else { return }
    guard whole == bytes.count || ftruncate(file.number, off_t(whole)) == 0 else {
      throw ArchiveError.system(path, "cutting off an unfinished line", errno)
    }
    do throws(ArchiveError) {
      try file.write(start + remarks.flatMap(\.line))
      try file.synchronize()
    } catch {
      _ = ftruncate(file.number, off_t(whole))
      throw error
    }
    if isNew { try synchronizeFolder(root) }
  }
}
