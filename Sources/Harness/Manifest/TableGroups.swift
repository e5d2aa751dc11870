import Records
import Tables

/// Reads the parts of a table that are groups of keys.
enum TableGroups {
  /// `published_as: {task.segment_length: {16: 256, 24: 512}}`
  ///
  /// The measured value is the last part of the key, and may hold points itself; so a key must be an axis.
  static func publishedAs(
    _ parts: ManifestEntries, called name: String, axes: [String]
  ) throws(ManifestError) -> PublishedAs {
    let group = "\(name).published_as"
    var pairs: [PublishedAs.Pair] = []
    for part in parts where part.key.hasPrefix("published_as.") {
      let rest = part.key.dropFirst("published_as.".count)
      guard let key = axes.first(where: { rest.hasPrefix($0 + ".") }) else {
        throw ManifestError(
          part.keyOrigin,
          .wrongPart(
            key: group, found: "about \(shortened(String(rest)))",
            expected: "measured values of a row or column, such as task.segment_length: {16: 256}"))
      }
      let measured = String(rest.dropFirst(key.count + 1))
      guard !measured.isEmpty, case .scalar(let published, _) = part.node.content, !published.isEmpty else {
        throw ManifestError(
          part.node.origin,
          .wrongPart(key: "\(group).\(rest)", found: part.node.found, expected: "the published value"))
      }
      pairs.append(PublishedAs.Pair(key: key, measured: measured, published: published))
    }
    return PublishedAs(pairs)
  }

  /// `remarks: {along: task.segments, of: model.kind, about: memoria}`
  static func remarks(
    _ parts: ManifestEntries, called name: String
  ) throws(ManifestError) -> RemarkSpecification? {
    let group = "\(name).remarks"
    let known = ["about", "along", "of"]
    var words: [String: String] = [:]
    var origin: Origin?
    for part in parts where part.key.hasPrefix("remarks.") {
      let key = String(part.key.dropFirst("remarks.".count))
      origin = origin ?? part.keyOrigin
      guard known.contains(key) else {
        throw ManifestError(
          part.keyOrigin,
          .unknownKey("\(group).\(key)", nearest: nearest(key, among: known).map { "\(group).\($0)" }))
      }
      guard case .scalar(let word, _) = part.node.content, !word.isEmpty else {
        throw ManifestError(
          part.node.origin,
          .wrongPart(key: "\(group).\(key)", found: part.node.found, expected: "one word"))
      }
      words[key] = word
    }
    guard let origin else { return nil }
    func needed(_ key: String, _ expected: String) throws(ManifestError) -> String {
      guard let word = words[key] else {
        throw ManifestError(
          origin, .missingPart(key: "\(group).\(key)", file: "the table", expected: expected))
      }
      return word
    }
    return RemarkSpecification(
      along: try needed("along", "the axis a series runs along, such as task.segments"),
      of: try needed("of", "the axis whose series are compared, such as model.kind"), about: words["about"])
  }

  /// `paired: true`, `margin: 0.5%`, `converged: 0.5`
  static func comparison(
    _ parts: ManifestEntries, called name: String
  ) throws(ManifestError) -> ComparisonSpecification {
    func refused(_ key: String, _ entry: ManifestEntry, _ expected: String) -> ManifestError {
      ManifestError(
        entry.node.origin, .wrongPart(key: "\(name).\(key)", found: entry.node.found, expected: expected))
    }
    var isPaired = false
    if let entry = parts["paired"] {
      isPaired = try FieldType.boolean.value(of: entry.node, for: "\(name).paired") == .boolean(true)
    }
    var margin: Margin?
    if let entry = parts["margin"] {
      guard case .scalar(let text, _) = entry.node.content, let read = Margin(text) else {
        throw refused("margin", entry, Margin.expected)
      }
      margin = read
    }
    var converged: Double?
    if let entry = parts["converged"] {
      guard case .scalar(let text, _) = entry.node.content, let number = Double(text), number.isFinite else {
        throw refused(
          "converged", entry, "the number from which on a run has converged, as stored: 0.5 for 50 %")
      }
      converged = number
    }
    return ComparisonSpecification(isPaired: isPaired, margin: margin, converged: converged)
  }
}
