import Records

/// The combinations that a manifest asks for, in the order of its tables.
///
///     grid:     the lists multiply, the first one slowest; a value without a list is a list of one
///     zip:      each group of equally long lists is one more axis, along which its keys advance together
///     exclude:  removes the combinations that agree with a rule in all its keys; a rule's list means any of its values
///     include:  adds combinations behind, which nothing excludes; an element with lists multiplies like a grid
///
/// Without any of the four there is one combination: the settings as they stand.
struct Grid {
  /// Beyond this nobody means it, and a plan would not fit a screen or a lifetime.
  static let runLimit = 100_000

  /// One axis: the entries that each of its positions sets.
  private typealias Axis = [[ManifestEntry]]

  /// Every combination, as entries that replace those of the base.
  static func combinations(of layer: ManifestLayer) throws(ManifestError) -> [[ManifestEntry]] {
    var axes: [Axis] = []
    var keys = ManifestEntries()
    for entry in layer.axes ?? ManifestEntries() {
      try keys.add(entry)
      axes.append(try axis(of: entry))
    }
    for group in layer.zipped {
      for entry in group { try keys.add(entry) }
      axes.append(try axis(zipping: group))
    }
    var combinations: [[ManifestEntry]] = []
    if !axes.isEmpty || layer.included.isEmpty {
      combinations = try product(of: axes, origin: layer.gridOrigin)
    }
    combinations = try excluding(layer.excluded, from: combinations, base: layer.settings)
    for element in layer.included {
      var axes: [Axis] = []
      for entry in element { axes.append(try axis(of: entry)) }
      let added = try product(of: axes, origin: element.list.first?.keyOrigin)
      guard combinations.count + added.count <= runLimit else {
        throw ManifestError(element.list.first?.keyOrigin, .tooManyRuns(limit: runLimit))
      }
      combinations += added
    }
    guard !combinations.isEmpty else { throw ManifestError(layer.excluded.first?.origin, .noRuns) }
    return combinations
  }

  private static func axis(of entry: ManifestEntry) throws(ManifestError) -> Axis {
    guard case .list(let values) = entry.node.content else { return [[entry]] }
    guard !values.isEmpty else { throw ManifestError(entry.node.origin, .emptyList(key: entry.key)) }
    return values.map { [ManifestEntry(key: entry.key, keyOrigin: entry.keyOrigin, node: $0)] }
  }

  private static func axis(zipping group: ManifestEntries) throws(ManifestError) -> Axis {
    var columns: [Axis] = []
    for entry in group {
      let column = try axis(of: entry)
      if let first = columns.first, let name = group.list.first?.key, column.count != first.count {
        throw ManifestError(
          entry.node.origin,
          .unequalLists(key: entry.key, count: column.count, first: name, firstCount: first.count))
      }
      columns.append(column)
    }
    return (columns.first ?? []).indices.map { place in columns.flatMap { $0[place] } }
  }

  /// All ways to take one position of each axis, the first axis slowest.
  private static func product(of axes: [Axis], origin: Origin?) throws(ManifestError) -> [[ManifestEntry]] {
    var count = 1
    for axis in axes {
      // Neither factor is large when they are multiplied: lists are bounded by the size of the file.
      count *= axis.count
      guard count <= runLimit else { throw ManifestError(origin, .tooManyRuns(limit: runLimit)) }
    }
    var combinations: [[ManifestEntry]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { start in axis.map { start + $0 } }
    }
    return combinations
  }

  private static func excluding(
    _ rules: [(rule: ManifestEntries, origin: Origin)], from combinations: [[ManifestEntry]],
    base: ManifestEntries
  ) throws(ManifestError) -> [[ManifestEntry]] {
    var isUsed = Array(repeating: false, count: rules.count)
    let left = combinations.filter { combination in
      let matching = rules.indices.filter { matches(rules[$0].rule, combination, base: base) }
      for place in matching { isUsed[place] = true }
      return matching.isEmpty
    }
    for (place, rule) in rules.enumerated() where !isUsed[place] {
      throw ManifestError(rule.origin, .matchesNothing)
    }
    return left
  }

  /// True when the combination has, for every key of the rule, one of its values.
  private static func matches(_ rule: ManifestEntries, _ combination: [ManifestEntry], base: ManifestEntries)
    -> Bool
  {
    rule.list.allSatisfy { condition in
      guard let node = (combination.last { $0.key == condition.key } ?? base[condition.key])?.node else {
        return false
      }
      guard case .list(let values) = condition.node.content else { return agree(condition.node, node) }
      return values.contains { agree($0, node) }
    }
  }

  /// True for the same value, by its text or, where both are numbers, by its size: `1e-3` is `0.001`.
  ///
  /// Types are not known yet: a rule may well remove the combinations that have none.
  private static func agree(_ a: YAMLNode, _ b: YAMLNode) -> Bool {
    switch (a.content, b.content) {
    case (.scalar(let a, _), .scalar(let b, _)):
      if a.utf8.elementsEqual(b.utf8) { return true }
      guard let x = number(a), let y = number(b) else { return false }
      return x == y
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
    default: return false
    }
  }

  private static func number(_ text: String) -> Double? { realNumber(text) }
}
