/// A layout as a piece of an HTML page: a table with its caption and the scope of every heading, so that a reader who
/// hears it can tell where a number stands, notes below it.
///
/// It needs nothing beside it, neither a style sheet nor a character set: all letters beyond ASCII are written as
/// references by number, and nothing of foreign origin is markup.
func html(_ layout: Layout) -> String {
  var lines = ["<section>", "<table style=\"border-collapse: collapse\">"]
  let caption = layout.caption.enumerated().map { index, line in
    index == 0 ? "<strong>\(escaped(line))</strong>" : escaped(line)
  }
  lines.append("<caption style=\"text-align: left\">\(caption.joined(separator: "<br>\n"))</caption>")
  lines.append("<thead>")
  if !layout.axis.isEmpty {
    let above = layout.stub.isEmpty ? "" : "<td colspan=\"\(layout.stub.count)\"></td>"
    lines.append(
      row([
        above, heading(layout.axis, scope: "colgroup", span: layout.heads.count, style: "text-align: center"),
      ]))
  }
  lines.append(
    row(
      layout.stub.map { heading($0, scope: "col", style: "text-align: left") }
        + layout.heads.map { heading($0, scope: "col", style: "text-align: right") }))
  lines.append("</thead>")
  for block in layout.blocks {
    lines.append("<tbody style=\"border-top: 1px solid\">")
    for line in block {
      let isSpanning = line.stub.count < layout.stub.count
      let stub = line.stub.enumerated().map { index, label in
        // One label in a line of several leading columns spans them all.
        heading(
          label, scope: "row",
          span: isSpanning && index == line.stub.count - 1 ? layout.stub.count - index : 1,
          style: "text-align: left; font-weight: normal")
      }
      lines.append(row(stub + line.cells.map(cell), isFaint: line.tone == .faint))
    }
    lines.append("</tbody>")
  }
  lines.append("</table>")
  lines += list(layout.notes)
  if let first = layout.remarks.first {
    lines.append("<p>\(escaped(first))</p>")
    lines += list(Array(layout.remarks.dropFirst()))
  }
  lines.append("</section>")
  return lines.map { $0 + "\n" }.joined()
}

private func row(_ cells: [String], isFaint: Bool = false) -> String {
  "<tr\(isFaint ? " style=\"opacity: 0.7\"" : "")>\(cells.joined())</tr>"
}

private func heading(_ text: String, scope: String, span: Int = 1, style: String) -> String {
  // What has no name heads nothing.
  let name = text.isEmpty ? "td" : "th scope=\"\(scope)\""
  let columns = span > 1 ? " colspan=\"\(span)\"" : ""
  return
    "<\(name)\(columns) style=\"\(style); padding: 0 0.5em\">\(escaped(text))</\(text.isEmpty ? "td" : "th")>"
}

private func cell(_ cell: CellText) -> String {
  let text = escaped(cell.text)
  return
    "<td style=\"text-align: right; padding: 0 0.5em\">\(cell.isBest ? "<strong>\(text)</strong>" : text)</td>"
}

private func list(_ sentences: [String]) -> [String] {
  sentences.isEmpty ? [] : ["<ul>"] + sentences.map { "<li>\(escaped($0))</li>" } + ["</ul>"]
}

private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result += scalar.isASCII ? String(scalar) : "&#\(scalar.value);"
    }
  }
  return result
}
