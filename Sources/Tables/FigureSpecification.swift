package import Records

/// What a manifest asks to see as a picture: one number over another, a curve for each value of some keys, a panel for
/// each value of one.
package struct FigureSpecification: Sendable, Hashable {
  package let name: String
  /// The key along the horizontal axis; its values are numbers.
  package let x: String
  /// The metric (`test.accuracy`) or cost (`cost.seconds`) along the vertical axis.
  package let y: String
  /// The keys that tell curves apart.
  package let lines: [String]
  /// The key that tells panels apart; nil for one panel.
  package let panels: String?
  /// The keys that a point averages over; every other setting must agree within a point.
  package let over: [String]
  /// The published numbers to draw beside the measured ones, as the manifest names them.
  package let reference: String?
  /// Which published value a measured one stands beside, where they differ: segments of 16 tokens beside those of 256.
  package let publishedAs: PublishedAs
  /// The same numbers in rows and columns: everything but the drawing is done by the table.
  package let table: TableSpecification

  /// Refuses a key that is used twice, and pairs of a key that has no place or without published numbers.
  package init(
    name: String, x: String, y: String, lines: [String], panels: String?, over: [String], reference: String?,
    publishedAs: PublishedAs
  ) throws(FigureError) {
    var seen: Set<String> = []
    for key in [x, y] + lines + (panels.map { [$0] } ?? []) + over where !seen.insert(key).inserted {
      throw .repeatedKey(figure: name, key: key)
    }
    if !publishedAs.isEmpty, reference == nil { throw .needlessPairs(figure: name) }
    do throws(TablesError) {
      table = try TableSpecification(
        name: name, rows: lines, columns: (panels.map { [$0] } ?? []) + [x], cell: y, over: over,
        show: .meanAndDeviation, better: nil, reference: reference, publishedAs: publishedAs, remarks: nil)
    } catch {
      throw FigureError(error, of: name)
    }
    (self.name, self.x, self.y, self.lines, self.panels) = (name, x, y, lines, panels)
    (self.over, self.reference, self.publishedAs) = (over, reference, publishedAs)
  }

  /// The figure as settings, for the hash of a manifest. An absent choice is left out.
  package var settings: Settings {
    var settings = Settings()
    settings["name"] = .text(name)
    settings["x"] = .text(x)
    settings["y"] = .text(y)
    settings["lines"] = .list(lines.map { .text($0) })
    if let panels { settings["panels"] = .text(panels) }
    settings["over"] = .list(over.map { .text($0) })
    if let reference { settings["reference"] = .text(reference) }
    if !publishedAs.isEmpty { settings["published_as"] = publishedAs.value }
    return settings
  }
}
