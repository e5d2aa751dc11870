import Records
import Tables

/// What a manifest comes to: what `mneme check` prints, and `mneme show` before its runs.
package struct ManifestSummary: Sendable {
  private let manifest: Manifest
  private let axes: [(key: String, values: [Value])]

  package init(_ manifest: Manifest) {
    self.manifest = manifest
    let order = manifest.order
    // A key that some runs have and all of those alike follows from another one, and is no axis.
    axes = manifest.differingKeys.map { ($0, order[$0] ?? []) }.filter { $0.values.count > 1 }
  }

  /// Runs, axes, tables and hash, for people.
  package var text: String {
    var rows = [
      ["manifest", manifest.hash.hex], ["tier", manifest.tier.rawValue], ["runs", "\(manifest.runs.count)"],
    ]
    for (index, axis) in axes.enumerated() {
      rows.append([
        index == 0 ? "axes" : "", "\(axis.key): \(axis.values.map(\.description).joined(separator: ", "))",
      ])
    }
    for (index, table) in manifest.tables.enumerated() {
      rows.append([index == 0 ? "tables" : "", described(table)])
    }
    for (index, figure) in manifest.figures.enumerated() {
      rows.append([index == 0 ? "figures" : "", described(figure)])
    }
    return "\(manifest.name)\n" + inColumns(rows, indentation: "  ")
  }

  private func described(_ table: ManifestTable) -> String {
    let specification = table.specification
    let axes = specification.axes.joined(separator: " × ")
    return "\(specification.name): \(specification.cells.joined(separator: ", ")) by \(axes)"
      + (specification.over.isEmpty ? "" : ", over \(specification.over.joined(separator: ", "))")
      + (specification.reference.map { ", beside \($0)" } ?? "")
  }

  private func described(_ figure: ManifestFigure) -> String {
    let specification = figure.specification
    return "\(specification.name): \(specification.y) over \(specification.x), "
      + "lines \(specification.lines.joined(separator: ", "))"
      + (specification.panels.map { ", panels \($0)" } ?? "")
      + (specification.reference.map { ", beside \($0)" } ?? "")
  }

  /// The same as a value for JSON.
  var encodable: SummaryJSON {
    SummaryJSON(
      manifest: manifest.hash.hex, name: manifest.name, tier: manifest.tier.rawValue,
      runs: manifest.runs.map(\.run.hex),
      axes: axes.map { .init(key: $0.key, values: $0.values.map(EncodableValue.init)) },
      tables: manifest.tables.map(\.specification.settings.encodable),
      figures: manifest.figures.map(\.specification.settings.encodable))
  }

  /// Summaries as one JSON list.
  package static func json(_ summaries: [ManifestSummary]) -> String {
    jsonText(summaries.map(\.encodable))
  }
}

/// A summary as JSON has it.
struct SummaryJSON: Encodable {
  struct Axis: Encodable {
    let key: String
    let values: [EncodableValue]
  }

  let manifest: String
  let name: String
  let tier: String
  let runs: [String]
  let axes: [Axis]
  let tables: [[String: EncodableValue]]
  let figures: [[String: EncodableValue]]
}
