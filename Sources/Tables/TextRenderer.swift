import Records

/// A layout as aligned text for a terminal or a log.
///
/// Numbers of a column stand with their points below each other, then deviations, then marks. Columns that do
/// not fit in `width` follow below, with the leading columns repeated.
func text(_ layout: Layout, width: Int, colour: Bool) -> String {
  let paint = Paint(isOn: colour)
  var layout = layout
  let stub = StubWidths(layout)
  var columns = layout.heads.indices.map { ColumnWidths(layout, column: $0) }
  var parts = Tables.parts(of: Array(columns.indices), columns, stub: stub, width: width)
  var names: [String]?
  if let sections = layout.sections, parts.count > 1 {
    // What has to be cut is cut where the first keys change; then they name the block and not every column.
    layout.heads = sections.heads
    layout.axis = sections.axis
    names = sections.names
    columns = layout.heads.indices.map { ColumnWidths(layout, column: $0) }
    parts = runs(of: sections.names).flatMap { Tables.parts(of: $0, columns, stub: stub, width: width) }
  }
  var lines = layout.caption.flatMap { wrapped($0, width: width) }
  for part in parts {
    let total = stub.total + part.reduce(0) { $0 + gap + columns[$1].total }
    lines.append("")
    let axis = [part.first.flatMap { names?[$0] }, layout.axis].compactMap(\.self).joined(separator: ": ")
    if !axis.isEmpty {
      // Further left where it would reach beyond the line.
      lines.append(spaces(min(stub.total + gap, width - axis.columns)) + axis)
    }
    lines.append(
      joined(
        [stub.line(layout.stub)] + part.map { columns[$0].head(layout.heads[$0]) }, paint: paint, style: nil))
    for block in layout.blocks {
      lines.append(String(repeating: "─", count: total))
      for line in block {
        let cells = part.map { columns[$0].line(line.cells[$0], paint: paint) }
        lines.append(
          joined([stub.line(line.stub)] + cells, paint: paint, style: line.tone == .faint ? .faint : nil))
      }
    }
  }
  if !layout.notes.isEmpty { lines.append("") }
  lines += layout.notes.flatMap { wrapped($0, width: width) }
  if !layout.remarks.isEmpty { lines.append("") }
  lines += layout.remarks.flatMap { wrapped($0, width: width) }
  return lines.map { $0 + "\n" }.joined()
}

/// Spaces between two columns.
private let gap = 2

private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
private func padded(_ text: String, to width: Int) -> String { text + spaces(width - text.columns) }
private func shifted(_ text: String, to width: Int) -> String { spaces(width - text.columns) + text }

/// Text with a known width, whatever colour codes it holds.
private struct Painted {
  var text: String
  var width: Int
}

private func joined(_ cells: [(text: Painted, total: Int)], paint: Paint, style: Paint.Style?) -> String {
  var line = ""
  var pending = 0
  for (index, cell) in cells.enumerated() {
    if index > 0 { pending += gap }
    // Spaces are written only when something follows, so that no line ends in them.
    let content = cell.text.text
    if cell.text.width > 0 {
      let leading = content.prefix { $0 == " " }.count
      line += spaces(pending + leading) + paint(String(content.dropFirst(leading)), style)
      pending = cell.total - cell.text.width
    } else {
      pending += cell.total
    }
  }
  return line
}

/// Places of neighbours with the same name.
func runs(of names: [String]) -> [[Int]] {
  names.indices.reduce(into: []) { runs, place in
    if let last = runs.last?.last, names[last] == names[place] {
      runs[runs.count - 1].append(place)
    } else {
      runs.append([place])
    }
  }
}

/// The columns that stand side by side, in as many parts as the width asks for.
private func parts(of places: [Int], _ columns: [ColumnWidths], stub: StubWidths, width: Int) -> [[Int]] {
  var parts: [[Int]] = [[]]
  var used = stub.total
  for place in places {
    let column = columns[place]
    if used + gap + column.total > width, !(parts.last ?? []).isEmpty {
      parts.append([])
      used = stub.total
    }
    parts[parts.count - 1].append(place)
    used += gap + column.total
  }
  return parts
}

/// How wide the leading columns are. A line of one part spans them all.
private struct StubWidths {
  var widths: [Int]

