package import Records

extension Table {
  /// Puts planned runs, published numbers and computed rows into rows and columns.
  ///
  /// - `observations`: every planned run of the table, finished or not. Their order does not matter.
  /// - `order`: for keys of the grid, the values in the manifest's order; others go by size or bytes.
  /// - `reference`: published cells; both axes become the union of what is planned and what was published.
  ///
  /// Refuses to average runs that differ in a setting which is neither on an axis nor averaged over, tiers or
  /// numerics that are mixed, and keys that no run has.
  package init(
    _ specification: TableSpecification, heading: Heading, unit: Unit, observations: [Observation],
    order: [String: [Value]], reference: CellList?, extraRows: [ExtraRow], notes: [String]
  ) throws(TablesError) {
    try refuseUnlikeRuns(observations, heading: heading, specification: specification)
    let axes = specification.axes
    let placed = try placedCells(observations, specification: specification)
    if let reference, reference.unit != unit {
      throw .unlikeUnits(
        metric: specification.cell, a: unit.symbol, b: reference.unit.symbol, list: reference.name)
    }
    let published = try reference?.relabelled(by: specification.publishedAs).cells(along: axes)

    let places = Array(placed.keys) + Array((published ?? [:]).keys)
    try refuseStranger(to: places, specification: specification)
    let split = specification.rows.count
    let rows = AxisOrder(keys: specification.rows, given: order).sorted(
      Set(places.map { Array($0[..<split]) }))
    let columns = AxisOrder(keys: specification.columns, given: order)
      .sorted(Set(places.map { Array($0[split...]) }))

    self.specification = specification
    self.heading = heading
    self.unit = unit
    self.columns = columns
    self.source = reference.map { $0.source ?? $0.name }
    groups = rows.map { row in
      Group(
        labels: row, measured: columns.map { placed[row + $0] ?? Cell() },
        published: published.map { cells in columns.map { cells[row + $0] ?? Cell() } })
    }
    extras = try extraRows.map { extra throws(TablesError) in
      try Extra(extra, columns: columns, specification: specification)
    }
    let unlike = reference.map { unlikeSettings($0, observations: observations, axes: axes) } ?? []
    self.notes = (reference == nil ? [] : paired(specification.publishedAs)) + unlike + notes
  }
}

extension Table.Extra {
  /// Refuses a number for a column that is not there: it would be lost without a word.
  fileprivate init(
    _ row: ExtraRow, columns: [[String]], specification: TableSpecification
  ) throws(TablesError) {
    var values: [[String]: Double] = [:]
    for (place, value) in row.values { values[place.map { Tables.label($0) }] = value }
    if let lost = values.keys.filter({ !columns.contains($0) }).min(by: { $0.lexicographicallyPrecedes($1) })
    {
      throw .noColumn(table: specification.name, row: row.label, place: lost)
    }
    label = row.label
    cells = columns.map { place in
      Cell(summary: values[place].map { Summary(mean: $0, median: $0, deviation: nil, count: nil) })
    }
  }
}

/// Refuses remarks about a label that is nowhere in the table: they would be left out without a word.
private func refuseStranger(to places: [[String]], specification: TableSpecification) throws(TablesError) {
  guard let remarks = specification.remarks, let about = remarks.about, !places.isEmpty,
    let axis = specification.axes.firstIndex(of: remarks.of)
  else { return }
  let known = Set(places.map { $0[axis] }).sorted(by: precedes)
  guard !known.contains(about) else { return }
  throw .remarkAboutNobody(table: specification.name, of: remarks.of, about: about, known: known)
}

/// The measured cells by their labels along rows and columns.
private func placedCells(
  _ observations: [Observation], specification: TableSpecification
) throws(TablesError) -> [[String]: Cell] {
  var gathered: [[String]: [Observation]] = [:]
  for observation in observations {
    gathered[specification.axes.map { label(observation.value($0)) }, default: []].append(observation)
  }
  var cells: [[String]: Cell] = [:]
  // In order, so that of several refusals it is always the same one.
  for (place, unordered) in gathered.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
    let runs = unordered.sorted { $0.run < $1.run }
    try refuseResidue(runs, at: place, specification: specification)
    cells[place] = try cell(of: runs, specification: specification)
  }
  return cells
}

private func cell(of runs: [Observation], specification: TableSpecification) throws(TablesError) -> Cell {
  var cell = Cell()
  cell.planned = runs.count
  var samples: [Sample] = []
  for observation in runs {
    switch observation.state {
    case .waiting: break
    case .running: cell.running += 1
    case .failed: cell.failed += 1
    case .finished(let record):
      guard let value = try number(specification.cell, of: record) else {
        cell.unknown += 1
        continue
      }
      let over = specification.over.map { label(observation.value($0)) }
      samples.append(Sample(run: record.run, over: over, value: value))
      if record.lowerBounds.contains(specification.cell) { cell.isLowerBound = true }
    }
  }
  cell.samples = samples.sorted { a, b in
    for (x, y) in zip(a.over, b.over) where x != y { return precedes(x, y) }
    return a.run < b.run
  }
  let numbered = Set(samples.map(\.run))
  cell.open = runs.map(\.run).filter { !numbered.contains($0) }
  cell.finished = samples.count
  cell.summary = Summary(of: cell.samples.map(\.value))
  // One finished run is worth more than any number of estimates.
  if samples.isEmpty, cell.unknown == 0 {
    // Alike runs were timed as one: there is nothing to deviate.
    let expected = Summary(of: runs.compactMap { $0.extrapolated[specification.cell] })
    cell.summary = expected.map { Summary(mean: $0.mean, median: $0.median, deviation: nil, count: nil) }
    cell.isExtrapolated = cell.summary != nil
  }
  return cell
}

/// Nil for a cost that nobody kept.
private func number(_ key: String, of record: Record) throws(TablesError) -> Double? {
  guard let value = record.metrics[key] ?? record.cost[key] else {
    guard Cost(key: key) == nil else { return nil }
    let known = (Array(record.metrics.keys) + Array(record.cost.keys)).sorted()
    throw .noMetric(key: key, run: record.run, known: known)
  }
  guard value.isFinite else { throw .notFinite(key: key, run: record.run) }
  return value
}

/// Says which published numbers stand beside measured ones of another size.
private func paired(_ pairing: PublishedAs) -> [String] {
  pairing.keys.map { key in
    let pairs = pairing.pairs.filter { $0.key == key }
    return
      "\(key) \(pairs.map { "\($0.measured) (\($0.published))" }.joined(separator: ", ")): the measured value,"
      + " and in brackets that of the published numbers beside it."
  }
}

/// Says where published and planned runs differ in keys that are on no axis, so that nobody takes a
/// quick run for the paper's.
private func unlikeSettings(_ reference: CellList, observations: [Observation], axes: [String]) -> [String] {
  guard !observations.isEmpty else { return [] }
  return reference.keys.filter { !axes.contains($0) }.compactMap { key in
    let published = reference.labels(of: key)
    let measured = Set(observations.map { label($0.value(key)) }).sorted(by: precedes)
    guard published != measured else { return nil }
    return
      "\(key): \(measured.joined(separator: ", ")) measured; \(published.joined(separator: ", ")) published."
  }
}
