import Archive
package import Records
import Tables

/// A resolved manifest as one object of the store, and back.
///
///     {"format": "mneme-manifest", "version": 1, "name": text, "tier": text,
///      "shared": settings that all runs have, "runs": [[the rest of a run's settings, what is derived], …],
///      "tables": [table, …], "references": [[path, bytes], …], "resources": {…}}
///
/// and `"figures": [figure, …]` in a manifest that has any: bytes of those without are what they were before figures.
/// Runs are in the order of the tables. Settings are nested maps, without neutral values, as they are hashed.
extension Manifest {
  private static let format = "mneme-manifest"

  /// Deterministic CBOR of everything there is to know.
  package var canonicalBytes: [UInt8] {
    let parts = runs.map { $0.storedSettings }
    let shared = Manifest.shared(parts)
    var references: [String: [UInt8]] = [:]
    for table in tables {
      if let path = table.specification.reference, let bytes = table.reference { references[path] = bytes }
    }
    for figure in figures {
      if let path = figure.specification.reference, let bytes = figure.reference { references[path] = bytes }
    }
    var members: [String: CBOR.Item] = [
      "format": .text(Manifest.format), "version": .integer(1), "name": .text(name),
      "tier": .text(tier.rawValue),
      "shared": shared.item,
      "runs": .list(
        zip(parts, runs).map { settings, run in
          .list([Manifest.rest(of: settings, beside: shared).item, run.derived.item])
        }),
      "tables": .list(tables.map(\.specification.settings.item)),
      "references": .list(
        references.sorted { $0.key < $1.key }.map { .list([.text($0.key), .bytes($0.value)]) }),
      "resources": resources.settings.item,
    ]
    if !figures.isEmpty { members["figures"] = .list(figures.map(\.specification.settings.item)) }
    return CBOR.encode(.map(members))
  }

  /// Reads `canonicalBytes` back and compares the hash of what they hold with the one they are stored under.
  ///
  /// Runs are taken as they are written, also those of a model that this program does not know: their tables can be
  /// printed. `checked()` is what must be called before any is run.
  package init(canonicalBytes: [UInt8], hash: Digest) throws(ManifestError) {
    let origin = Origin.stored("manifest \(hash.short)")
    do {
      self = try Manifest.read(canonicalBytes)
    } catch {
      throw ManifestError(origin, .notStored("\(error)"))
    }
    guard self.hash == hash else {
      throw ManifestError(origin, .notIdentical(expected: hash, found: self.hash))
    }
  }

  /// The name alone, without a look at the runs; nil for what is no stored manifest.
  static func name(inStored bytes: [UInt8]) -> String? {
    guard case .map(let parts) = try? CBOR.decode(bytes), case .text(let name) = parts["name"] else {
      return nil
    }
    return name
  }

  /// The same manifest with every run resolved anew by this program; throws where one means something else to it.
  package func checked() throws(ManifestError) -> Manifest {
    var runs: [Specification] = []
    var checks = RunChecks()
    for run in self.runs {
      runs.append(
        try Specification(canonicalBytes: run.canonicalBytes, growth: .current, checks: &checks))
    }
    return Manifest(
      name: name, tier: tier, runs: runs, tables: tables, figures: figures, resources: resources)
  }

  private static func read(_ bytes: [UInt8]) throws -> Manifest {
    guard case .map(let parts) = try CBOR.decode(bytes),
      case .text(format) = parts["format"], case .unsigned(1) = parts["version"],
      case .text(let name) = parts["name"], case .text(let tierName) = parts["tier"],
      let tier = Tier(rawValue: tierName), let sharedItem = parts["shared"],
      case .list(let runs) = parts["runs"],
      case .list(let tables) = parts["tables"], case .list(let references) = parts["references"],
      let resources = parts["resources"]
    else { throw Damage("it is no manifest of version 1") }
    guard isLabel(name) else { throw Damage("its name has characters that no terminal shows") }
    var figures: [CBOR.Item] = []
    if let item = parts["figures"] {
      guard case .list(let items) = item else { throw Damage("its figures are no list") }
      figures = items
    }

    let shared = try Settings(item: sharedItem)
    var contents: [String: [UInt8]] = [:]
    for reference in references {
      guard case .list(let pair) = reference, pair.count == 2, case .text(let path) = pair[0],
        case .bytes(let bytes) = pair[1]
      else { throw Damage("a reference is not a path with bytes") }
      contents[path] = bytes
    }
    return Manifest(
      name: name, tier: tier,
      runs: try inParallel(runs) { item in Result { try Manifest.run(item, beside: shared) } }.map {
        try $0.get()
      },
      tables: try tables.map { item in
        let specification = try TableSpecification(stored: Settings(item: item))
        return ManifestTable(
          specification: specification, reference: specification.reference.flatMap { contents[$0] })
      },
      figures: try figures.map { item in
        let specification = try FigureSpecification(stored: Settings(item: item))
        return ManifestFigure(
          specification: specification, reference: specification.reference.flatMap { contents[$0] })
      },
      resources: Resources(stored: try Settings(item: resources)))
  }

