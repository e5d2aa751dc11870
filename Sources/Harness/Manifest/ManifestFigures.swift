import Records
package import Tables

/// A figure that a manifest asks for, with the published numbers it stands beside.
package struct ManifestFigure: Sendable, Hashable {
  /// Its `reference` is the path below the project's folder.
  package let specification: FigureSpecification
  /// The bytes of the reference file; nil where there is none.
  package let reference: [UInt8]?

  /// The published cells.
  package func published() throws(TablesError) -> CellList? {
    guard let reference else { return nil }
    return try CellList(
      csv: reference, file: specification.reference ?? specification.name, metric: specification.y)
  }
}

extension ManifestFigure {
  static let keys = ["lines", "over", "panels", "reference", "x", "y"]

  /// The figures of a manifest, in its order, their references read.
  static func figures(of files: ManifestFiles, layer: ManifestLayer) throws(ManifestError) -> [ManifestFigure]
  {
    var figures: [ManifestFigure] = []
    for figure in layer.figures { figures.append(try ManifestFigure(figure, files: files)) }
    return figures
  }

  init(
    _ figure: (name: String, origin: Origin, parts: ManifestEntries), files: ManifestFiles
  ) throws(ManifestError) {
    let name = "figures.\(figure.name)"
    try ManifestTable.checkName(figure.name, noun: "a figure", at: figure.origin)
    for part in figure.parts
    where !Self.keys.contains(part.key) && !part.key.hasPrefix("published_as.") {
      guard part.key != "published_as" else {
        throw ManifestError(
          part.node.origin,
          .wrongPart(key: "\(name).\(part.key)", found: part.node.found, expected: "keys with values"))
      }
      let near = nearest(part.key, among: Self.keys + ["published_as"]).map { "\(name).\($0)" }
      throw ManifestError(part.keyOrigin, .unknownKey("\(name).\(part.key)", nearest: near))
    }
    func keys(_ part: String) throws(ManifestError) -> [String] {
      guard let entry = figure.parts[part] else { return [] }
      return try ManifestTable.keys(of: entry, called: "\(name).\(part)")
    }
    func key(_ part: String) throws(ManifestError) -> String? {
      let found = try keys(part)
      guard found.count < 2 else {
        throw ManifestError(
          figure.parts[part]?.node.origin ?? figure.origin,
          .wrongPart(key: "\(name).\(part)", found: "a list", expected: "one key such as task.segments"))
      }
      return found.first
    }
    func needed<T>(_ part: String, _ value: T?, _ expected: String) throws(ManifestError) -> T {
      guard let value else {
        throw ManifestError(
          figure.origin, .missingPart(key: "\(name).\(part)", file: "the figure", expected: expected))
      }
      return value
    }

    let x = try needed("x", try key("x"), "the key along the horizontal axis, such as task.segments")
    let y = try needed("y", try key("y"), "the number along the vertical axis, such as test.accuracy")
    let lines = try keys("lines")
    _ = try needed("lines", lines.first, "the keys that tell curves apart, such as model.kind")
    try ManifestTable.checkMetric(y, called: "\(name).y", at: figure.parts["y"]?.node.origin ?? figure.origin)
    let (path, bytes) = try ManifestTable.referenceFile(
      figure.parts["reference"], called: "\(name).reference", files: files)
    let (panels, over) = (try key("panels"), try keys("over"))
    let axes = lines + (panels.map { [$0] } ?? []) + [x]
    let publishedAs = try TableGroups.publishedAs(figure.parts, called: name, axes: axes)
    do throws(FigureError) {
      specification = try FigureSpecification(
        name: figure.name, x: x, y: y, lines: lines, panels: panels, over: over,
        reference: path, publishedAs: publishedAs)
      reference = bytes
    } catch {
      throw ManifestError(figure.origin, .badTable(error.description))
    }
    do throws(TablesError) {
      _ = try published()
    } catch {
      let place = figure.parts["reference"]?.node.origin ?? figure.origin
      throw ManifestError(place, .badReference(reason: error.description))
    }
  }
}
