package import Archive
package import Records

/// What is written about: a run or a manifest that a store has.
package struct NoteSubject: Sendable, Equatable {
  package let id: Digest
  package let kind: Remark.Subject
  /// `sorting: model.memory=none seed=1`, or a manifest's name; empty where nothing is known.
  package let name: String

  init(_ id: Digest, _ kind: Remark.Subject, name: String) {
    (self.id, self.kind, self.name) = (id, kind, name)
  }

  /// What `word` names: a hash or the beginning of one, or a manifest's file.
  ///
  /// - Throws: `NoteError.unstored` for a manifest that was never run here; as `Subject`.
  package init(_ word: String, in store: Store) throws {
    switch try Subject(word, in: store, at: store.root) {
    case .run(let run):
      self.init(run, .run, name: NoteSubject.name(of: run, in: store, try StoredRuns(store)))
    case .manifest(let manifest):
      guard try store.hasManifest(manifest.hash) else {
        throw NoteError.unstored(file: word, hash: manifest.hash.short)
      }
      self.init(manifest.hash, .manifest, name: manifest.name)
    }
  }

  /// Everything in a store that something is written about.
  package static func all(_ notebook: Notebook, in store: Store) throws -> [NoteSubject] {
    let subjects = notebook.subjects
    guard !subjects.isEmpty else { return [] }
    let stored = try StoredRuns(store)
    return subjects.map { id, kind in
      let manifest = stored.manifests.first { $0.hash == id }
      return NoteSubject(id, kind, name: manifest?.name ?? name(of: id, in: store, stored))
    }
  }

  private static func name(of run: Digest, in store: Store, _ stored: StoredRuns) -> String {
    stored.name(of: run, settings: try? store.run(run).settings()).text
  }
}

/// What is to be written: a note, tags given, tags taken away.
package struct NoteChange: Sendable {
  private let note: String?
  private let given: [String]
  private let taken: [String]

  /// - Throws: `NoteError` for what is no note or no tag.
  package init(note: String?, tags given: [String], untags taken: [String]) throws(NoteError) {
    for tag in given + taken where !Remark.isTag(tag) { throw .noTag(tag) }
    if let tag = given.first(where: taken.contains) { throw .contrary(tag) }
    let words = note.map { text in
      String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
    if let words {
      guard !words.isEmpty else { throw .empty }
      guard words.utf8.count <= NoteError.limit else { throw .tooLong(bytes: words.utf8.count) }
      guard !words.unicodeScalars.contains(where: Remark.isControl) else { throw .control("the note") }
    }
    (self.note, self.given, self.taken) = (words, given, taken)
  }

  /// Whether nothing is to be written.
  package var isEmpty: Bool { note == nil && given.isEmpty && taken.isEmpty }

  /// Writes it; a tag that is there already is not written again.
  package func write(about subject: NoteSubject, in store: Store) throws {
    let known = try Notebook(of: store).tags(of: subject.id)
    for tag in taken where !known.contains(tag) {
      throw NoteError.unknownTag(tag, of: "\(subject.kind.rawValue) \(subject.id.short)", known: known)
    }
    var acts: [(act: Remark.Act, text: String)] = note.map { [(.note, $0)] } ?? []
    acts += given.filter { !known.contains($0) }.map { (.tag, $0) }
    acts += taken.map { (.untag, $0) }
    if !acts.isEmpty { try store.remark(acts, on: subject.id, subject.kind) }
  }
}

extension Store {
  /// Whether a manifest is kept under this hash.
  func hasManifest(_ hash: Digest) throws(ArchiveError) -> Bool {
    try candidates(prefix: hash.hex).contains(.object(StoredObject(kind: "manifest", id: hash)))
  }
}
