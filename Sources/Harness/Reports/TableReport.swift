package import Archive
import Records
package import Tables

/// The tables of a manifest, made of what the store has now. Equal stores give equal tables, in whichever order the
/// runs came to be.
package struct TableReport: SheetReport {
  package let manifest: Manifest
  package let survey: Survey
  /// In the manifest's order.
  package let sheets: [Sheet]

  /// - Parameter name: the one table to make; nil makes all.
  /// - Parameter store: nil where nothing has been stored yet.
  package init(_ manifest: Manifest, table name: String? = nil, in store: Store?) throws {
    // A table that is not there is complained about before any run is looked at.
    _ = try manifest.tables(named: name)
    try self.init(manifest, table: name, survey: Survey(manifest, in: store), in: store)
  }

  /// The same of runs that were looked at before.
  package init(_ manifest: Manifest, table name: String? = nil, survey: Survey, in store: Store?) throws {
    let wanted = try manifest.tables(named: name)
    self.manifest = manifest
    self.survey = survey
    var baselines = Baselines(remembering: store)
    let order = manifest.order
    sheets = try wanted.map { table in
      let single = try table.specification.cells.map { cell in
        let specification = table.specification.showing(cell)
        let unit = try survey.unit(of: cell) ?? table.published(of: cell)?.unit ?? .fraction
        let computed = BaselineRows(specification, of: manifest, from: &baselines)
        return try Table(
          specification, heading: manifest.heading, unit: unit, observations: survey.observations,
          order: order, reference: try table.reference(of: cell, in: unit), extraRows: computed.rows,
          notes: TableReport.notes(survey, cell, isIncomplete: computed.isIncomplete))
      }
      return Sheet(table.specification, single)
    }
  }

  package var owner: String { manifest.name }

  /// The tables of one metric each, sheet by sheet.
  package var tables: [Table] { sheets.flatMap(\.tables) }

  /// What a difference of a table is called: with its metric where the table has several.
  func name(of table: Table) -> String {
    let (name, cell) = (table.specification.name, table.specification.cell)
    return tables.count { $0.specification.name == name } == 1 ? name : "\(name) \(cell)"
  }

  /// 1 where damage was found: a table that hides it would pass for a good one.
  package var status: ExitStatus { survey.corrupt.isEmpty ? .done : .finding }

  /// What was found damaged, for standard error; empty if nothing was.
  package var complaints: String { survey.damage.text }

  /// How far the runs are, what was found damaged, what costs are of, and what was extrapolated: below every table and figure.
  static func notes(_ survey: Survey, _ cell: String, isIncomplete: Bool) -> [String] {
    var notes: [String] = []
    let planned = survey.observations.count
    if survey.finished < planned {
      notes.append("Partial: \(survey.finished) of \(counted(planned, "run")) are finished.")
    }
    if !survey.corrupt.isEmpty {
      let shown = survey.corrupt.prefix(3).map {
        "\($0.run.short)\($0.label.isEmpty ? "" : " (\($0.label))")"
      }
      let more = survey.corrupt.count > 3 ? " and \(survey.corrupt.count - 3) more" : ""
      notes.append(
        "Corrupt, and counted as failed: \(survey.corrupt.count == 1 ? "run" : "runs") "
          + "\(shown.joined(separator: ", "))\(more); `mneme fsck --deep` tells more.")
    }
    notes += survey.costNotes(of: cell) + survey.extrapolations(of: cell)
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
    return try chosen(name, of: tables, by: \.specification.name) {
      ReportError.unknownTable($0, owner: self.name, known: $1)
    }
  }
}
