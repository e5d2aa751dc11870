/// A layout as a Markdown table (GitHub's dialect), captions above and notes below it.
func markdown(_ layout: Layout) -> String {
  var lines = layout.caption.enumerated().map { index, line in
    index == 0 ? "**\(escaped(line))**" : escaped(line)
  }
  // Two spaces at the end break a line inside a paragraph.
  for index in lines.indices.dropLast() { lines[index] += "  " }
  lines.append("")
  var stub = layout.stub.map { "`\($0)`" }
  if !layout.axis.isEmpty, !stub.isEmpty { stub[0] += " ↓ `\(layout.axis)` →" }
  lines.append(row(stub + layout.heads.map(escaped)))
  lines.append(row(stub.map { _ in ":--" } + layout.heads.map { _ in "--:" }))
  for line in layout.blocks.joined() {
    let missing = [String](repeating: "", count: layout.stub.count - line.stub.count)
    lines.append(row(line.stub.map(escaped) + missing + line.cells.map(cell)))
  }
  if !layout.notes.isEmpty { lines.append("") }
  lines += layout.notes.map { "- " + escaped($0) }
  if let heading = layout.remarks.first {
    lines += ["", escaped(heading), ""] + layout.remarks.dropFirst().map { "- " + escaped($0) }
  }
  return lines.map { $0 + "\n" }.joined()
}

private func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

private func cell(_ cell: CellText) -> String {
  let text = escaped(cell.text)
  return cell.isBest ? "**\(text)**" : text
}

/// Text in which nothing is markup. An underscore inside a word is none in Markdown, and stays readable.
private func escaped(_ text: String) -> String {
  var result = ""
  let characters = Array(text)
  for (index, character) in characters.enumerated() {
    let isInsideWord =
      index > 0 && index + 1 < characters.count && characters[index - 1].isASCIIWord
      && characters[index + 1].isASCIIWord
    switch character {
    case "_" where isInsideWord: break
    case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "&", "#", "$": result.append("\\")
    default: break
    }
    result.append(character)
  }
  return result
}

extension Character {
  fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}
