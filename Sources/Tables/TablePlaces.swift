extension Table {
  /// A planned cell: where it is, what is printed there, and of which runs.
  package struct Place: Sendable {
    /// The labels of the axes, in the order of the specification.
    package let at: [(key: String, label: String)]
    package let cell: Cell
    /// As the text prints it.
    package let text: String
  }

  /// The planned cells row by row, as they are printed.
  package var places: [Place] {
    zip(groups, lines(withPublished: [])).flatMap { group, line in
      columns.indices.filter { group.measured[$0].planned > 0 }.map { column in
        Place(
          at: Array(zip(specification.axes, group.labels + columns[column])).map { (key: $0, label: $1) },
          cell: group.measured[column], text: line.cells[column].text)
      }
    }
  }
}
