import Records

/// A table of a page that is no result: settings, runs, machines. Its look is that of all others.
package struct PageTable: Sendable {
  package enum Cell: Sendable, Equatable {
    /// Stands under other numbers.
    case number(String)
    case words(String)
    case nothing
  }

  package struct Row: Sendable, Equatable {
    /// The leading columns, which name the row.
    package let names: [String]
    package let cells: [Cell]
    /// Whether it matters less.
    package let isFaint: Bool

    package init(_ names: [String], _ cells: [Cell], isFaint: Bool = false) {
      (self.names, self.cells, self.isFaint) = (names, cells, isFaint)
    }
  }

  private let layout: Layout

  /// - Parameters:
  ///   - names: what the leading columns are.
  ///   - heads: what the others are; as many as every row has cells.
  package init(
    _ caption: String, names: [String], heads: [String], rows: [Row], notes: [String] = []
  ) {
    layout =
      Layout(
        caption: [caption], stub: names, axis: "", heads: heads,
        blocks: [
          rows.map { row in
            Layout.Line(
              stub: row.names, cells: row.cells.map(PageTable.text), tone: row.isFaint ? .faint : .plain)
          }
        ], notes: notes
      ).printable()
  }

  package var markup: Markup { .written(html(layout, dress: .page)) }

  private static func text(_ cell: Cell) -> CellText {
    switch cell {
    case .number(let text): return CellText(text)
    case .words(let text):
      var cell = CellText("")
      cell.marks = [printable(text)]
      return cell
    case .nothing: return CellText("")
    }
  }
}
