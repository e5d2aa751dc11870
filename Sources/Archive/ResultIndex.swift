package import Records

/// What tables read of results that were read before: settings and final metrics, kept under the SHA-256 of the bytes
/// they came from, so that HDF5 need not be opened again.
///
///     <store>/index/results
///         mneme 1\n
///         index 1\n
///         <SHA-256 of all bytes after these lines: 64 hexadecimal digits>\n
///         for every result   SHA-256 of all bytes after its user block   u8[32]
///                            how many bytes follow, little-endian        u32
///                            the numbers, in canonical CBOR              u8[]
///
/// It is derived, and never believed over the files: the bytes of a result are hashed at every reading, and what that
/// hash does not find here is read from the file. So a result that changed is not found, and whoever deletes or damages
/// the index loses nothing but time. Whoever brings runs to their end keeps them here at last; readers keep what they had
/// to read. It is replaced whole, by rename; of two that are written at once one is lost,
/// and its entries are read from the files once more.
package struct ResultIndex: Sendable {
  static let folderName = "index"
  static let fileName = "results"
  /// Another number for other entries: older ones are then not found.
  private static let head = Array("mneme 1\nindex 1\n".utf8)

  private let path: String
  private var entries: [Digest: ArraySlice<UInt8>]
  /// What this value has read from files.
  private(set) var added: [Digest: FinalNumbers] = [:]

  /// Reads the index of a store; one that is absent or damaged knows nothing.
  package init(of store: Store) {
    path = ResultIndex.path(in: store)
    entries = ResultIndex.entries(at: path) ?? [:]
  }

  /// One that knows nothing, and is kept nowhere.
  static let empty = ResultIndex()

  private init() { (path, entries) = ("", [:]) }

  static func path(in store: Store) -> String { "\(store.root)/\(folderName)/\(fileName)" }

  /// Whether the file there can be read.
  static func isIntact(_ path: String) -> Bool { entries(at: path) != nil }

  /// Settings and final metrics of a run's result, whose bytes are verified here and now.
  ///
  /// - Throws: as `ResultFile.readFinal`.
  package mutating func final(of run: RunDirectory) throws(ArchiveError) -> FinalNumbers {
    let reading = try read(run)
    keep(reading)
    return reading.final
  }

  /// What was found in one result.
  package struct Reading: Sendable {
    package let final: FinalNumbers
    /// The digest of the bytes that were read as HDF5; nil where the index knew the numbers, or cannot vouch for them.
    fileprivate let news: Digest?
  }

  /// Reads one result, by any number of threads at once: all its bytes are verified, and what the index does not know is
  /// read from them.
  ///
  /// - Parameter known: the settings that the run is named by and their canonical bytes, where the caller has them: they
  ///   need not be read once more.
  package func read(
    _ run: RunDirectory, known: (settings: Settings, canonicalBytes: [UInt8])? = nil
  ) throws(ArchiveError) -> Reading {
    try run.refuseLinks()
    let file = try VerifiedFile(run.resultPath, kind: .result, run: run.id)
    let content = file.block.content
    if let known, let entry = entries[content],
      let final = FinalNumbers(indexed: Array(entry), of: run.id, known.settings, known.canonicalBytes)
    {
      return Reading(final: final, news: nil)
    }
    if let final = final(of: file.block) { return Reading(final: final, news: nil) }
    let final = try ResultFile.readFinal(run.resultPath, verified: file)
    // Kept under the digest of the bytes that HDF5 read: nobody may have changed a file that was read twice.
    var isSame = file.bytes != nil
    if !isSame { isSame = try verify(run.resultPath, kind: .result, run: run.id) == file.block }
    return Reading(final: final, news: isSame ? content : nil)
  }

  /// Keeps what was read for the next reading.
  package mutating func keep(_ reading: Reading) {
    if let content = reading.news { added[content] = reading.final }
  }

  /// Keeps in the index of a store what it does not know of these runs, so that the next table has it. Nothing is said of
  /// what cannot be read: whoever shows it does.
  package static func remember(_ runs: [Digest], in store: Store) {
    var index = ResultIndex(of: store)
    let known = index
    for case let reading? in inParallel(runs, { run in try? known.read(store.run(run)) }) {
      index.keep(reading)
    }
    index.save()
  }

  /// What is kept of a verified file; nil where that is nothing, or numbers of another run.
  func final(of block: UserBlock) -> FinalNumbers? {
    let final = added[block.content] ?? entries[block.content].flatMap { FinalNumbers(indexed: Array($0)) }
    return final?.run == block.run ? final : nil
  }

  /// Keeps what was read from files for the next reading, beside what others have kept meanwhile. Nothing is said where
  /// it cannot: no number depends on it.
  package func save() {
    guard !added.isEmpty else { return }
    var all = ResultIndex.entries(at: path) ?? [:]
    for (content, final) in added { all[content] = final.indexed[...] }
    let rest = ResultIndex.spelled(all)
    do throws(ArchiveError) {
      try Folder.make(folder(of: path))
      try Publication.publish(
        ResultIndex.head + Array("\(Digest.sha256(rest).hex)\n".utf8) + rest, at: path, replacing: true)
    } catch {}
  }

  private static func spelled(_ entries: [Digest: ArraySlice<UInt8>]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (content, entry) in entries.sorted(by: { $0.key < $1.key }) {
      bytes += content.bytes
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: entry.count >> shift)) }
      bytes += entry
    }
    return bytes
  }

  /// The entries of a file, not yet decoded; nil for any file that is not what was written.
  private static func entries(at path: String) -> [Digest: ArraySlice<UInt8>]? {
    guard let bytes = try? Folder.contents(of: path, limit: Folder.collectionLimit), bytes.starts(with: head)
    else { return nil }
    let start = head.count + 65
    guard bytes.count >= start else { return nil }
    var builder = DigestBuilder()
    builder.update(bytes[start...])
    guard bytes[head.count..<start].elementsEqual("\(builder.finish().hex)\n".utf8) else { return nil }
    var entries: [Digest: ArraySlice<UInt8>] = [:]
    var place = start
    while place < bytes.count {
      guard place + 36 <= bytes.count, let content = Digest(bytes: bytes[place..<place + 32]) else {
        return nil
      }
      let count = bytes[place + 32..<place + 36].reversed().reduce(0) { $0 << 8 | Int($1) }
      place += 36
      guard count <= bytes.count - place else { return nil }
      entries[content] = bytes[place..<place + count]
      place += count
    }
    return entries
  }
}

