/// What the numbers of a table say, worked out by the same rule for what was measured and what was published.
///
/// Only series that are complete take part, on both sides where there are two. While runs are missing, the best of those
/// series may lose its place to one that is still to come: what is said then says of how many series, and there is no
/// verdict on whether measured and published agree before a place is whole.
///
/// A series that begins at the chance floor has nothing to lose: its few losses are no merit. It is named, and takes no
/// part where losses are compared.
package struct Remarks: Sendable, Equatable {
  /// What one side says at one place.
  package struct Side: Sendable, Equatable {
    /// The numbers of each series that takes part, in the order of `Place.along`.
    package let values: [String: [Double]]
    /// How much each series is worse at its end than at its beginning, in the stored unit.
    package let losses: [String: Double]
    /// The series that begin at the chance floor: less than `Remarks.margin` better than it.
    package let atFloor: [String]
    /// The series with the smallest loss, of those that have something to lose; several where they are equal.
    package let leastLost: [String]
    /// The best series at each label of `along`.
    package let best: [[String]]
    /// The label of `along` from which on the one that was asked about is best, to the end; nil where it is not.
    package let leadsFrom: String?
    /// The series that get worse with every step, of those that have something to lose.
    package let worsening: [String]
  }

  /// All axes but the two fixed.
  package struct Place: Sendable, Equatable {
    /// In the order of `Remarks.keys`.
    package let labels: [String]
    /// The labels that were planned, in order.
    package let along: [String]
    /// The series that were planned, and those of them that take part.
    package let planned: [String]
    package let complete: [String]
    /// Whether no planned series that could take part is still to come.
    package let isWhole: Bool
    package let measured: Side
    /// Nil where nothing was published beside these series.
    package let published: Side?
  }

  package let specification: RemarkSpecification
  /// The axes whose labels make a place.
  package let keys: [String]
  package let places: [Place]

  /// The label of the row of what guessing scores.
  static let floorLabel = "chance floor"
  /// How much better than guessing a series must begin to have something to lose: a percentage point.
  static let margin = 0.01
}

extension Table {
  /// The remarks that the specification asks for; nil where it asks for none.
  package var remarks: Remarks? {
    guard let specification = self.specification.remarks, let better = self.specification.better,
      let along = self.specification.axes.firstIndex(of: specification.along),
      let of = self.specification.axes.firstIndex(of: specification.of)
    else { return nil }
    let others = self.specification.axes.indices.filter { $0 != along && $0 != of }
    var cells: [[String]: (measured: Cell, published: Cell?)] = [:]
    var order: [[String]] = []
    for group in groups {
      for (index, column) in columns.enumerated() {
        let labels = group.labels + column
        order.append(labels)
        cells[labels] = (group.measured[index], group.published?[index])
      }
    }
    let planned = order.filter { (cells[$0]?.measured.planned ?? 0) > 0 }
    // Rows come before columns in `order`; places are read along the columns.
    let places = unique(planned.map { labels in others.map { labels[$0] } })
    return Remarks(
      specification: specification, keys: others.map { self.specification.axes[$0] },
      places: AxisOrder(appearance: places, keys: others.count).sorted(places).map { place in
        let here = planned.filter { labels in others.map { labels[$0] } == place }
        let steps = AxisOrder(appearance: here.map { [$0[along]] }, keys: 1)
          .sorted(unique(here.map { [$0[along]] })).map { $0[0] }
        let members = unique(here.map { $0[of] })
        func labels(_ member: String, _ step: String) -> [String] {
          var labels = here[0]
          labels[along] = step
          labels[of] = member
          return labels
        }
        func series(_ member: String, _ number: ((measured: Cell, published: Cell?)) -> Double?) -> [Double]?
        {
          let values = steps.compactMap { step in cells[labels(member, step)].flatMap(number) }
          return values.count == steps.count ? values : nil
        }
        var measured: [String: [Double]] = [:]
        var published: [String: [Double]] = [:]
        for member in members {
          measured[member] = series(member) { $0.measured.isComplete ? self.shownValue($0.measured) : nil }
          published[member] = series(member) { $0.published.flatMap(self.shownValue) }
        }
        let isCompared = !published.isEmpty
        let awaited = members.filter { !isCompared || published[$0] != nil }
        let complete = awaited.filter { measured[$0] != nil }
        let floors = members.reduce(into: [:]) { floors, member in
          floors[member] = steps.first.flatMap { self.floor(at: labels(member, $0)) }
        }
        func side(_ values: [String: [Double]]) -> Remarks.Side {
          Remarks.Side(
            values.filter { complete.contains($0.key) }, members: complete, steps: steps, better: better,
            about: specification.about, floors: floors)
        }
        return Remarks.Place(
          labels: place, along: steps, planned: members, complete: complete,
          isWhole: complete.count == awaited.count, measured: side(measured),
          published: isCompared ? side(published) : nil)
      })
  }

  /// What guessing scores in the column of a cell; nil where no such row was computed.
  private func floor(at labels: [String]) -> Double? {
    let column = Array(labels.suffix(specification.columns.count))
    guard unit.isFraction, let row = extras.first(where: { $0.label == Remarks.floorLabel }),
      let index = columns.firstIndex(of: column)
    else { return nil }
    return shownValue(row.cells[index])
  }
}

extension Remarks.Side {
  /// - members: The keys of `values`, in the order of the table.
  /// - floors: What guessing scores where each of them begins, where that is known.
  fileprivate init(
    _ values: [String: [Double]], members: [String], steps: [String], better: Better, about: String?,
    floors: [String: Double]
  ) {
    /// How much worse `b` is than `a`.
    func loss(_ a: Double, _ b: Double) -> Double { better == .higher ? a - b : b - a }
    self.values = values
    let losses = values.compactMapValues { series in
      series.first.flatMap { first in series.last.map { loss(first, $0) } }
    }
    self.losses = losses
    let atFloor = members.filter { member in
      guard let floor = floors[member], let first = values[member]?.first else { return false }
      return loss(first, floor) < Remarks.margin
    }
    self.atFloor = atFloor
    let losing = members.filter { !atFloor.contains($0) }
    let smallest = losing.compactMap { losses[$0] }.min()
    leastLost = losing.filter { member in
      guard let smallest, let own = losses[member] else { return false }
      return isSame(own, smallest)
    }
    let best = steps.indices.map { step in
      let numbers = values.mapValues { $0[step] }
      let top = numbers.values.reduce(nil as Double?) { top, value in
        top.map { better.prefers(value, to: $0) ? value : $0 } ?? value
      }
      return members.filter { member in
        guard let top, let own = numbers[member] else { return false }
        return isSame(own, top)
      }
    }
    self.best = best
    let lead = about.map { name in best.reversed().prefix { $0.contains(name) }.count } ?? 0
    leadsFrom = lead > 0 ? steps[steps.count - lead] : nil
    worsening = losing.filter { member in
      let series = values[member] ?? []
      return series.count > 1 && zip(series, series.dropFirst()).allSatisfy { loss($0, $1) > 0 }
    }
  }
}

/// Numbers that print the same are the same; differences of them carry rounding far below any printed place.
private func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(a), abs(b)) }

private func unique<T: Hashable>(_ values: [T]) -> [T] {
  var seen: Set<T> = []
  return values.filter { seen.insert($0).inserted }
}
