package import Archive
import Records
package import Tables

/// The tables of a manifest, made of what the store has now. Equal stores give equal tables, in whichever order the
/// runs came to be.
package struct TableReport: Sendable {
  package let manifest: Manifest
  package let survey: Survey
  /// In the manifest's order.
  package let tables: [Table]

  /// - Parameter name: the one table to make; nil makes all.
  /// - Parameter store: nil where nothing has been stored yet.
  package init(_ manifest: Manifest, table name: String? = nil, in store: Store?) throws {
    let wanted = try manifest.tables(named: name)
    self.manifest = manifest
    let survey = try Survey(manifest, in: store)
    self.survey = survey
    var baselines = Baselines(remembering: store)
    let order = manifest.order
    tables = try wanted.map { table in
      let published = try table.published()
      let computed = BaselineRows(table.specification, of: manifest, from: &baselines)
      return try Table(
        table.specification, heading: manifest.heading,
        unit: survey.unit(of: table.specification.cell) ?? published?.unit ?? .fraction,
        observations: survey.observations, order: order, reference: published, extraRows: computed.rows,
        notes: TableReport.notes(survey, isIncomplete: computed.isIncomplete))
    }
  }

  /// 1 where damage was found: a table that hides it would pass for a good one.
  package var status: ExitStatus { survey.damage.isEmpty ? .done : .finding }

  /// What was found damaged, for standard error; empty if nothing was.
  package var complaints: String { survey.damage.map { "damaged: \($0.sentence)\n" }.joined() }

  /// How far the runs are, and what was found damaged: below every table and figure.
  static func notes(_ survey: Survey, isIncomplete: Bool) -> [String] {
    var notes: [String] = []
    let planned = survey.observations.count
    if survey.finished < planned {
      notes.append("Partial: \(survey.finished) of \(counted(planned, "run")) are finished.")
    }
    notes += survey.damage.map { damage in
      "Damaged, and counted as failed: run \(damage.run.short)\(damage.label.isEmpty ? "" : " (\(damage.label))"); "
        + "`mneme fsck` tells more."
    }
    if isIncomplete {
      notes.append("Computed rows are missing: this program does not know the task as it was then.")
    }
    return notes
  }
}

extension Manifest {
  /// Its tables, or the one of a name. Throws where there is none to make.
  package func tables(named name: String?) throws -> [ManifestTable] {
    guard !tables.isEmpty else { throw ReportError.noTables(manifest: self.name) }
    guard let name else { return tables }
    guard let table = tables.first(where: { $0.specification.name == name }) else {
      throw ReportError.unknownTable(name, owner: self.name, known: tables.map(\.specification.name))
    }
    return [table]
  }
}