extension FinalNumbers {
  /// The numbers as the index keeps them; metrics by their bits, since they may be no numbers.
  var indexed: [UInt8] {
    let metrics = metrics.map { metric in
      CBOR.Item.list([
        .text(metric.name), .unsigned(metric.value.bitPattern), .text(metric.unit),
        metric.better.map(CBOR.Item.text) ?? .null, .text(metric.split),
      ])
    }
    return CBOR.encode(
      .list([
        .bytes(settings.canonicalBytes), .bytes(derived.canonicalBytes), .list(metrics), .digest(weights),
      ]))
  }

  /// Reads `indexed` back; the run is the hash of the settings. Nil for anything else.
  init?(indexed bytes: [UInt8]) {
    guard let parts = FinalNumbers.parts(of: bytes),
      let settings = try? Settings(canonicalBytes: parts.settings)
    else { return nil }
    self.init(parts, of: Identity.run(storedBytes: parts.settings), settings)
  }

  /// Reads `indexed` back where these are the settings of `run`; nil for any other entry.
  init?(indexed bytes: [UInt8], of run: Digest, _ settings: Settings, _ canonicalBytes: [UInt8]) {
    guard let parts = FinalNumbers.parts(of: bytes), parts.settings == canonicalBytes else { return nil }
    self.init(parts, of: run, settings)
  }

  private typealias Parts = (settings: [UInt8], derived: [UInt8], metrics: [CBOR.Item], weights: [UInt8])

  private static func parts(of bytes: [UInt8]) -> Parts? {
    guard case .list(let parts)? = try? CBOR.decode(bytes), parts.count == 4,
      case .bytes(let settingsBytes) = parts[0], case .bytes(let derivedBytes) = parts[1],
      case .list(let items) = parts[2], case .bytes(let weightsBytes) = parts[3]
    else { return nil }
    return (settingsBytes, derivedBytes, items, weightsBytes)
  }

  private init?(_ parts: Parts, of run: Digest, _ settings: Settings) {
    guard let derived = try? Settings(canonicalBytes: parts.derived),
      let weights = Digest(bytes: parts.weights)
    else { return nil }
    let metrics = parts.metrics.compactMap(FinalMetric.init(indexed:))
    guard metrics.count == parts.metrics.count else { return nil }
    self.init(run: run, settings: settings, derived: derived, metrics: metrics, weights: weights)
  }
}

extension FinalMetric {
  fileprivate init?(indexed item: CBOR.Item) {
    guard case .list(let parts) = item, parts.count == 5, case .text(let name) = parts[0],
      case .unsigned(let bits) = parts[1], case .text(let unit) = parts[2], case .text(let split) = parts[4]
    else { return nil }
    let better: String?
    switch parts[3] {
    case .text(let word): better = word
    case .null: better = nil
    default: return nil
    }
    self.init(name: name, value: Double(bitPattern: bits), unit: unit, better: better, split: split)
  }
}
