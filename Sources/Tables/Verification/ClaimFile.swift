import Records

/// The claims of a paper, as a CSV file declares them: one line each, keyed by the published table they are about.
///
///     table,claim,form,metric,a,b,along,each,at,printed,text,source
///     table3.csv,above-longformer,t-greater,test.f1,model.kind=memoria-roberta,model.kind=longformer,,,,0.045,…
///
/// Conditions are `key=label`, alternatives set apart by `|`, several conditions by spaces. A `b` of another published
/// table begins with `table=`. A printed number is written as it was printed, with its `%` where it has one.
package struct ClaimFile: Sendable {
  package let name: String
  package let claims: [Claim]

  static let columns = [
    "table", "claim", "form", "metric", "a", "b", "along", "each", "at", "printed", "text", "source",
  ]

  package init(csv bytes: [UInt8], file: String) throws(TablesError) {
    let records = try CSV.records(bytes, file: file)
    guard let head = records.first, head.fields == Self.columns else {
      throw .malformed(
        file: file, line: 1, column: nil,
        found: records.first.map { "\"\(printable($0.fields.joined(separator: ",")))\"" } ?? "an empty file",
        expected: "the line \"\(Self.columns.joined(separator: ","))\"")
    }
    var claims: [Claim] = []
    for record in records.dropFirst() {
      let claim = try Claim(record, file: file)
      guard !claims.contains(where: { $0.table == claim.table && $0.name == claim.name }) else {
        throw claim.malformed("claim \(claim.name) of \(claim.table) twice", "each name once for a table")
      }
      claims.append(claim)
    }
    (name, self.claims) = (file, claims)
  }

  /// Those about one published file and one of its metrics.
  package func claims(about table: String, metric: String) -> [Claim] {
    claims.filter { $0.table == table && $0.metric == metric }
  }
}

extension Claim {
  init(_ record: CSV.Record, file: String) throws(TablesError) {
    func malformed(_ found: String, _ expected: String) -> TablesError {
      .malformed(file: file, line: record.line, column: nil, found: found, expected: expected)
    }
    guard record.fields.count == ClaimFile.columns.count else {
      throw malformed("\(record.fields.count) fields", "\(ClaimFile.columns.count) as in the first line")
    }
    func field(_ name: String) -> String {
      printable(record.fields[ClaimFile.columns.firstIndex(of: name) ?? 0])
    }
    func conditions(_ name: String) throws(TablesError) -> [Condition] {
      var conditions: [Condition] = []
      for word in field(name).split(separator: " ") {
        let parts = word.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
          throw malformed(
            "\"\(printable(String(word)))\" in \(name)", "a condition such as model.kind=memoria")
        }
        let labels = parts[1].split(separator: "|").map { label(text: String($0)) }
        conditions.append(Condition(key: String(parts[0]), labels: labels))
      }
      return conditions
    }
    for name in ["table", "claim", "form", "metric", "text", "source"] where field(name).isEmpty {
      throw malformed("no \(name)", "every claim to have one")
    }
    guard let form = Form(rawValue: field("form")) else {
      let known = Form.allCases.map(\.rawValue)
      let near = nearest(field("form"), among: known).map { "; did you mean \($0)?" } ?? ""
      throw malformed(
        "the form \"\(printable(field("form")))\"", "one of \(known.joined(separator: ", "))\(near)")
    }
    self.form = form
    (table, name, metric) = (field("table"), field("claim"), field("metric"))
    a = try conditions("a")
    let b = try conditions("b")
    otherTable = b.first { $0.key == "table" }?.labels.first
    self.b = b.filter { $0.key != "table" }
    along = field("along").isEmpty ? nil : field("along")
    each = field("each").split(separator: " ").map(String.init)
    at = try conditions("at")
    printedText = field("printed")
    let isPercent = printedText.hasSuffix("%")
    printed = Rounded(printed: isPercent ? String(printedText.dropLast()) : printedText, isPercent: isPercent)
    (sentence, source) = (field("text"), field("source"))
    (self.file, line) = (file, record.line)
    try checkParts()
  }

  /// Refuses a claim that lacks a part of its form, or has one that its form has no use for.
  private func checkParts() throws(TablesError) {
    let needsPrinted = [.tGreater, .difference].contains(form)
    let needsB = [.tGreater, .difference, .differenceFalls, .differenceRises, .equal].contains(form)
    let needsA = ![.falls, .rises].contains(form)
    let needsAlong = [.falls, .rises, .leastLoss, .differenceFalls, .differenceRises].contains(form)
    let rival = [.highest, .lowest, .leastLoss].contains(form)
    let parts = [
      ("printed", printed != nil, needsPrinted), ("a", !a.isEmpty, needsA),
      ("b", !b.isEmpty || otherTable != nil, needsB), ("along", along != nil, needsAlong),
    ]
    for (name, isThere, isNeeded) in parts where isThere != isNeeded {
      throw malformed(
        isThere ? "`\(name)` in claim \(self.name)" : "no `\(name)` that can be read in claim \(self.name)",
        "\(isNeeded ? "one" : "none") for the form \(form.rawValue)")
    }
    guard !rival || a.count == 1 && a[0].labels.count == 1 else {
      throw malformed("`a` of claim \(name)", "one key with one label, which the others are held against")
    }
    guard (otherTable != nil) == (form == .equal) else {
      throw malformed(
        "`b` of claim \(name)",
        form == .equal ? "a `table=` in it" : "no `table=`, which is for the form equal")
    }
  }
}
