import Tensors

/// How the released packages look for long-term engrams, with what they do to −1.
///
/// In all of this −1 means nobody, and is used as an index all the same: it then means the last place, as in the
/// language the packages are written in. "Position" is a place among the long-term slots of a row (filled up on the
/// left), "slot" a place among all.
package struct ReferenceSearch {
  private let store: ReferenceStore
  private let depth: Int
  /// `[B, nL]`: slot of each position.
  private let longTerm: IndexTable

  /// A search of `depth` hops in a store that already holds working memory.
  package init(_ store: ReferenceStore, depth: Int) {
    self.store = store
    self.depth = depth
    longTerm = store.slots(of: .longTerm)
  }

  /// For every short-term column the long-term engram that fired with it most often, as a set for each row.
  ///
  /// A column that was not chosen reads the counts of the last slot, the newest engram of working memory, which has
  /// not fired yet: all long-term engrams are its equals, and it contributes a random one.
  package func starts(from selected: IndexTable, _ tieBreak: TieBreak) -> IndexTable {
    let slots = store.slots
    if case .injected(let draws) = tieBreak {
      require(
        draws.count == selected.values.count * slots,
        "\(draws.count) draws do not fit \(selected.rows) rows of \(selected.width) columns and \(slots) slots"
      )
    }
    return IndexTable(
      unique: (0..<selected.rows).map { row in
        selected[row].enumerated().map { column, slot in
          start(row, column, from: slot < 0 ? slots - 1 : slot, columns: selected.width, tieBreak)
        }
      })
  }

  private func start(_ row: Int, _ column: Int, from slot: Int, columns: Int, _ tieBreak: TieBreak) -> Int {
    let counts = (0..<store.slots).map {
      store.kind(row, $0) == .longTerm ? store.count(row, slot, $0) : -1
    }
    let largest = counts.reduce(-1, max)
    let equals = counts.indices.filter { counts[$0] == largest }
    var taken = equals[0]
    switch tieBreak {
    case .addressed(let occasion):
      if equals.count > 1 { taken = equals[occasion.choice(equals.count, row: row, engram: Int32(column))] }
    case .injected(let draws):
      // Others draw 0, so an equal that draws 0 itself may lose to the first slot.
      let first = (row * columns + column) * store.slots
      var highest: Float = 0
      taken = 0
      for candidate in equals where draws[first + candidate] > highest {
        highest = draws[first + candidate]
        taken = candidate
      }
    }
    return store.kind(row, taken) == .longTerm ? taken : -1
  }

  /// Positions met by greedy walks from the starts, as a set for each row.
  package func found(from starts: IndexTable) -> IndexTable {
    if starts.width == 0 || store.rows * longTerm.width == 0 {
      // Without long-term memory the released search answers slot 0, for every start and hop.
      return IndexTable(rows: store.rows, width: (depth + 1) * starts.width, repeating: 0)
    }
    let first = IndexTable(
      paddingLeft: (0..<store.rows).map { row in
        let chosen = Set(starts[row])
        return (0..<longTerm.width).filter { longTerm[row, $0] >= 0 && chosen.contains(longTerm[row, $0]) }
      })
    if first.width == 0 { return first }
    return IndexTable(unique: (0..<store.rows).map { walk($0, Array(first[$0])) })
  }

  private func walk(_ row: Int, _ starts: [Int]) -> [Int] {
    let last = longTerm.width - 1
    var blocked = (0...last).map { longTerm[row, $0] < 0 }
    for position in starts { blocked[position < 0 ? last : position] = true }
    var current = starts
    var met = starts
    for _ in 0..<depth {
      current = current.map { hop(row, from: $0 < 0 ? last : $0, blocked) }
      for position in current { blocked[position < 0 ? last : position] = true }
      met += current
    }
    return met
  }

  /// The first position of largest count that is not blocked; an edge of count 0 is as good as any.
  private func hop(_ row: Int, from position: Int, _ blocked: [Bool]) -> Int {
    var (largest, taken): (Int32, Int) = (-1, -1)
    for next in blocked.indices where !blocked[next] {
      let count = store.count(row, longTerm[row, position], longTerm[row, next])
      if count > largest { (largest, taken) = (count, next) }
    }
    return taken
  }
}