  init(_ layout: Layout) {
    widths = layout.stub.map(\.columns)
    let lines = layout.blocks.joined()
    for line in lines where line.stub.count == widths.count {
      for (index, part) in line.stub.enumerated() { widths[index] = max(widths[index], part.columns) }
    }
    let longest = lines.filter { $0.stub.count < widths.count }.map { $0.stub.joined().columns }.max() ?? 0
    if let last = widths.indices.last { widths[last] += max(0, longest - total) }
  }

  var total: Int { widths.reduce(0, +) + gap * max(0, widths.count - 1) }

  func line(_ stub: [String]) -> (text: Painted, total: Int) {
    var text = ""
    for (index, part) in stub.enumerated() {
      text += padded(part, to: widths[index]) + (index + 1 < stub.count ? spaces(gap) : "")
    }
    while text.last == " " { text.removeLast() }
    return (Painted(text: text, width: text.columns), total)
  }
}

/// How wide the parts of a column are: before the point, from the point on, deviation, marks.
private struct ColumnWidths {
  var whole = 0
  var fraction = 0
  var deviation = 0
  var marks = 0
  var headWidth: Int

  init(_ layout: Layout, column: Int) {
    headWidth = layout.heads[column].columns
    for line in layout.blocks.joined() {
      let cell = line.cells[column]
      let (whole, fraction) = Self.split(cell)
      self.whole = max(self.whole, whole.columns)
      self.fraction = max(self.fraction, fraction.columns)
      deviation = max(deviation, cell.deviation.columns)
      marks = max(marks, cell.marks.joined(separator: " ").columns)
    }
    // A head stands above the numbers; only if it is longer than the whole column, the column grows.
    if content < headWidth, deviation == 0, marks == 0 { whole += headWidth - content }
  }

  private var content: Int {
    whole + fraction + (deviation > 0 ? deviation + 1 : 0) + (marks > 0 ? marks + 1 : 0)
  }

  var total: Int { max(content, headWidth) }

  func head(_ head: String) -> (text: Painted, total: Int) {
    let text = shifted(head, to: whole + fraction)
    return (Painted(text: text, width: text.columns), total)
  }

  func line(_ cell: CellText, paint: Paint) -> (text: Painted, total: Int) {
    let (whole, fraction) = Self.split(cell)
    var plain = shifted(whole, to: self.whole) + fraction
    var coloured = spaces(self.whole - whole.columns) + paint(whole + fraction, style(of: cell))
    func add(_ text: String, at start: Int, style: Paint.Style?) {
      guard !text.isEmpty else { return }
      let padding = spaces(start - plain.columns)
      plain += padding + text
      coloured += padding + paint(text, style)
    }
    let deviationStart = self.whole + self.fraction + 1
    add(
      cell.deviation, at: deviationStart + deviation - cell.deviation.columns,
      style: cell.isBest ? .bold : nil)
    // Marks of all numbers stand below each other; a sign without a number has its marks beside it.
    var start =
      !cell.hasNumber && !cell.number.isEmpty
      ? plain.columns + 1 : deviation > 0 ? deviationStart + deviation + 1 : deviationStart
    for mark in cell.marks {
      add(mark, at: start, style: Self.style(ofMark: mark))
      start = plain.columns + 1
    }
    return (Painted(text: coloured, width: plain.columns), total)
  }

  private func style(of cell: CellText) -> Paint.Style? {
    cell.isBest ? .bold : Self.style(ofMark: cell.number)
  }

  private static func style(ofMark mark: String) -> Paint.Style? {
    switch mark {
    case CellText.failed: .red
    case CellText.running: .yellow
    default: nil
    }
  }

  private static func split(_ cell: CellText) -> (whole: String, fraction: String) {
    guard cell.hasNumber, let point = cell.number.firstIndex(of: ".") else { return (cell.number, "") }
    return (String(cell.number[..<point]), String(cell.number[point...]))
  }
}

/// ANSI sequences, or nothing.
private struct Paint {
  enum Style: Int { case bold = 1, faint = 2, red = 31, yellow = 33 }

  let isOn: Bool

  func callAsFunction(_ text: String, _ style: Style?) -> String {
    guard isOn, let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}

/// A sentence in lines of at most `width` characters, the later ones indented; long words stay whole.
private func wrapped(_ sentence: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in sentence.split(separator: " ") {
    if !line.isEmpty, line.columns + 1 + word.columns > width {
      lines.append(line)
      line = "  " + word
    } else {
      line += (line.isEmpty ? "" : " ") + word
    }
  }
  return lines + [line]
}
