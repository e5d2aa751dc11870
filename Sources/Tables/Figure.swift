package import Records

/// Measured and published numbers as curves in panels.
///
/// The numbers are those of a table with the curves as rows, and panels × x as columns; so a figure refuses what a
/// table refuses, and shows what a table would print.
package struct Figure: Sendable {
  package struct Panel: Sendable, Equatable {
    /// The value of the key that tells panels apart; empty for the only panel.
    package let label: String
    /// The value under which the numbers beside it were published; nil where none were.
    package let published: String?
  }

  package let specification: FigureSpecification
  package let table: Table
  package let panels: [Panel]

  /// - Parameters:
  ///   - observations: every planned run, finished or not. Their order does not matter.
  ///   - order: for keys of the grid, the values in the manifest's order.
  ///   - reference: published cells, joined by value or as `publishedAs` pairs them. Of panels that no
  ///     run was planned for nothing is shown.
  ///   - extraRows: what no run measured, such as a chance floor, at the columns of `specification.table`.
  package init(
    _ specification: FigureSpecification, heading: Heading, unit: Unit, observations: [Observation],
    order: [String: [Value]], reference: CellList?, extraRows: [ExtraRow], notes: [String]
  ) throws(FigureError) {
    // First, or a word along x would be complained of as something else.
    let xs = Set(observations.compactMap { $0.value(specification.x) }.map { label($0) })
    if let word = xs.sorted(by: precedes).first(where: { JSONNumber($0) == nil }) {
      throw .noNumber(figure: specification.name, key: specification.x, value: word)
    }
    let planned = specification.panels.map { key in Set(observations.map { label($0.value(key)) }) } ?? [""]
    let joined = try reference.map { list throws(FigureError) in
      try beside(planned, list, specification: specification)
    }
    do throws(TablesError) {
      table = try Table(
        specification.table, heading: heading, unit: unit, observations: observations, order: order,
        reference: joined, extraRows: extraRows, notes: notes)
    } catch {
      throw FigureError(error, of: specification.name)
    }
    for column in table.columns where JSONNumber(column.last ?? "") == nil {
      throw .noNumber(figure: specification.name, key: specification.x, value: column.last ?? "")
    }
    self.specification = specification
    var labels: [String] = []
    for column in table.columns {
      let label = specification.panels == nil ? "" : column[0]
      if !labels.contains(label) { labels.append(label) }
    }
    let published = Set(joined?.labels(along: specification.panels.map { [$0] } ?? []) ?? [])
    panels = labels.map { label in
      guard let key = specification.panels else {
        return Panel(label: label, published: published.isEmpty ? nil : label)
      }
      let name = specification.publishedAs.published(label, of: key)
      return Panel(label: label, published: published.contains([name]) ? name : nil)
    }
  }

  /// The cells of one curve in one panel, each with its x, ascending.
  func points(of cells: [Cell], in panel: Panel) -> [(x: Double, cell: Cell)] {
    zip(table.columns, cells).compactMap { column, cell -> (x: Double, cell: Cell)? in
      guard specification.panels == nil || column[0] == panel.label,
        let x = JSONNumber(column.last ?? "")?.value
      else { return nil }
      return (x, cell)
    }.sorted { $0.x < $1.x }
  }
}

/// The published cells of the panels that measured ones stand beside.
private func beside(
  _ planned: Set<String>, _ list: CellList, specification: FigureSpecification
) throws(FigureError) -> CellList {
  for pair in specification.publishedAs.pairs {
    let known = list.labels(of: pair.key)
    guard known.contains(pair.published) else {
      throw .unpublished(figure: specification.name, value: pair.published, key: pair.key, known: known)
    }
  }
  guard let key = specification.panels, let place = list.keys.firstIndex(of: key) else { return list }
  return CellList(
    name: list.name, tier: list.tier, manifest: list.manifest, source: list.source, keys: list.keys,
    metric: list.metric, unit: list.unit,
    entries: list.entries.filter { entry in
      planned.contains { specification.publishedAs.published($0, of: key) == entry.labels[place] }
    })
}
