package import Records

/// One number of one run, and which run that is.
package struct Sample: Sendable, Equatable {
  package let run: Digest
  /// The labels of the keys averaged over (`seed` → 1), in the order of the specification.
  package let over: [String]
  package let value: Double

  package init(run: Digest, over: [String], value: Double) {
    self.run = run
    self.over = over
    self.value = value
  }
}

/// What stands at one place of a table: a number, and how far the runs behind it have come.
package struct Cell: Sendable, Equatable {
  /// Nil where nothing is known (yet).
  package var summary: Summary?
  /// The finished runs, in the order of their labels; empty for what was published or read from CSV.
  package var samples: [Sample] = []
  /// The planned runs that have no number: not finished, or nobody kept it. In the order of their ids.
  package var open: [Digest] = []
  /// Runs of the plan; zero for what was published or computed.
  package var planned = 0
  package var finished = 0
  package var running = 0
  package var failed = 0
  /// Finished runs that do not have the number: nobody kept the cost.
  package var unknown = 0
  /// Whether some number in the summary is only the least that it can be.
  package var isLowerBound = false
  /// Whether the summary is of runs that were not made, from timing parts of them.
  package var isExtrapolated = false
  /// Places after the point, as shown, of a number that was published with them.
  package var decimals: Int?
  /// Half a unit of the last digit that a published number has, in the stored unit: it may be off by that much.
  package var roundOff: Double?
  /// The same of its deviation.
  package var deviationRoundOff: Double?

  package init(summary: Summary? = nil) { self.summary = summary }

  package var isComplete: Bool { summary != nil && finished == planned }

  /// The same state of the plan without a number.
  var withoutSummary: Cell {
    var cell = self
    (cell.summary, cell.isExtrapolated) = (nil, false)
    return cell
  }
}

/// Numbers in rows and columns. Rows that were measured have what was published below them.
package struct Table: Sendable, Equatable {
  /// The rows of one place on the row axis.
  package struct Group: Sendable, Equatable {
    package let labels: [String]
    package let measured: [Cell]
    /// Nil in a table without a reference.
    package let published: [Cell]?
  }

  /// A row of computed numbers: an oracle, a chance floor.
  package struct Extra: Sendable, Equatable {
    package let label: String
    package let cells: [Cell]
  }

  package let specification: TableSpecification
  package let heading: Heading
  package let unit: Unit
  /// The labels of each column, in the order of the specification's columns.
  package let columns: [[String]]
  package let groups: [Group]
  package let extras: [Extra]
  /// Where the published numbers come from.
  package let source: String?
  /// What a reader must know besides: in which settings the published numbers were made, and the like.
  package let notes: [String]

  /// The groups whose measured number is the best of the column: none before every planned cell of the
  /// column is complete, none where there is nothing to choose from, several where they are equal.
  func best(inColumn column: Int) -> Set<Int> {
    guard let better = specification.better else { return [] }
    let planned = groups.indices.filter { groups[$0].measured[column].planned > 0 }
    guard planned.count > 1, planned.allSatisfy({ groups[$0].measured[column].isComplete }) else { return [] }
    let values = planned.compactMap { index in shownValue(groups[index].measured[column]) }
    guard let first = values.first else { return [] }
    let best = values.dropFirst().reduce(first) { better.prefers($1, to: $0) ? $1 : $0 }
    return Set(planned.filter { shownValue(groups[$0].measured[column]) == best })
  }

  /// The number of a cell that `show` asks for.
  func shownValue(_ cell: Cell) -> Double? { cell.summary.map { specification.show.number(of: $0) } }

  /// The planned cells as a list, to be compared with another table. What is only extrapolated is no number to compare.
  package var measuredCells: CellList {
    CellList(
      name: heading.title, tier: heading.tier, manifest: heading.manifest, source: nil,
      keys: specification.axes, metric: specification.cell, unit: unit,
      entries: groups.flatMap { group in
        zip(columns, group.measured).filter { $0.1.planned > 0 }
          .map { CellList.Entry(labels: group.labels + $0, cell: $1.isExtrapolated ? $1.withoutSummary : $1) }
      })
  }
}

extension Show {
  /// What the table prints of a summary. A published number is its own median.
  func number(of summary: Summary) -> Double {
    self == .median ? summary.median ?? summary.mean : summary.mean
  }
}
