import Records
package import Tables

/// A table that a manifest asks for, with the published numbers it stands beside.
package struct ManifestTable: Sendable, Hashable {
  /// Its `reference` is the path below the project's folder.
  package let specification: TableSpecification
  /// The bytes of the reference file; nil where there is none.
  package let reference: [UInt8]?

  /// The published cells of the table's metric, or of another of its metrics.
  ///
  /// Nil where there is no reference, or where it has another metric of the table and not this one.
  package func published(of metric: String? = nil) throws(TablesError) -> CellList? {
    let metric = metric ?? specification.cell
    do throws(TablesError) { return try cells(of: metric) } catch {
      guard case .noMetricColumn(_, _, let known) = error, specification.cells.contains(where: known.contains)
      else { throw error }
      return nil
    }
  }

  /// What stands beside the measured cells of a metric: published ones, or the same places without a number.
  func reference(of metric: String, in unit: Unit) throws(TablesError) -> CellList? {
    if let own = try published(of: metric) { return own }
    for other in specification.cells {
      if let places = try published(of: other) { return places.withoutNumbers(of: metric, in: unit) }
    }
    return nil
  }

  private func cells(of metric: String) throws(TablesError) -> CellList? {
    guard let reference else { return nil }
    return try CellList(csv: reference, file: specification.reference ?? specification.name, metric: metric)
  }
}

extension ManifestTable {
  /// What the names of metrics and costs begin with.
  static let metricGroups = ["cost", "test", "train", "validation"]

  static let keys = [
    "better", "cell", "columns", "converged", "margin", "over", "paired", "reference", "rows", "show",
  ]
  /// Parts that are groups of their own.
  static let groups = ["published_as", "remarks"]

  /// The tables of a manifest, in its order, their references read.
  static func tables(of files: ManifestFiles, layer: ManifestLayer) throws(ManifestError) -> [ManifestTable] {
    var tables: [ManifestTable] = []
    for table in layer.tables { tables.append(try ManifestTable(table, files: files)) }
    return tables
  }

  init(
    _ table: (name: String, origin: Origin, parts: ManifestEntries), files: ManifestFiles
  ) throws(ManifestError) {
    let name = "tables.\(table.name)"
    try Self.checkName(table.name, noun: "a table", at: table.origin)
    for part in table.parts where !Self.keys.contains(part.key) {
      if Self.groups.contains(where: { part.key.hasPrefix($0 + ".") }) { continue }
      guard !Self.groups.contains(part.key) else {
        throw ManifestError(
          part.node.origin,
          .wrongPart(key: "\(name).\(part.key)", found: part.node.found, expected: "keys with values"))
      }
      let near = nearest(part.key, among: Self.keys + Self.groups).map { "\(name).\($0)" }
      throw ManifestError(part.keyOrigin, .unknownKey("\(name).\(part.key)", nearest: near))
    }
    func keys(_ part: String) throws(ManifestError) -> [String] {
      guard let entry = table.parts[part] else { return [] }
      return try Self.keys(of: entry, called: "\(name).\(part)")
    }
    func choice<C: CaseIterable & RawRepresentable>(_ part: String, _ type: C.Type) throws(ManifestError)
      -> C?
    where C.RawValue == String {
      guard let entry = table.parts[part] else { return nil }
      let names = C.allCases.map(\.rawValue)
      let value = try FieldType.choice(names).value(of: entry.node, for: "\(name).\(part)")
      return C(rawValue: value.description)
    }
    func needed<T>(_ part: String, _ value: T?, _ expected: String) throws(ManifestError) -> T {
      guard let value else {
        throw ManifestError(
          table.origin, .missingPart(key: "\(name).\(part)", file: "the table", expected: expected))
      }
      return value
    }

    let rows = try keys("rows")
    let columns = try keys("columns")
    let over = try keys("over")
    let cells = try keys("cell")
    let cell = try needed("cell", cells.first, "the number in a cell, such as test.accuracy")
    let show = try needed(
      "show", try choice("show", Show.self), "one of \(Show.allCases.map(\.rawValue).joined(separator: ", "))"
    )
    let better = try choice("better", Better.self)
    for cell in cells {
      try Self.checkMetric(cell, called: "\(name).cell", at: table.parts["cell"]?.node.origin ?? table.origin)
    }
    let publishedAs = try TableGroups.publishedAs(table.parts, called: name, axes: rows + columns)
    let remarks = try TableGroups.remarks(table.parts, called: name)
    let comparison = try TableGroups.comparison(table.parts, called: name)
    let (path, bytes) = try Self.referenceFile(
      table.parts["reference"], called: "\(name).reference", files: files)
    do throws(TablesError) {
      specification = try TableSpecification(
        name: table.name, rows: rows, columns: columns, cell: cell, besides: Array(cells.dropFirst()),
        over: over, show: show, better: better, reference: path, publishedAs: publishedAs, remarks: remarks,
        comparison: comparison)
      reference = bytes
    } catch {
      throw ManifestError(table.origin, .badTable(error.description))
    }
    do throws(TablesError) {
      for cell in cells { _ = try published(of: cell) }
    } catch {
      let place = table.parts["reference"]?.node.origin ?? table.origin
      throw ManifestError(place, .badReference(reason: error.description))
    }
  }

