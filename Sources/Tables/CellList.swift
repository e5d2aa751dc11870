package import Records

/// A table as a list of cells under their keys: published numbers, or what `mneme table --format csv` wrote.
package struct CellList: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    /// In the order of `keys`.
    package let labels: [String]
    package let cell: Cell

    package init(labels: [String], cell: Cell) {
      self.labels = labels
      self.cell = cell
    }
  }

  /// A file or a manifest, as messages call it.
  package let name: String
  package let tier: String?
  package let manifest: Digest?
  /// Where the numbers come from, as the file says: `Memoria, Table 6`.
  package let source: String?
  package let keys: [String]
  package let metric: String
  package let unit: Unit
  package let entries: [Entry]

  package init(
    name: String, tier: String?, manifest: Digest?, source: String?, keys: [String], metric: String,
    unit: Unit,
    entries: [Entry]
  ) {
    self.name = name
    self.tier = tier
    self.manifest = manifest
    self.source = source
    self.keys = keys
    self.metric = metric
    self.unit = unit
    self.entries = entries
  }

  /// The same places, of which nothing is known in another metric.
  /// Whether these are numbers that somebody published, and neither runs nor a table of runs.
  var isPublished: Bool {
    source != nil && manifest == nil && entries.allSatisfy { $0.cell.planned == 0 && $0.cell.samples.isEmpty }
  }

  package func withoutNumbers(of metric: String, in unit: Unit) -> CellList {
    CellList(
      name: name, tier: tier, manifest: manifest, source: source, keys: keys, metric: metric, unit: unit,
      entries: entries.map { Entry(labels: $0.labels, cell: Cell()) })
  }

  /// The cells by their labels along `axes`, which must be among the keys and tell the cells apart.
  func cells(along axes: [String]) throws(TablesError) -> [[String]: Cell] {
    var positions: [Int] = []
    for axis in axes {
      guard let position = keys.firstIndex(of: axis) else {
        throw .lacksKey(list: name, key: axis, keys: keys)
      }
      positions.append(position)
    }
    var found: [[String]: Entry] = [:]
    for entry in entries {
      let place = positions.map { entry.labels[$0] }
      if let other = found.updateValue(entry, forKey: place) {
        let differing = keys.indices.filter { entry.labels[$0] != other.labels[$0] }.map { keys[$0] }
        throw .severalCells(list: name, place: described(axes, place), differing: differing)
      }
    }
    return found.mapValues(\.cell)
  }

  /// The labels of every cell along some of the keys, in the order of the file.
  func labels(along axes: [String]) -> [[String]] {
    let positions = axes.compactMap { keys.firstIndex(of: $0) }
    return entries.map { entry in positions.map { entry.labels[$0] } }
  }

  /// The distinct labels of one key, ordered.
  func labels(of key: String) -> [String] {
    guard let position = keys.firstIndex(of: key) else { return [] }
    return Set(entries.map { $0.labels[position] }).sorted(by: precedes)
  }
}

/// `task.segments=4, model.memory=none`, as messages say it.
func described(_ keys: [String], _ labels: [String]) -> String {
  zip(keys, labels).map { "\($0)=\($1.isEmpty ? "–" : $1)" }.joined(separator: ", ")
}
