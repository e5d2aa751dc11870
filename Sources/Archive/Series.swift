/// Numbers that were measured again and again: columns over steps.
package struct Series: Sendable, Equatable {
  /// What was being done: `train`, `validation`.
  package let name: String
  /// The step each row belongs to, ascending.
  package var steps: [UInt64]
  package var columns: [Column]

  package init(name: String, steps: [UInt64], columns: [Column]) {
    (self.name, self.steps, self.columns) = (name, steps, columns)
  }

  /// One quantity, a number for every step.
  package struct Column: Sendable, Equatable {
    package let name: String
    /// `nat`, `1` for a fraction, `s`.
    package let unit: String
    /// `lower`, `higher`, or nil where neither is better.
    package let better: String?
    package var values: [Double]

    package init(name: String, unit: String, better: String?, values: [Double]) {
      (self.name, self.unit, self.better, self.values) = (name, unit, better, values)
    }

    package static func == (one: Column, other: Column) -> Bool {
      one.name == other.name && one.unit == other.unit && one.better == other.better
        && Elements.float64(one.values) == Elements.float64(other.values)
    }
  }
}

extension Series {
  /// The group `/metrics`: one group a series, its columns over the scale `step`.
  ///
  /// `NX_class`, `signal` and `axes` are NeXus's words: h5web and NeXpy plot such a group on a click.
  static func tree(of series: [Series]) -> Group {
    var metrics = Group(attributes: [Attribute("NX_class", .text("NXentry"))])
    if let first = series.first { metrics.attributes.append(Attribute("default", .text(first.name))) }
    for one in series { metrics.members.append(Group.Member(one.name, .group(one.tree))) }
    return metrics
  }

  private var tree: Group {
    var group = Group(attributes: [Attribute("NX_class", .text("NXdata"))])
    if let first = columns.first {
      group.attributes += [Attribute("signal", .text(first.name)), Attribute("axes", .text("step"))]
    }
    group.members.append(
      Group.Member(
        "step",
        .dataset(
          Dataset(
            shape: [steps.count], .uint64(steps),
            attributes: [Attribute("long_name", .text("training step"))],
            compressed: true, scaleName: "step"))))
    for column in columns {
      var attributes = [
        Attribute("units", .text(column.unit)),
        Attribute("long_name", .text("\(name) \(column.name)".map { $0 == "_" ? " " : String($0) }.joined())),
        Attribute("aggregation", .text("none")),
      ]
      if let better = column.better { attributes.append(Attribute("better", .text(better))) }
      group.members.append(
        Group.Member(
          column.name,
          .dataset(
            Dataset(
              shape: [column.values.count], .float64(column.values), attributes: attributes, compressed: true,
              dimensions: ["/metrics/\(name)/step"]))))
    }
    return group
  }

  /// Reads `/metrics` back.
  static func read(from layout: Layout) throws(ArchiveError) -> [Series] {
    var series: [Series] = []
    for name in try layout.group("metrics").names {
      let path = "metrics/\(name)"
      let steps = try layout.unsigned64("\(path)/step")
      var columns: [Column] = []
      for column in try layout.group(path).names where column != "step" {
        let dataset = try layout.dataset("\(path)/\(column)")
        columns.append(
          Column(
            name: column, unit: dataset.attribute("units")?.text ?? "",
            better: dataset.attribute("better")?.text,
            values: try layout.doubles("\(path)/\(column)", count: steps.count)))
      }
      series.append(Series(name: name, steps: steps, columns: columns))
    }
    return series
  }
}
