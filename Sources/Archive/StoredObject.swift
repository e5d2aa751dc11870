package import Records

/// A resolved manifest or plan, kept under its hash.
///
/// Its hash is not that of its bytes, so four lines stand before them that tell damage:
///
///     mneme 1\n
///     manifest\n
///     <hash>\n
///     <SHA-256 of all bytes after these lines>\n
package struct StoredObject: Sendable, Hashable {
  /// `manifest`, `plan`: a lower-case word.
  package let kind: String
  package let id: Digest

  package init(kind: String, id: Digest) { (self.kind, self.id) = (kind, id) }

  /// `3f9a….manifest`.
  var name: String { "\(id.hex).\(kind)" }

  /// Reads an object's name back; nil if it is none.
  init?(name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let id = Digest(hex: String(parts[0])), StoredObject.isWord(parts[1]) else {
      return nil
    }
    self.init(kind: String(parts[1]), id: id)
  }

  static func isWord(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
  }

  func framed(_ content: [UInt8]) -> [UInt8] {
    Array("mneme 1\n\(kind)\n\(id.hex)\n\(Digest.sha256(content).hex)\n".utf8) + content
  }

  /// The content of a framed object, checked.
  func content(of bytes: [UInt8], path: String) throws(ArchiveError) -> [UInt8] {
    let head = "mneme 1\n\(kind)\n\(id.hex)\n".utf8
    let start = head.count + 65
    guard bytes.count >= start else {
      throw ArchiveError.spoilt(
        path: path, found: "it is cut short, \(bytes.count) bytes of at least \(start)")
    }
    // Whatever has such a name in such a place was kept here: other lines are damage, and nobody else's file.
    guard bytes.starts(with: head) else {
      throw ArchiveError.spoilt(path: path, found: "its first lines are not those of a \(kind) of its name")
    }
    let content = Array(bytes[start...])
    let recorded = String(decoding: bytes[head.count..<start], as: UTF8.self)
    let found = Digest.sha256(content)
    guard recorded == found.hex + "\n" else {
      guard let recorded = Digest(hex: String(recorded.dropLast())) else {
        throw ArchiveError.spoilt(path: path, found: "its fourth line is no digest")
      }
      throw ArchiveError.damaged(path: path, recorded: recorded, found: found)
    }
    return content
  }
}

extension Store {
  /// Keeps `content` under its hash. If something is kept there, that stays: the hash covers all that matters
  /// of it (a manifest's name, say, is in no hash).
  ///
  /// - Throws: `damaged` if what is kept there is not intact, and all that publishing can throw.
  package func put(_ content: [UInt8], as object: StoredObject) throws(ArchiveError) {
    guard StoredObject.isWord(object.kind) else {
      throw ArchiveError.unwritable(
        file: root, object: "a \(object.kind)", reason: "its kind is no lower-case word")
    }
    let path = path(of: object)
    try Folder.make(folder(of: path))
    do throws(ArchiveError) {
      try Publication.publish(object.framed(content), at: path)
    } catch {
      guard case .exists = error else { throw error }
      _ = try self.object(object)
    }
  }

  /// The content kept under a hash; throws `absent` if there is none, `damaged` if it is not what was kept.
  package func object(_ object: StoredObject) throws(ArchiveError) -> [UInt8] {
    let path = path(of: object)
    return try object.content(of: try Folder.contents(of: path, limit: Folder.collectionLimit), path: path)
  }

  /// All objects, by hash and then kind.
  package func objects() throws(ArchiveError) -> [StoredObject] {
    var objects: [StoredObject] = []
    for shelf in try Folder.names(in: "\(root)/objects") where !Folder.isLink("\(root)/objects/\(shelf)") {
      objects += try Folder.names(in: "\(root)/objects/\(shelf)").compactMap(StoredObject.init(name:))
    }
    return objects
  }

  /// Where an object is kept, whether or not it is there.
  package func place(of object: StoredObject) -> String { path(of: object) }

  func path(of object: StoredObject) -> String {
    "\(root)/objects/\(object.id.hex.prefix(2))/\(object.name)"
  }
}