  private static func run(_ item: CBOR.Item, beside shared: Settings) throws -> Specification {
    guard case .list(let pair) = item, pair.count == 2 else {
      throw Damage("a run is no pair of settings")
    }
    return Specification(
      recorded: try union(shared, Settings(item: pair[0])), derived: try Settings(item: pair[1]))
  }

  private static func shared(_ parts: [Settings]) -> Settings {
    guard var shared = parts.first else { return Settings() }
    for settings in parts.dropFirst() {
      for key in shared.keys where settings[key] != shared[key] { shared[key] = nil }
    }
    return shared
  }

  private static func rest(of settings: Settings, beside shared: Settings) -> Settings {
    var rest = settings
    for key in shared.keys { rest[key] = nil }
    return rest
  }

  /// Like `merging`, for settings that someone may have damaged.
  private static func union(_ shared: Settings, _ rest: Settings) throws(RecordsError) -> Settings {
    var result = shared
    for key in rest.keys {
      if let value = rest[key] { try result.set(key, to: value) }
    }
    return result
  }
}

/// What a stored manifest lacks.
private struct Damage: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension TableSpecification {
  /// Reads `settings` back.
  fileprivate init(stored: Settings) throws {
    func text(_ key: String) -> String? {
      if case .text(let text) = stored[key] { text } else { nil }
    }
    func words(_ key: String) -> [String] {
      guard case .list(let values) = stored[key] else { return [] }
      return values.map(\.description)
    }
    let cells = text("cell").map { [$0] } ?? words("cell")
    guard let name = text("name"), let cell = cells.first, let show = text("show").flatMap(Show.init) else {
      throw Damage("a table lacks its name, cell or show")
    }
    let publishedAs = try stored["published_as"].map { value in
      guard let pairing = PublishedAs(value) else { throw Damage("published_as is no list of pairs") }
      return pairing
    }
    let remarks = stored.group("remarks")
    try self.init(
      name: name, rows: words("rows"), columns: words("columns"), cell: cell,
      besides: Array(cells.dropFirst()), over: words("over"), show: show,
      better: text("better").flatMap(Better.init), reference: text("reference"),
      publishedAs: publishedAs ?? PublishedAs(),
      remarks: remarks.keys.isEmpty ? nil : RemarkSpecification(remarks),
      comparison: try ComparisonSpecification(stored: stored))
  }
}

extension ComparisonSpecification {
  fileprivate init(stored: Settings) throws {
    var margin: Margin?
    if let value = stored["margin"] {
      guard let read = Margin(value.description) else { throw Damage("a margin is \(value)") }
      margin = read
    }
    var converged: Double?
    if case .real(let number) = stored["converged"] { converged = number }
    self.init(
      isPaired: stored["paired"] == .boolean(true), margin: margin, converged: converged)
  }
}

extension FigureSpecification {
  /// Reads `settings` back.
  fileprivate init(stored: Settings) throws {
    func text(_ key: String) -> String? {
      if case .text(let text) = stored[key] { text } else { nil }
    }
    func words(_ key: String) -> [String] {
      guard case .list(let values) = stored[key] else { return [] }
      return values.map(\.description)
    }
    guard let name = text("name"), let x = text("x"), let y = text("y"),
      let publishedAs = stored["published_as"].map(PublishedAs.init) ?? PublishedAs()
    else { throw Damage("a figure lacks its name, x or y") }
    try self.init(
      name: name, x: x, y: y, lines: words("lines"), panels: text("panels"), over: words("over"),
      reference: text("reference"), publishedAs: publishedAs)
  }
}

extension Resources {
  /// As stored; what is not asked for is left out.
  fileprivate var settings: Settings {
    var settings = Settings()
    settings["threads"] = threads.map(Value.integer)
    settings["timeout"] = timeout.map(Value.integer)
    settings["keep_weights"] = keepWeights.map(Value.boolean)
    settings["checkpoint_seconds"] = checkpointSeconds.map(Value.integer)
    settings["retries"] = retries.map(Value.integer)
    settings["memory"] = memory.map(Value.integer)
    for (name, count) in slots { settings["slots.\(name)"] = .integer(count) }
    return settings
  }

  fileprivate init(stored: Settings) {
    self.init()
    func integer(_ key: String) -> Int? {
      if case .integer(let number) = stored[key] { number } else { nil }
    }
    // In no hash: whoever changed them changed nothing else, so what no manifest can say is as if it were not said.
    func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
      integer(key).flatMap { range.contains($0) ? $0 : nil }
    }
    threads = integer("threads", 1...1024)
    timeout = integer("timeout", 1...1 << 40)
    checkpointSeconds = integer("checkpoint_seconds", 1...86_400)
    retries = integer("retries", 0...100)
    memory = integer("memory", 1...1 << 60)
    for key in stored.keys where key.hasPrefix("slots.") {
      slots[String(key.dropFirst("slots.".count))] = integer(key, 1...1024)
    }
    if case .boolean(let flag) = stored["keep_weights"] { keepWeights = flag }
  }
}
