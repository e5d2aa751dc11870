package import Archive
import Foundation
import Records
package import Tables

/// What the planned seeds of a manifest's tables can show.
package struct PowerReport: Sendable {
  /// One for each metric of each table; costs are not of chance.
  package let tables: [SeedPower]

  /// - Parameter wanted: the difference to ask the number of seeds for.
  package init(_ manifest: Manifest, in store: Store?, alpha: Double, wanted: Margin?) throws {
    let survey = try Survey(manifest, in: store)
    var found: [SeedPower] = []
    for table in try manifest.tables(named: nil) {
      for cell in table.specification.cells where Cost(key: cell) == nil {
        let planned = try Table(
          table.specification.showing(cell), heading: manifest.heading,
          unit: survey.unit(of: cell) ?? table.published(of: cell)?.unit ?? .fraction,
          observations: survey.observations, order: manifest.order, reference: nil, extraRows: [], notes: [])
        let task = manifest.runs.first?.settings["task.kind"]?.description ?? ""
        found.append(
          try SeedPower(
            planned, elsewhere: { try PowerReport.elsewhere(manifest, cell, in: store) },
            elsewhereName: "other runs of tier \(manifest.tier.rawValue) and task \(task)", alpha: alpha,
            wanted: wanted))
      }
    }
    tables = found
  }

  package var text: String {
    tables.map { $0.render(.text, width: Page.plain.width, colour: false) }.joined(separator: "\n")
  }

  /// A list of objects.
  package var json: String {
    "["
      + tables.map { $0.render(.json, width: 0, colour: false).trimmingCharacters(in: .newlines) }
      .joined(separator: ", ") + "]"
  }

  /// The numbers of finished runs of the same tier and task in the store, those together that differ in their seed alone.
  private static func elsewhere(_ manifest: Manifest, _ metric: String, in store: Store?) throws -> [[Double]]
  {
    guard let store else { return [] }
    let tasks = Set(manifest.runs.compactMap { $0.settings["task.kind"] })
    var seen: Set<Digest> = []
    var groups: [Settings: [Double]] = [:]
    for other in try StoredRuns(store).manifests where other.tier == manifest.tier {
      guard other.runs.contains(where: { $0.settings["task.kind"].map(tasks.contains) ?? false }) else {
        continue
      }
      for observation in try Survey(other, in: store).observations {
        guard case .finished(let record) = observation.state, let value = record.metrics[metric],
          observation.settings["task.kind"].map(tasks.contains) ?? false,
          seen.insert(observation.run).inserted
        else { continue }
        groups[Costs.work(of: observation.settings), default: []].append(value)
      }
    }
    // In an order that does not depend on anybody's hashing.
    return groups.values.map { $0.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
