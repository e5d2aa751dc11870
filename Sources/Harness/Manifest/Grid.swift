import Records

/// The combinations that a manifest asks for, in the order of its tables.
///
///     grid:     the lists multiply, the first one slowest; a value without a list is a list of one
///     zip:      each group of equally long lists is one more axis, along which its keys advance together
///     exclude:  removes the combinations that agree with a rule in all its keys; a rule's list means any of its values
///     include:  adds combinations behind, which nothing excludes; an element with lists multiplies like a grid
///
/// Without any of the four there is one combination: the settings as they stand.
package enum Grid {
  /// Beyond this hardly anybody means it, and a plan would not fit a screen or a lifetime.
  package static let runLimit = 100_000

  /// Whether somebody means it: what `--really` says, for all that a command reads. Otherwise a larger grid is refused by
  /// its lists' lengths, before anything is multiplied out.
  @TaskLocal package static var isMeant = false

  /// Nobody's memory holds more, whatever they mean: a run takes about two kilobytes.
  static let mostRuns = 10_000_000

  /// Every rule is held against every combination.
  private static let ruleLimit = 1000

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
      let origin = element.list.first?.keyOrigin
      combinations += try product(of: axes, beside: combinations.count, origin: origin)
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
  ///
  /// - Parameter others: how many combinations there are besides.
  private static func product(
    of axes: [Axis], beside others: Int = 0, origin: Origin?
  ) throws(ManifestError) -> [[ManifestEntry]] {
    let count = size(axes.map(\.count)).addingReportingOverflow(others)
    guard !count.overflow, count.partialValue <= runLimit || isMeant, count.partialValue <= mostRuns else {
      throw ManifestError(
        origin,
        .tooManyRuns(
          count: count.overflow ? Int.max : count.partialValue, limit: isMeant ? mostRuns : runLimit,
          isMeant: isMeant))
    }
    var combinations: [[ManifestEntry]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { start in axis.map { start + $0 } }
    }
    return combinations
  }

  /// The product of lists' lengths; the largest number there is where it is larger still.
  static func size(_ lengths: [Int]) -> Int {
    lengths.contains(0)
      ? 0
      : lengths.reduce(1) { product, length in
        let (value, overflow) = product.multipliedReportingOverflow(by: length)
        return overflow ? Int.max : value
      }
  }

  private static func excluding(
    _ rules: [(rule: ManifestEntries, origin: Origin)], from combinations: [[ManifestEntry]],
    base: ManifestEntries
  ) throws(ManifestError) -> [[ManifestEntry]] {
    guard rules.count <= ruleLimit else {
      throw ManifestError(rules.first?.origin, .tooManyRules(count: rules.count, limit: ruleLimit))
    }
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
