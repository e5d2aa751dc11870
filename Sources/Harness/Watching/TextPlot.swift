/// Curves by step, drawn with characters: no colour, no picture, any width.
///
///     2.31 ┤⡀
///          │⠑⢄⡀
///     0.12 ┤  ⠈⠉⠒⠤⠤⠤⣀
///           0         900
struct TextPlot: Sendable {
  /// Drawn as dots that hang together.
  let line: Curve
  /// Drawn as an `o` each, over the line.
  var marks: Curve?
  /// The step at the right end; the last one there is where this is less.
  var steps: Int

  /// The drawing: `height` lines of at most `width` characters, and one below for the steps. Nothing where there is
  /// nothing finite to draw, or no room.
  func lines(width: Int, height: Int, glyphs: Glyphs) -> [String] {
    func finite(_ curve: Curve) -> Curve {
      Curve(metric: curve.metric, points: curve.points.filter { $0.value.isFinite })
    }
    let points = finite(line).points
    let marks = marks.map { finite($0).points } ?? []
    let all = points + marks
    guard let first = all.map(\.step).min(), let last = all.map(\.step).max(),
      let least = all.map(\.value).min(), let greatest = all.map(\.value).max(), height >= 2
    else { return [] }
    let heads = [NumberText.rough(greatest), NumberText.rough(least)]
    let margin = heads.map(\.count).max() ?? 0
    let columns = width - margin - 2
    guard columns >= 4 else { return [] }
    let frame = Frame(
      steps: first...max(first + 1, last, steps), values: least...max(greatest, least + 1e-12),
      columns: columns,
      rows: height)
    var canvas = Canvas(frame: frame, glyphs: glyphs)
    canvas.draw(TextPlot.thinned(points, to: width * 2))
    // The ends of the axes are numbers of the data, so each is seen where it was measured.
    for end in [points.min { $0.value < $1.value }, points.max { $0.value < $1.value }] {
      if let end { canvas.draw([end]) }
    }
    for point in marks { canvas.mark(point) }
    let (tick, bar) = glyphs == .unicode ? ("┤", "│") : ("+", "|")
    let body = canvas.rows.enumerated().map { row, text in
      let head = row == 0 ? heads[0] : row == height - 1 ? heads[1] : ""
      let gap = String(repeating: " ", count: margin - head.count)
      return trimmedEnd(gap + head + " " + (head.isEmpty ? bar : tick) + text)
    }
    let (from, to) = ("\(frame.steps.lowerBound)", "\(frame.steps.upperBound)")
    let room = columns - from.count - to.count
    let ends = room > 0 ? from + String(repeating: " ", count: room) + to : String(from.prefix(columns))
    return body + [String(repeating: " ", count: margin + 2) + ends]
  }
}

extension TextPlot {
  /// Means of equally many steps, from the first point to the last: two dots a character are all there is room for.
  fileprivate static func thinned(_ points: [Curve.Point], to count: Int) -> [Curve.Point] {
    let thin = Curve(metric: "", points: points).thinned(to: count).points
    guard points.count > count, let first = points.first, let last = points.last else { return thin }
    return [first] + thin.filter { first.step < $0.step && $0.step < last.step } + [last]
  }
}

/// Which steps and values a drawing shows, on how many characters.
struct Frame: Sendable {
  let steps: ClosedRange<Int>
  let values: ClosedRange<Double>
  let columns: Int
  let rows: Int

  /// Where a point lies on a grid of so many dots, counted from the left and from above.
  func place(_ point: Curve.Point, across: Int, down: Int) -> (x: Int, y: Int) {
    let x = Double(point.step - steps.lowerBound) / Double(steps.upperBound - steps.lowerBound)
    let y = (values.upperBound - point.value) / (values.upperBound - values.lowerBound)
    return (Int((x * Double(across - 1)).rounded()), Int((y * Double(down - 1)).rounded()))
  }
}

/// Dots on a grid of characters.
private struct Canvas {
  let frame: Frame
  let glyphs: Glyphs
  /// Dots in a character: two by four in Braille, one in ASCII.
  private var across: Int { frame.columns * (glyphs == .unicode ? 2 : 1) }
  private var down: Int { frame.rows * (glyphs == .unicode ? 4 : 1) }
  private var dots: Set<Int> = []
  private var marks: Set<Int> = []

  init(frame: Frame, glyphs: Glyphs) { (self.frame, self.glyphs) = (frame, glyphs) }

  /// Joins points by straight lines.
  mutating func draw(_ points: [Curve.Point]) {
    var previous: (x: Int, y: Int)?
    for point in points {
      let here = frame.place(point, across: across, down: down)
      let start = previous ?? here
      let count = max(abs(here.x - start.x), abs(here.y - start.y), 1)
      for part in 0...count {
        let x = start.x + Int((Double((here.x - start.x) * part) / Double(count)).rounded())
        let y = start.y + Int((Double((here.y - start.y) * part) / Double(count)).rounded())
        dots.insert(y * across + x)
      }
      previous = here
    }
  }

  /// Sets a mark that covers a whole character.
  mutating func mark(_ point: Curve.Point) {
    let place = frame.place(point, across: frame.columns, down: frame.rows)
    marks.insert(place.y * frame.columns + place.x)
  }

  /// The drawing, a text a row.
  var rows: [String] {
    (0..<frame.rows).map { row in
      String(
        (0..<frame.columns).map { column -> Character in
          if marks.contains(row * frame.columns + column) { return "o" }
          guard glyphs == .unicode else { return dots.contains(row * across + column) ? "." : " " }
          return braille(row, column)
        })
    }
  }

  /// The Braille patterns of Unicode begin at U+2800, a bit for each dot.
  private func braille(_ row: Int, _ column: Int) -> Character {
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var pattern: UInt32 = 0
    for (y, line) in bits.enumerated() {
      for (x, bit) in line.enumerated() where dots.contains((row * 4 + y) * across + column * 2 + x) {
        pattern |= bit
      }
    }
    guard pattern > 0, let scalar = Unicode.Scalar(0x2800 + pattern) else { return " " }
    return Character(scalar)
  }
}

/// Without spaces at the end.
func trimmedEnd(_ line: String) -> String {
  guard let last = line.utf8.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return "" }
  return String(line[...last])
}
