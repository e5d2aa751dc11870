package import Archive
import Records
package import Tables

/// The figures of a manifest, made of what the store has now. Equal stores give equal figures.
package struct FigureReport: Sendable {
  package let manifest: Manifest
  /// In the manifest's order.
  package let figures: [Figure]
  private let survey: Survey

  /// Whether it is drawn as a thin line beside measured numbers: what guessing scores, what counting the last segment
  /// does, and what a bounded reach allows at most.
  private static func isDrawn(_ row: ExtraRow) -> Bool {
    ["chance floor", "memoryless count oracle"].contains(row.label) || row.label.hasSuffix(" reach oracle")
  }

  /// - Parameter name: the one figure to make; nil makes all.
  /// - Parameter store: nil where nothing has been stored yet.
  package init(_ manifest: Manifest, figure name: String? = nil, in store: Store?) throws {
    _ = try manifest.figures(named: name)
    try self.init(manifest, figure: name, survey: Survey(manifest, in: store), in: store)
  }

  /// The same of runs that were looked at before.
  package init(_ manifest: Manifest, figure name: String? = nil, survey: Survey, in store: Store?) throws {
    let wanted = try manifest.figures(named: name)
    self.manifest = manifest
    self.survey = survey
    var baselines = Baselines(remembering: store)
    let order = manifest.order
    figures = try wanted.map { figure in
      let published = try figure.published()
      guard survey.finished > 0 || published != nil else {
        throw PlotError.nothingFinished(manifest: manifest.name)
      }
      let computed = BaselineRows(figure.specification.table, of: manifest, from: &baselines)
      return try Figure(
        figure.specification, heading: manifest.heading,
        unit: survey.unit(of: figure.specification.y) ?? published?.unit ?? .fraction,
        observations: survey.observations, order: order, reference: published,
        extraRows: computed.rows.filter(FigureReport.isDrawn),
        notes: TableReport.notes(survey, figure.specification.y, isIncomplete: computed.isIncomplete))
    }
  }

  /// 1 where damage was found: a figure that hides it would pass for a good one.
  package var status: ExitStatus { survey.corrupt.isEmpty ? .done : .finding }

  /// What was found damaged or missing, for standard error.
  package var complaints: String {
    survey.damage.text
      + (survey.finished == 0
        ? "no run of \(manifest.name) is finished: only published numbers are drawn.\n" : "")
  }
}

extension Manifest {
  /// Its figures, or the one of a name. Throws where there is none to make.
  fileprivate func figures(named name: String?) throws -> [ManifestFigure] {
    guard !figures.isEmpty else { throw PlotError.noFigures(manifest: self.name) }
    return try chosen(name, of: figures, by: \.specification.name) {
      PlotError.unknownFigure($0, owner: self.name, known: $1)
    }
  }
}
