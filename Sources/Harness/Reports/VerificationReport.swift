package import Archive
import Foundation
import Records
package import Tables

/// A manifest's measured tables held against the published ones, or a published table against what its paper says.
package struct VerificationReport: Sendable {
  /// What is asked besides the subject.
  package struct Question: Sendable {
    /// `key=value` in place of a manifest file's own.
    package var settings: [String] = []
    /// One table; nil means all that name published numbers.
    package var table: String?
    /// A CSV file of published numbers in place of the one that a table names.
    package var reference: String?
    /// A file of claims in place of `claims.csv` beside the published numbers.
    package var claims: String?
    /// Without a margin, that of the table counts.
    package var rules: VerificationRules

    package init(rules: VerificationRules) { self.rules = rules }
  }

  package let verifications: [Verification]
  /// What was found damaged, for standard error; empty if nothing was.
  package let complaints: String
  /// Whether a run has lost its number.
  private let hasCorrupt: Bool
  /// What was left out, for standard error; empty if nothing was.
  package let notes: String

  /// - Parameter word: a manifest's file or hash, or a published table as CSV.
  package init(_ word: String, _ question: Question, in store: Store?, at place: String) throws {
    var notes: [String] = []
    if word.lowercased().hasSuffix(".csv") {
      let published = try PublishedFile(word)
      guard let claims = try ClaimSource(beside: word, asked: question.claims, notes: &notes) else {
        throw ReportError.noClaims(word)
      }
      verifications = try VerificationReport.alone(published, claims, question)
      (complaints, hasCorrupt, self.notes) = ("", false, notes.joined())
      return
    }
    let manifest = try Manifest(named: word, settings: question.settings, in: store, at: place)
    _ = try manifest.tables(named: question.table)
    self = try VerificationReport(manifest, named: word, question, survey: Survey(manifest, in: store))
  }

  /// The same of runs that were looked at before.
  ///
  /// - Parameter word: what named the manifest: claims are looked for beside its published numbers.
  package init(_ manifest: Manifest, named word: String, _ question: Question, survey: Survey) throws {
    var notes: [String] = []
    let wanted = try manifest.tables(named: question.table)
    let override = try question.reference.map { try PublishedFile($0) }
    var found: [Verification] = []
    var bare: [ReportError] = []
    for table in wanted {
      let specification = table.specification
      guard override != nil || table.reference != nil else {
        bare.append(.noReference(table: specification.name))
        continue
      }
      let file =
        try question.reference
        ?? VerificationReport.file(of: table, named: word, notes: &notes)
      let claims = try file.flatMap { try ClaimSource(beside: $0, asked: question.claims, notes: &notes) }
      let rules = VerificationRules(
        alpha: question.rules.alpha, margin: question.rules.margin ?? specification.comparison.margin)
      for cell in specification.cells {
        guard let published = try override?.cells(of: cell) ?? table.published(of: cell) else { continue }
        let measured = try Table(
          specification.showing(cell), heading: manifest.heading,
          unit: survey.unit(of: cell) ?? published.unit,
          observations: survey.observations, order: manifest.order, reference: published, extraRows: [],
          notes: TableReport.notes(survey, cell, isIncomplete: false))
        found.append(
          try Verification(
            measured, published: published, claims: claims?.claims(of: cell) ?? [],
            others: try claims?.others(metric: cell) ?? [:], rules: rules))
      }
    }
    if found.isEmpty, let first = bare.first { throw first }
    verifications = found
    (complaints, hasCorrupt) = (survey.damage.text, survey.damage.hasCorrupt)
    self.notes = (bare.map { "left out: \($0)\n" } + notes).joined()
  }

  /// 0 everything is reproduced; 1 something is not; 2 something is inconclusive or damaged, or nothing was checked:
  /// never a pass.
  ///
  /// - Parameter kinds: the checks that count.
  package func status(of kinds: Set<Verification.Kind>, allowsInconclusive: Bool) -> ExitStatus {
    let verdicts = verifications.flatMap { one in
      Verification.Kind.allCases.filter(kinds.contains).flatMap { one.verdicts(of: $0) }
    }
    if verdicts.contains(.notReproduced) { return .finding }
    guard !hasCorrupt, !verdicts.isEmpty || kinds.isEmpty else { return .unable }
    return verdicts.contains(.inconclusive) && !allowsInconclusive ? .unable : .done
  }

  /// The verifications as text that ends in a line feed.
  package func text(_ format: Format, page: Page) -> String {
    Verification.render(verifications, format, width: page.width, colour: page.isColoured)
  }

  /// The claims about a published file, metric by metric.
  private static func alone(
    _ published: PublishedFile, _ claims: ClaimSource, _ question: Question
  ) throws -> [Verification] {
    var found: [Verification] = []
    for metric in claims.metrics {
      found.append(
        try Verification(
          published: try published.cells(of: metric), name: published.name, claims: claims.claims(of: metric),
          others: try claims.others(metric: metric), rules: question.rules))
    }
    guard !found.isEmpty else { throw ReportError.noClaims(published.name) }
    return found
  }

  /// Where the published numbers of a table lie, so that claims are looked for beside them; nil, with a note, where what
  /// lies there is not what the manifest means.
  private static func file(
    of table: ManifestTable, named word: String, notes: inout [String]
  ) throws -> String? {
    guard let path = table.specification.reference, let bytes = table.reference else { return nil }
    // A hash has no place of its own: what it names is looked for in the project one stands in.
    let isFile = FileManager.default.fileExists(atPath: word)
    let project = Project(around: SourceFile(named: isFile ? word : "manifest"))
    let file = project.folder + "/" + path
    guard FileManager.default.fileExists(atPath: file) else {
      notes.append("no claims: there is no \(path) here, beside which they would be declared.\n")
      return nil
    }
    guard try SourceText.bytes(of: file, shown: path) == bytes else {
      notes.append(
        "no claims: \(path) here is not the one of the manifest, and so are the claims beside it.\n")
      return nil
    }
    return file
  }
}

/// A CSV file of published numbers.
struct PublishedFile: Sendable {
  let name: String
  let bytes: [UInt8]

  init(_ name: String) throws(ManifestError) {
    self.name = name
    bytes = try SourceText.bytes(of: SourceFile(named: name).path, shown: name)
  }

  /// Throws where the file has no such metric.
  func cells(of metric: String) throws(TablesError) -> CellList {
    try CellList(csv: bytes, file: name, metric: metric)
  }
}
