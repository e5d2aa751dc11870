import Records

/// A tree read from a file, asked for what must be in it.
///
/// Every answer is checked for kind and size, and a complaint names the file and the place in it.
struct Layout {
  let file: String
  let root: Group

  func dataset(_ path: String, count: Int? = nil) throws(ArchiveError) -> Dataset {
    guard let dataset = root.dataset(path) else { throw malformed(path, "missing", "a dataset") }
    if let count, dataset.elements.count != count {
      throw malformed(path, "\(dataset.elements.count) elements", "\(count)")
    }
    return dataset
  }

  func group(_ path: String) throws(ArchiveError) -> Group {
    guard let group = root.group(path) else { throw malformed(path, "missing", "a group") }
    return group
  }

  func bytes(_ path: String) throws(ArchiveError) -> [UInt8] {
    try values(path) { $0.bytes }
  }

  func doubles(_ path: String, count: Int? = nil) throws(ArchiveError) -> [Double] {
    try values(path, count: count) { if case .float64(let values) = $0 { values } else { nil } }
  }

  func unsigned64(_ path: String) throws(ArchiveError) -> [UInt64] {
    try values(path) { $0.unsigned64 }
  }

  func unsigned32(_ path: String, count: Int? = nil) throws(ArchiveError) -> [UInt32] {
    try values(path, count: count) { $0.unsigned32 }
  }

  private func values<Value>(
    _ path: String, count: Int? = nil, _ pick: (Elements) -> [Value]?
  ) throws(ArchiveError) -> [Value] {
    let dataset = try dataset(path, count: count)
    guard let values = pick(dataset.elements) else {
      throw malformed(path, dataset.elements.kind, "another kind of numbers")
    }
    return values
  }

  /// The text of an attribute of the root.
  func text(_ name: String) throws(ArchiveError) -> String {
    guard let text = root.attribute(name)?.text else {
      throw malformed("attribute \(name)", "missing", "a text")
    }
    return text
  }

  /// The digest in an attribute of the root.
  func digest(_ name: String) throws(ArchiveError) -> Digest {
    let text = try text(name)
    guard let digest = Digest(hex: text) else {
      throw malformed("attribute \(name)", "\"\(text)\"", "64 hexadecimal digits")
    }
    return digest
  }

  /// The settings in a dataset of canonical bytes.
  func settings(_ path: String) throws(ArchiveError) -> Settings {
    do { return try Settings(canonicalBytes: try bytes(path)) } catch let error as RecordsError {
      throw malformed(path, "not canonical (\(error))", "settings")
    } catch let error as ArchiveError { throw error } catch { throw malformed(path, "\(error)", "settings") }
  }

  func malformed(_ object: String, _ found: String, _ expected: String) -> ArchiveError {
    .malformed(file: file, object: object, found: found, expected: expected)
  }

  /// The attributes that every stored file of ours begins with.
  static func head(_ kind: FileKind, run: Digest) -> [Attribute] {
    [
      Attribute("format", .text("mneme-\(kind.rawValue)")), Attribute("format_version", .unsigned32(1)),
      Attribute("run", .text(run.hex)),
    ]
  }

  /// Refuses a layout newer than this program.
  func checkVersion() throws(ArchiveError) {
    guard case .unsigned32(1)? = root.attribute("format_version")?.value else {
      throw malformed("attribute format_version", "not 1", "1: the file was written by a newer program")
    }
  }

  /// Long text as bytes. It is its own dimension scale, so that every dimension in the file has one.
  static func text(_ bytes: [UInt8], name: String, attributes: [Attribute]) -> Group.Item {
    .dataset(Dataset(shape: [bytes.count], .uint8(bytes), attributes: attributes, scaleName: name))
  }

  /// Settings as attributes under their dotted keys, for any viewer of HDF5.
  static func attributes(of settings: Settings) -> [Attribute] {
    settings.keys.compactMap { key in
      switch settings[key] {
      case .integer(let number)?: Attribute(key, .integer(Int64(number)))
      case .real(let number)?: Attribute(key, .real(number))
      case .text(let text)?: Attribute(key, .text(text))
      case let value?: Attribute(key, .text("\(value)"))
      case nil: nil
      }
    }
  }
}
