import Records

extension Table {
  /// One versioned object: what the table is, then its cells with every run behind them.
  var json: JSON {
    // Parts that came later are there only where a manifest asks for them.
    var later: [(String, JSON)] = []
    let pairing = specification.publishedAs
    if !pairing.isEmpty {
      later.append(
        (
          "published_as",
          .object(
            pairing.keys.map { key in
              let pairs = pairing.pairs.filter { $0.key == key }
              return (key, .object(pairs.map { ($0.measured, .label($0.published)) }))
            })
        ))
    }
    if let remarks { later.append(("remarks", remarks.json(pairing: pairing))) }
    return .object(first + later)
  }

  private var first: [(String, JSON)] {
    [
      ("schema", .string("mneme/table/v1")),
      ("title", .string(heading.title)),
      ("table", .string(specification.name)),
      ("tier", .string(heading.tier)),
      ("manifest", .optional(heading.manifest?.hex)),
      ("metric", .string(specification.cell)),
      ("unit", .string(unit.symbol)),
      ("show", .string(specification.show.rawValue)),
      ("better", .optional(specification.better?.rawValue)),
      ("rows", .array(specification.rows.map { .string($0) })),
      ("columns", .array(specification.columns.map { .string($0) })),
      ("over", .array(specification.over.map { .string($0) })),
      ("published", .optional(source)),
      ("cells", .array(groups.flatMap(cells))),
      ("computed", .array(extras.map(computed))),
      ("notes", .array(notes.map { .string($0) })),
    ]
  }

  private func cells(_ group: Group) -> [JSON] {
    columns.indices.map { column in
      .object([
        ("at", place(specification.axes, group.labels + columns[column])),
        ("measured", json(group.measured[column])),
        ("published", group.published.map { json(published: $0[column]) } ?? .null),
      ])
    }
  }

  private func computed(_ extra: Extra) -> JSON {
    let known = zip(columns, extra.cells).filter { $0.1.summary != nil }
    return .object([
      ("label", .string(extra.label)),
      (
        "cells",
        .array(
          known.map { column, cell in
            .object([("at", place(specification.columns, column)), ("value", .optional(cell.summary?.mean))])
          })
      ),
    ])
  }

  private func json(_ cell: Cell) -> JSON {
    // What is no measurement stands under a name of its own, and what is odd is said where it is.
    let summary = cell.isExtrapolated ? nil : cell.summary
    var odd: [(String, JSON)] = []
    if cell.isExtrapolated { odd.append(("extrapolated", .optional(cell.summary?.mean))) }
    if cell.isLowerBound { odd.append(("is_lower_bound", .boolean(true))) }
    if cell.unknown > 0 { odd.append(("unknown", .integer(cell.unknown))) }
    return .object(
      odd + [
        ("mean", .optional(summary?.mean)),
        ("median", .optional(summary?.median)),
        ("deviation", .optional(summary?.deviation)),
        ("planned", .integer(cell.planned)),
        ("finished", .integer(cell.finished)),
        ("running", .integer(cell.running)),
        ("failed", .integer(cell.failed)),
        (
          "runs",
          .array(
            cell.samples.map { sample in
              .object([
                ("run", .string(sample.run.hex)), ("over", place(specification.over, sample.over)),
                ("value", .number(sample.value)),
              ])
            })
        ),
      ])
  }

  private func json(published cell: Cell) -> JSON {
    guard let summary = cell.summary else { return .null }
    return .object([
      ("mean", .number(summary.mean)), ("deviation", .optional(summary.deviation)),
      ("runs", .optional(summary.count)),
    ])
  }
}

/// Labels under their keys.
func place(_ keys: [String], _ labels: [String]) -> JSON {
  .object(zip(keys, labels).map { ($0, JSON.label($1)) })
}
