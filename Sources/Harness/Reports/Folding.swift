import Records

extension String {
  /// The text in lines of at most `width` columns: what is wider goes on below, further in, and nothing is left out.
  ///
  /// Cells, which two spaces or more set apart, are moved down whole, so that those of equal rows stay below each other;
  /// one that is wider than a line continues at its words. A word that is wider than a line stays whole. Lines that fit
  /// stay as they are.
  package func folded(width: Int) -> String {
    guard width < .max else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.visibleColumns <= width ? String(line) : Folding(line, width: width).lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension StringProtocol {
  /// Columns without the sequences that give colour.
  var visibleColumns: Int {
    contains("\u{1B}") ? String(self).replacing(/\u{1B}\[[0-9;]*m/, with: "").columns : columns
  }
}

/// One line that is too wide.
private struct Folding {
  private(set) var lines: [String] = []
  private let width: Int
  private let indentation: Int
  /// The line that is being filled, and its columns.
  private var line = ""
  private var used = 0

  init(_ text: some StringProtocol, width: Int) {
    let text = String(text)
    let leading = text.prefix { $0 == " " }.count
    // Narrower than that nothing is readable that is also further in.
    (self.width, indentation) = (width, min(leading + 4, width / 2))
    if text.allSatisfy({ $0 == "─" }) {
      lines = [String(text.prefix(width))]
      return
    }
    var first = true
    for cell in Folding.cells(of: text.dropFirst(leading)) {
      let gap = first ? leading : cell.gap
      first = false
      add(cell.text, gap: min(gap, width / 2))
    }
    lines.append(line)
  }

  private mutating func add(_ cell: Substring, gap: Int) {
    let needed = cell.visibleColumns
    if used == 0 || used + gap + needed <= width {
      if needed + gap + used <= width { return put(cell, gap: gap) }
    } else if indentation + needed <= width {
      feed()
      return put(cell, gap: indentation)
    }
    // Wider than any line: word by word.
    var gap = gap
    for word in cell.split(separator: " ") {
      if used > 0, used + gap + word.visibleColumns > width {
        feed()
        gap = indentation
      }
      put(word, gap: gap)
      gap = 1
    }
  }

  private mutating func put(_ text: Substring, gap: Int) {
    line += String(repeating: " ", count: gap) + text
    used += gap + text.visibleColumns
  }

  private mutating func feed() {
    lines.append(line)
    (line, used) = ("", 0)
  }

  /// Texts between gaps of two spaces or more, each with the gap before it.
  private static func cells(of text: Substring) -> [(gap: Int, text: Substring)] {
    var cells: [(gap: Int, text: Substring)] = []
    var (gap, place) = (0, text.startIndex)
    for match in text.matches(of: #/ {2,}/#) {
      cells.append((gap, text[place..<match.range.lowerBound]))
      (gap, place) = (match.output.count, match.range.upperBound)
    }
    return cells + [(gap, text[place...])]
  }
}
