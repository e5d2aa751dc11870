/// What a table in HTML is a part of.
enum HTMLDress {
  /// Of any page: it needs nothing beside it, neither a style sheet nor a character set.
  case alone
  /// Of a page of this program, whose style sheet knows its classes; wide tables scroll inside a box of their own.
  case page
}

/// A layout as a piece of an HTML page: a table with its caption and the scope of every heading, so that a reader who
/// hears it can tell where a number stands, notes below it.
///
/// All letters beyond ASCII are written as references by number, and nothing of foreign origin is markup.
func html(_ layout: Layout, dress: HTMLDress = .alone) -> String {
  HTMLTable(layout: layout, dress: dress).lines.map { $0 + "\n" }.joined()
}

/// One table on its way to HTML.
private struct HTMLTable {
  private let layout: Layout
  private let dress: HTMLDress
  /// The class of each column that holds words and no numbers: those stand on the left, under their head, and in more
  /// than one line where they are many.
  private let classes: [Int: String]

  init(layout: Layout, dress: HTMLDress) {
    (self.layout, self.dress) = (layout, dress)
    let lines = layout.blocks.flatMap(\.self)
    var classes: [Int: String] = [:]
    for column in layout.heads.indices {
      let cells = lines.compactMap { column < $0.cells.count ? $0.cells[column] : nil }
      guard cells.contains(where: { !$0.text.isEmpty }), cells.allSatisfy({ $0.number.isEmpty }) else {
        continue
      }
      classes[column] = cells.allSatisfy { $0.text.count <= 24 } ? "word" : "words"
    }
    self.classes = classes
  }

  var lines: [String] {
    var lines = [dress == .page ? "<section class=\"table\">" : "<section>"] + tables
    lines += list(layout.notes)
    if let first = layout.remarks.first {
      lines.append("<p>\(xmlText(first))</p>")
      lines += list(Array(layout.remarks.dropFirst()))
    }
    return lines + ["</section>"]
  }

  /// One table; on a page of this program, where columns stand in blocks, one for each block: side by side they would be
  /// wider than most screens and all paper.
  private var tables: [String] {
    let all = Array(layout.heads.indices)
    guard dress == .page, let sections = layout.sections, Set(sections.names).count > 1 else {
      return table(of: all, heads: layout.heads, axis: layout.axis, caption: layout.caption)
    }
    return runs(of: sections.names).enumerated().flatMap { index, columns in
      // The caption is that of all; below the first table the block's name is enough.
      let name = columns.first.map { sections.names[$0] } ?? ""
      return table(
        of: columns, heads: sections.heads, axis: sections.axis,
        caption: index == 0 ? layout.caption + [name] : [name])
    }
  }

  private func table(of columns: [Int], heads: [String], axis: String, caption: [String]) -> [String] {
    var lines = opening(caption) + ["<thead>"]
    if !axis.isEmpty {
      let above = layout.stub.isEmpty ? "" : "<td colspan=\"\(layout.stub.count)\"></td>"
      lines.append(
        row([above, heading(axis, scope: "colgroup", span: columns.count, style: "text-align: center")]))
    }
    lines.append(
      row(
        layout.stub.map { heading($0, scope: "col", style: "text-align: left", pageClass: "name") }
          + columns.map {
            heading(heads[$0], scope: "col", style: "text-align: right", pageClass: classes[$0])
          }))
    lines.append("</thead>")
    for block in layout.blocks {
      lines.append(dress == .page ? "<tbody>" : "<tbody style=\"border-top: 1px solid\">")
      for line in block {
        let isSpanning = line.stub.count < layout.stub.count
        let stub = line.stub.enumerated().map { index, label in
          // One label in a line of several leading columns spans them all.
          heading(
            label, scope: "row",
            span: isSpanning && index == line.stub.count - 1 ? layout.stub.count - index : 1,
            style: "text-align: left; font-weight: normal")
        }
        lines.append(row(stub + columns.map { cell($0, line.cells[$0]) }, isFaint: line.tone == .faint))
      }
      lines.append("</tbody>")
    }
    lines.append(dress == .page ? "</table></div>" : "</table>")
    return lines
  }

  /// Up to the caption.
  private func opening(_ lines: [String]) -> [String] {
    let caption = lines.enumerated().map { index, line in
      index == 0 ? "<strong>\(xmlText(line))</strong>" : xmlText(line)
    }
    switch dress {
    case .alone:
      return [
        "<table style=\"border-collapse: collapse\">",
        "<caption style=\"text-align: left\">\(caption.joined(separator: "<br>\n"))</caption>",
      ]
    case .page:
      let name = xmlText(lines.first ?? "")
      return [
        // To be scrolled by keys it has to be reached by them.
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(name)\"><table>",
        "<caption><span>\(caption.joined(separator: "<br/>\n"))</span></caption>",
      ]
    }
  }

  private func row(_ cells: [String], isFaint: Bool = false) -> String {
    let tone = dress == .page ? " class=\"faint\"" : " style=\"opacity: 0.7\""
    return "<tr\(isFaint ? tone : "")>\(cells.joined())</tr>"
  }

  private func heading(
    _ text: String, scope: String, span: Int = 1, style: String, pageClass: String? = nil
  ) -> String {
    // What has no name heads nothing.
    let name = text.isEmpty ? "td" : "th scope=\"\(scope)\""
    let columns = span > 1 ? " colspan=\"\(span)\"" : ""
    let look: String =
      switch dress {
      case .alone: " style=\"\(style); padding: 0 0.5em\""
      case .page: pageClass.map { " class=\"\($0)\"" } ?? ""
      }
    return "<\(name)\(columns)\(look)>\(xmlText(text))</\(text.isEmpty ? "td" : "th")>"
  }

  private func cell(_ column: Int, _ cell: CellText) -> String {
    let text = xmlText(cell.text)
    let look: String =
      switch dress {
      case .alone: " style=\"text-align: right; padding: 0 0.5em\""
      case .page: classes[column].map { " class=\"\($0)\"" } ?? ""
      }
    return "<td\(look)>\(cell.isBest ? "<strong>\(text)</strong>" : text)</td>"
  }

  private func list(_ sentences: [String]) -> [String] {
    sentences.isEmpty
      ? []
      : ["<ul>"] + sentences.map { "<li>\(dress == .page ? sentenceMarkup($0) : xmlText($0))</li>" } + [
        "</ul>"
      ]
  }
}

extension Sheet {
  /// The table as a part of a page, with the numbers of `render`.
  package var markup: Markup { .written(html(layout, dress: .page)) }
}

extension TableDifference {
  /// The difference as a part of a page.
  package var markup: Markup { .written(html(layout, dress: .page)) }
}

extension Verification {
  /// What was checked, as parts of a page: values, order, claims.
  package var markup: Markup { .written(parts.map { html($0.layout, dress: .page) }.joined()) }
}
