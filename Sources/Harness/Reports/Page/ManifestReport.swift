package import Archive
import Records
package import Tables

/// All there is to say about a manifest and its runs: what `mneme report` writes as one page.
///
/// Every run is looked at once, and all parts are made of that look by what makes them for `table`, `plot`, `diff` and
/// `verify`; no number is computed a second way. Equal stores give equal pages: nothing of the moment is in it.
package struct ManifestReport: Sendable {
  package let manifest: Manifest
  let survey: Survey
  let runs: RunLines
  /// Nil for a manifest without tables.
  let tables: TableReport?
  /// The numbers published beside the tables, held against what was measured; nil where none are.
  let comparison: TableComparison?
  let verification: VerificationReport?
  let curves: LossCurves
  let places: ComputingPlaces
  let notebook: Notebook?
  /// The store's folder, as it was given.
  let place: String
  /// Figures and loss curves, each with a name of its own.
  package let pictures: [Picture]

  /// - Parameters:
  ///   - word: what named the manifest on the command line.
  ///   - asked: how differences are judged, where a table does not say.
  ///   - store: nil where nothing has been stored yet; `place` is where it would be.
  package init(
    _ manifest: Manifest, named word: String, asked: ComparisonRules, isTestGiven: Bool, in store: Store?,
    at place: String
  ) throws {
    let survey = try Survey(manifest, in: store)
    let tables =
      manifest.tables.isEmpty ? nil : try TableReport(manifest, survey: survey, in: store)
    let isPublished = manifest.tables.contains { $0.reference != nil }
    if let tables, isPublished {
      comparison = try TableComparison(
        paperBeside: tables, named: word, asked: asked, isTestGiven: isTestGiven)
      verification = try VerificationReport(
        manifest, named: word,
        VerificationReport.Question(rules: VerificationRules(alpha: asked.alpha, margin: asked.margin)),
        survey: survey)
    } else {
      (comparison, verification) = (nil, nil)
    }
    // Before anything is finished a figure has nothing to draw but what was published.
    let drawn = manifest.figures.filter { survey.finished > 0 || $0.reference != nil }
    let figures = try drawn.map { figure in
      try FigureReport(manifest, figure: figure.specification.name, survey: survey, in: store).figures[0]
        .picture
    }
    curves = LossCurves(manifest, in: store, at: place)
    pictures = figures + [curves.picture].compactMap(\.self)
    let notebook = try store.map { store throws(ArchiveError) in try Notebook(of: store) }
    runs = RunLines(manifest, survey, notebook, in: store)
    places = try ComputingPlaces(of: manifest.runs.map(\.run), in: store)
    (self.manifest, self.survey, self.tables, self.notebook, self.place) = (
      manifest, survey, tables, notebook, place
    )
  }

  /// What was found damaged, for standard error; empty if nothing was.
  package var complaints: String {
    survey.damage.text + (notebook?.damage.map { "damaged: \($0)\n" } ?? "")
  }

  /// 1 where damage was found: a page that hides it would pass for a good one.
  package var status: ExitStatus {
    survey.corrupt.isEmpty && notebook?.damage == nil ? .done : .finding
  }

  /// The page.
  ///
  /// - Parameter drawings: pictures by name, as gnuplot drew them; nil for a page without any.
  package func page(_ drawings: [String: String]?) throws -> String {
    HTMLPage(
      title: manifest.heading.title, opening: opening,
      sections: [
        stateSection, tableSection, try figureSection(drawings), paperSection, notesSection, settingsSection,
        runSection, provenanceSection,
      ].compactMap(\.self), closing: closing
    ).text
  }
}

extension ManifestReport {
  /// What was written, for programs.
  package func json(file: String, page: String, pictures: Int) -> String {
    jsonText(
      WrittenJSON(
        file: file, bytes: page.utf8.count, manifest: manifest.hash.hex, runs: runs.lines.count,
        finished: runs.finished,
        states: Dictionary(runs.counts.map { ($0.state, $0.count) }) { first, _ in first },
        pictures: pictures, status: status.rawValue))
  }

  private struct WrittenJSON: Encodable {
    let file: String
    let bytes: Int
    let manifest: String
    let runs: Int
    let finished: Int
    let states: [String: Int]
    let pictures: Int
    let status: Int32
  }
}
