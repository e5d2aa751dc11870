import Records

extension Picture {
  /// Every curve of every panel, in the order in which they are drawn: a curve's place is its block in the data.
  var blocks: [(panel: Panel, curve: Curve)] {
    panels.flatMap { panel in panel.curves.map { (panel, $0) } }
  }

  /// The numbers as text that gnuplot, awk and numpy read: for every curve a block of lines `x y deviation count`,
  /// blocks apart by two empty lines, all else behind `#`. Numbers read back as the same Doubles; `nan` is no number.
  package var data: String {
    var lines = (caption + facts).map { "# \(printable($0))" }
    for (index, block) in blocks.enumerated() {
      let title = block.panel.title.isEmpty ? "" : "; \(block.panel.title)"
      if index > 0 { lines += ["", ""] }
      lines.append(
        "# block \(index): \(printable(block.curve.name)), \(block.curve.source)\(printable(title))")
      lines.append("# x y deviation count")
      for point in block.curve.points {
        lines.append(
          [number(point.x), number(point.y), number(point.deviation), point.count.map(String.init) ?? "nan"]
            .joined(separator: " "))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same for programs, with the runs behind every number.
  package var json: String {
    JSON.object([
      ("figure", .string(name)), ("caption", .array(caption.map { .string($0) })),
      ("facts", .array(facts.map { .string($0) })),
      (
        "panels",
        .array(
          panels.map { panel in
            .object([
              ("title", .string(panel.title)), ("y", .string(panel.yTitle)),
              (
                "curves",
                .array(
                  panel.curves.map { curve in
                    .object([
                      ("name", .string(curve.name)), ("source", .string(curve.source)),
                      ("points", .array(curve.points.map(json(of:)))),
                    ])
                  })
              ),
            ])
          })
      ),
    ]).text
  }

  private func json(of point: Point) -> JSON {
    .object([
      ("x", .number(point.x)), ("y", .optional(point.y)), ("deviation", .optional(point.deviation)),
      ("count", .optional(point.count)), ("runs", .array(point.runs.map { .string($0) })),
    ])
  }

  private func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "nan" }
    if let whole = Int(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return "\(value)"
  }
}
