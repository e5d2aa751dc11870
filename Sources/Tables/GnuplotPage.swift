/// Where things stand on a picture's page, in points from its lower left corner.
struct GnuplotPage {
  static let captionSize = 9
  private static let (titleHeight, panelHeight) = (36, 280)
  private static let (leftOfPanel, rightOfPanel) = (72, 18)
  private static let (keyHeight, captionHeight, margin) = (22, 18, 14)

  /// What the panels need, or more where a key of the legend does.
  let width: Int
  let height: Int
  /// The caption's lines, none wider than the page.
  let caption: [String]
  private let columns: Int
  private let rows: Int
  private let keyColumns: Int
  private let keyWidth: Int
  private let keyRows: Int
  /// Below a panel: its numbers and words, and in rows above others room from the title below.
  private let axisHeight: Int

  init(_ picture: Picture) {
    let count = max(picture.panels.count, 1)
    columns = min(count, 3)
    rows = (count + columns - 1) / columns
    axisHeight = rows > 1 ? 86 : 54
    // A letter of the caption is six points wide, one of the legend eight, more or less.
    keyWidth = 50 + 8 * (picture.legend.map(\.text.count).max() ?? 0) + 16
    width = max([760, 1000, 1260][columns - 1], keyWidth + 48)
    let letters = (width - 48) / 6
    caption = picture.caption.flatMap { wrapped($0, at: letters) }
    keyColumns = max(1, min(picture.legend.count, (width - 48) / keyWidth))
    keyRows = (picture.legend.count + keyColumns - 1) / keyColumns
    height =
      GnuplotPage.margin + caption.count * GnuplotPage.captionHeight + keyRows * GnuplotPage.keyHeight + 2
      * GnuplotPage.margin + rows
      * (GnuplotPage.titleHeight + GnuplotPage.panelHeight + axisHeight)
  }

  /// The height of the first line of the caption.
  var captionTop: Int { GnuplotPage.margin + caption.count * GnuplotPage.captionHeight - 9 }

  /// Where a panel is, in parts of the page.
  struct Box {
    /// The sides of its axes.
    let left: Double
    let right: Double
    let bottom: Double
    let top: Double
    /// The middle of the words along its vertical axis.
    let title: Double
    let middle: Double
  }

  func box(of panel: Int) -> Box {
    let (row, column) = (panel / columns, panel % columns)
    let cell = width / columns
    let left = column * cell + GnuplotPage.leftOfPanel
    let right = (column + 1) * cell - GnuplotPage.rightOfPanel
    let whole = GnuplotPage.titleHeight + GnuplotPage.panelHeight + axisHeight
    let top = height - row * whole - GnuplotPage.titleHeight
    func part(_ place: Int, _ whole: Int) -> Double {
      (Double(place) / Double(whole) * 10_000).rounded() / 10_000
    }
    return Box(
      left: part(left, width), right: part(right, width),
      bottom: part(top - GnuplotPage.panelHeight, height), top: part(top, height),
      title: part(column * cell + 16, width), middle: part(top - GnuplotPage.panelHeight / 2, height))
  }

  func isFirstInRow(_ panel: Int) -> Bool { panel % columns == 0 }

  /// The left end of a key of the legend: filled row by row, the whole in the middle.
  func place(ofKey index: Int) -> (x: Int, y: Int) {
    let top =
      GnuplotPage.margin + caption.count * GnuplotPage.captionHeight + GnuplotPage.margin + keyRows
      * GnuplotPage.keyHeight
    let left = (width - keyColumns * keyWidth) / 2 + 12
    return (
      left + index % keyColumns * keyWidth,
      top - index / keyColumns * GnuplotPage.keyHeight - GnuplotPage.keyHeight / 2
    )
  }
}

/// The words of a line in lines of at most so many letters; a longer word stays whole.
private func wrapped(_ line: String, at letters: Int) -> [String] {
  var lines: [String] = []
  for word in line.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= letters {
      lines[lines.count - 1] = "\(last) \(word)"
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
