/// Places of engrams, one list a row, all of one width; −1 is nobody.
package struct IndexTable: Sendable, Equatable {
  package let rows: Int
  package let width: Int
  /// `[rows, width]`
  package private(set) var values: [Int]

  /// The same value everywhere.
  package init(rows: Int, width: Int, repeating value: Int) {
    self.rows = rows
    self.width = width
    values = Array(repeating: value, count: rows * width)
  }

  /// Lists of unequal length, filled up with −1 on the left to the longest.
  package init(paddingLeft lists: [[Int]]) {
    self.init(rows: lists.count, width: lists.reduce(0) { max($0, $1.count) }, repeating: -1)
    for (row, list) in lists.enumerated() {
      for (index, value) in list.enumerated() { self[row, width - list.count + index] = value }
    }
  }

  /// The different values of each list, where −1 is a value like any other: as wide as the longest set, shorter ones
  /// filled up with −1. Somebody comes ascending, nobody behind.
  package init(unique lists: [[Int]]) {
    let sets = lists.map { Set($0) }
    self.init(rows: lists.count, width: sets.reduce(0) { max($0, $1.count) }, repeating: -1)
    for (row, set) in sets.enumerated() {
      for (column, value) in set.filter({ $0 >= 0 }).sorted().enumerated() { self[row, column] = value }
    }
  }

  /// One place.
  package subscript(_ row: Int, _ column: Int) -> Int {
    get { values[row * width + column] }
    set { values[row * width + column] = newValue }
  }

  /// One list.
  package subscript(_ row: Int) -> ArraySlice<Int> { values[row * width..<(row + 1) * width] }

  /// Each list ascending, nobody in front.
  package var sorted: IndexTable {
    var sorted = self
    sorted.values = (0..<rows).flatMap { self[$0].sorted() }
    return sorted
  }
}
