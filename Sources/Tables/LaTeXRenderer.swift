/// A layout as a LaTeX table for the package booktabs, escaped for LaTeX with UTF-8 input.
func latex(_ layout: Layout) -> String {
  let stub = layout.stub.count
  let columns = layout.heads.count
  var lines = [
    "\\begin{table}", "\\centering", "\\caption{\(layout.caption.map(escaped).joined(separator: ". "))}",
    "\\begin{tabular}{\(String(repeating: "l", count: stub))\(String(repeating: "r", count: columns))}",
    "\\toprule",
  ]
  if !layout.axis.isEmpty {
    lines.append(
      String(repeating: "& ", count: stub) + "\\multicolumn{\(columns)}{c}{\(escaped(layout.axis))} \\\\")
    lines.append("\\cmidrule(lr){\(stub + 1)-\(stub + columns)}")
  }
  lines.append(row((layout.stub + layout.heads).map(escaped)))
  for block in layout.blocks {
    lines.append("\\midrule")
    for line in block {
      // A row may not begin with a bracket: after `\\` LaTeX would read it as a length.
      let labels =
        line.stub.count < stub
        ? ["\\multicolumn{\(stub)}{l}{\(escaped(line.stub.joined(separator: " ")))}"] : line.stub.map(escaped)
      lines.append(row(labels + line.cells.map(cell)))
    }
  }
  lines += ["\\bottomrule", "\\end{tabular}"]
  lines += (layout.notes + layout.remarks).map { "\\par{\\footnotesize \(escaped($0))}" }
  lines.append("\\end{table}")
  return lines.map { $0 + "\n" }.joined()
}

private func row(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\" }

private func cell(_ cell: CellText) -> String {
  let text = escaped(cell.text)
  return cell.isBest ? "\\textbf{\(text)}" : text
}

private func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&", "%", "$", "#", "_", "{", "}": result += "\\\(character)"
    case "\\": result += "\\textbackslash{}"
    case "~": result += "\\textasciitilde{}"
    case "^": result += "\\textasciicircum{}"
    case "<": result += "$<$"
    case ">": result += "$>$"
    case "[", "]": result += "{\(character)}"
    case "≥": result += "$\\geq$"
    case "±": result += "$\\pm$"
    case "−": result += "$-$"
    case "–": result += "--"
    case "…": result += "\\dots{}"
    case "✗": result += "$\\times$"
    case "·": result += "$\\cdot$"
    default: result.append(character)
    }
  }
  return result
}