  /// Names of tables and figures are parts of file names.
  static func checkName(_ name: String, noun: String, at origin: Origin) throws(ManifestError) {
    guard isTableName(name) else {
      throw ManifestError(
        origin,
        .wrongPart(key: noun, found: "called “\(shortened(name))”", expected: "a name of a–z, 0–9, - and _"))
    }
  }

  /// Refuses a key that is neither a metric nor a cost.
  static func checkMetric(_ key: String, called name: String, at origin: Origin) throws(ManifestError) {
    guard metricGroups.contains(String(key.prefix { $0 != "." })), key.contains(".") else {
      throw ManifestError(
        origin,
        .wrongPart(
          key: name, found: key,
          expected: "a metric or cost: a key that begins with one of \(metricGroups.joined(separator: ", "))")
      )
    }
    guard !key.hasPrefix("cost.") || Cost(key: key) != nil else {
      let known = Cost.allCases.map(\.key)
      throw ManifestError(
        origin,
        .unknownName(
          key: name, found: key, noun: "a cost that is kept", known: known,
          nearest: nearest(key, among: known)))
    }
  }

  /// The path below the project's folder and the bytes of published numbers; nil where none are named.
  static func referenceFile(
    _ entry: ManifestEntry?, called name: String, files: ManifestFiles
  ) throws(ManifestError) -> (path: String?, bytes: [UInt8]?) {
    guard let entry else { return (nil, nil) }
    let file = try files.project.file(
      at: entry.node, key: name, namedIn: files.file(of: entry.node), chain: [])
    return (files.project.relative(file), try SourceText.bytes(of: file.path, shown: file.shown))
  }

  /// One key, or a list of keys.
  static func keys(of entry: ManifestEntry, called name: String) throws(ManifestError) -> [String] {
    let nodes: [YAMLNode]
    if case .list(let elements) = entry.node.content { nodes = elements } else { nodes = [entry.node] }
    var keys: [String] = []
    for node in nodes {
      guard case .scalar(let text, _) = node.content, Settings().accepts(text) else {
        throw ManifestError(
          node.origin, .wrongPart(key: name, found: node.found, expected: "a key such as task.segments"))
      }
      keys.append(text)
    }
    return keys
  }
}

private func isTableName(_ name: String) -> Bool {
  !name.isEmpty && name.utf8.count <= 64
    && name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

extension Settings {
  /// True when `key` could be a key of settings.
  fileprivate func accepts(_ key: String) -> Bool {
    var copy = self
    do throws(RecordsError) { try copy.set(key, to: .boolean(true)) } catch { return false }
    return true
  }
}
