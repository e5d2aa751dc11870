package import Records

/// What a manifest wants said about the numbers of a table, in words that are computed from them.
///
///     remarks: {along: task.segments, of: model.kind, about: memoria}
///
/// The cells of one `of` along `along`, all other axes fixed, are a series.
package struct RemarkSpecification: Sendable, Hashable {
  /// The axis along which a series runs: `task.segments`.
  package let along: String
  /// The axis whose labels are compared with each other: `model.kind`.
  package let of: String
  /// The label of `of` whose lead is asked for: `memoria`.
  package let about: String?

  package init(along: String, of: String, about: String?) {
    self.along = along
    self.of = of
    self.about = about.map { label(text: $0) }
  }

  func check(table: String, axes: [String], better: Better?) throws(TablesError) {
    guard axes.contains(along) else {
      throw .remarkOffAxis(table: table, part: "along", key: along, axes: axes)
    }
    guard axes.contains(of), of != along else {
      throw .remarkOffAxis(table: table, part: "of", key: of, axes: axes)
    }
    guard better != nil else { throw .remarkWithoutDirection(table: table) }
  }

  /// As hashed and stored; an absent choice is left out.
  package var settings: Settings {
    var settings = Settings(["along": .text(along), "of": .text(of)])
    if let about { settings["about"] = .text(about) }
    return settings
  }

  /// Reads `settings` back; nil where they are something else.
  package init?(_ settings: Settings) {
    guard case .text(let along) = settings["along"], case .text(let of) = settings["of"] else { return nil }
    self.init(along: along, of: of, about: settings["about"]?.description)
  }
}
