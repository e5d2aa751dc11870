import Records

extension Claim {
  /// What the claim says of the cells that were published, as sums that it calls positive. For the forms `difference`,
  /// `t-greater` and `equal` the sum is what is compared.
  ///
  /// - Parameter places: the published places along the claim's keys.
  /// - Throws: where no cell, or not enough, is what the claim speaks of.
  func contrasts(among places: [[String]]) throws(TablesError) -> [Contrast] {
    for condition in a + at + (otherTable == nil ? b : []) { try check(condition, among: places) }
    let known = places.filter { fits($0, at) }
      .sorted { a, b in
        for (x, y) in zip(a, b) where x != y { return precedes(x, y) }
        return false
      }
    let found: [Contrast] =
      switch form {
      case .highest: rivals(known, sign: 1)
      case .lowest: rivals(known, sign: -1)
      case .leastLoss: losses(known)
      case .falls: steps(known.map { [.init(weight: 1, place: $0)] }, sign: 1)
      case .rises: steps(known.map { [.init(weight: 1, place: $0)] }, sign: -1)
      case .differenceFalls: steps(differences(known).map(\.terms), sign: 1)
      case .differenceRises: steps(differences(known).map(\.terms), sign: -1)
      case .difference, .tGreater: differences(known)
      case .equal:
        known.filter { fits($0, a) }.map {
          Contrast(name: described($0), terms: [.init(weight: 1, place: $0)])
        }
      }
    guard !found.isEmpty else {
      throw malformed("no cells of \(table) for claim \(name)", "cells that it speaks of")
    }
    if [.difference, .tGreater].contains(form), found.count > 1 {
      throw malformed("\(found.count) pairs of cells for claim \(name)", "one; narrow it with `at`")
    }
    return found
  }

  /// Refuses a label that no cell has: the claim would be left unchecked without a word.
  private func check(_ condition: Condition, among places: [[String]]) throws(TablesError) {
    guard let position = keys.firstIndex(of: condition.key) else { return }
    let known = Set(places.map { $0[position] }).sorted(by: precedes)
    for label in condition.labels where !known.contains(label) {
      let near = nearest(label, among: known).map { "; did you mean \($0)?" } ?? ""
      throw malformed(
        "\(condition.key)=\(label) in claim \(name)",
        "a label that \(table) has: \(known.joined(separator: ", "))\(near)")
    }
  }

  private func fits(_ place: [String], _ conditions: [Condition]) -> Bool {
    conditions.allSatisfy { condition in
      keys.firstIndex(of: condition.key).map { condition.labels.contains(place[$0]) } ?? true
    }
  }

  /// The place without some keys: what must be the same for two cells to be held against each other.
  private func rest(_ place: [String], without keys: [String]) -> [String] {
    zip(self.keys, place).filter { !keys.contains($0.0) }.map(\.1)
  }

  private func described(_ place: [String]) -> String { Tables.described(keys, place) }

  /// `a` against every other label of its key, everything else equal.
  private func rivals(_ places: [[String]], sign: Double) -> [Contrast] {
    let key = [a[0].key]
    return places.filter { fits($0, a) }.flatMap { own in
      places.filter { !fits($0, a) && rest($0, without: key) == rest(own, without: key) }.map { other in
        Contrast(
          name: described(other),
          terms: [.init(weight: sign, place: own), .init(weight: -sign, place: other)])
      }
    }
  }

  /// First place of `along` minus the last, of every other label minus of `a`.
  private func losses(_ places: [[String]]) -> [Contrast] {
    let along = [self.along ?? ""]
    var series: [[String]: [[String]]] = [:]
    for place in places { series[rest(place, without: along), default: []].append(place) }
    let ends = series.values.compactMap { series in
      series.count > 1 ? (first: series[0], last: series[series.count - 1]) : nil
    }.sorted { $0.first.lexicographicallyPrecedes($1.first) }
    let other = [a[0].key] + along
    return ends.filter { fits($0.first, a) }.flatMap { own in
      ends.filter { !fits($0.first, a) && rest($0.first, without: other) == rest(own.first, without: other) }
        .map { rival in
          Contrast(
            name: described(rival.last),
            terms: [
              .init(weight: 1, place: rival.first), .init(weight: -1, place: rival.last),
              .init(weight: -1, place: own.first), .init(weight: 1, place: own.last),
            ])
        }
    }
  }

  /// `a` minus `b`, everything else equal.
  private func differences(_ places: [[String]]) -> [Contrast] {
    let own = (a + b).map(\.key)
    return places.filter { fits($0, a) }.flatMap { place in
      places.filter { fits($0, b) && rest($0, without: own) == rest(place, without: own) }.map { other in
        Contrast(
          name: described(place),
          terms: [.init(weight: 1, place: place), .init(weight: -1, place: other)])
      }
    }
  }

  /// Each term list minus the one of the next place of `along`. The lists are in the order of their places.
  private func steps(_ lists: [[Contrast.Term]], sign: Double) -> [Contrast] {
    let along = [self.along ?? ""]
    return lists.indices.compactMap { index in
      let place = lists[index][0].place
      let next = lists[(index + 1)...].first {
        rest($0[0].place, without: along) == rest(place, without: along)
      }
      guard let next else { return nil }
      let terms =
        lists[index].map { Contrast.Term(weight: sign * $0.weight, place: $0.place) }
        + next.map { Contrast.Term(weight: -sign * $0.weight, place: $0.place) }
      return Contrast(name: described(next[0].place), terms: terms)
    }
  }
}
