package import Records

/// Why a table cannot be made or read.
package enum TablesError: Error, CustomStringConvertible {
  case noRows(table: String)
  case repeatedKey(table: String, key: String)
  case unknownKey(table: String, key: String, known: [String])
  case runTwice(table: String, run: Digest)
  case mixture(table: String, of: String, values: [String])
  case residue(
    table: String, place: String, differences: [(key: String, a: String, b: String)], a: Digest, b: Digest)
  case noColumn(table: String, row: String, place: [String])
  case noMetric(key: String, run: Digest, known: [String])
  case notFinite(key: String, run: Digest)
  case lacksKey(list: String, key: String, keys: [String])
  case severalCells(list: String, place: String, differing: [String])
  case nothingInCommon(a: String, b: String, keysOfA: [String], keysOfB: [String])
  case unlikeMetrics(a: String, b: String)
  case unlikeUnits(metric: String, a: String, b: String, list: String)
  case malformed(file: String, line: Int, column: Int?, found: String, expected: String)
  case tooLarge(file: String, what: String, limit: Int)
  case noMetricColumn(file: String, metric: String?, known: [String])
  case pairOffAxis(table: String, key: String, axes: [String])
  case pairedTwice(table: String, key: String, label: String)
  case unpaired(list: String, key: String, label: String)
  case remarkOffAxis(table: String, part: String, key: String, axes: [String])
  case remarkWithoutDirection(table: String)
  case remarkAboutNobody(table: String, of: String, about: String, known: [String])

  package var description: String {
    switch self {
    case .noRows(let table):
      "table \(table) has no rows; name at least one key in `rows`."
    case .repeatedKey(let table, let key):
      "table \(table) names \(key) twice among rows, columns, cell and over; each key has one place."
    case .unknownKey(let table, let key, let known):
      "table \(table) asks for \(key), which no run has" + suggestion(key, known)
    case .runTwice(let table, let run):
      "table \(table) was given run \(run.short) twice; each run counts once."
    case .mixture(let table, let what, let values):
      "table \(table) would mix \(what) \(values.joined(separator: " and ")); one table holds one \(what)."
    case .residue(let table, let place, let differences, let a, let b):
      "table \(table), cell \(place): runs \(a.short) and \(b.short) differ in "
        + differences.map { "\($0.key) (\(shown($0.a)) and \(shown($0.b)))" }.joined(separator: ", ")
        + ", which is in none of rows, columns and over; name it in one of them, or exclude one of the runs."
    case .noColumn(let table, let row, let place):
      "table \(table) has no column (\(place.joined(separator: ", "))), for which \"\(row)\" has a number."
    case .noMetric(let key, let run, let known):
      "run \(run.short) has no \(key)" + suggestion(key, known)
    case .notFinite(let key, let run):
      "run \(run.short): \(key) is not a finite number; `mneme fsck` checks the file."
    case .lacksKey(let list, let key, let keys):
      "\(list) has no column \(key), an axis of the table; its keys are \(keys.joined(separator: ", "))."
    case .severalCells(let list, let place, let differing):
      "\(list) has several cells for \(place)"
        + (differing.isEmpty
          ? "; expected one line for each cell."
          : ", which differ in \(differing.joined(separator: ", ")); make it an axis, or keep one line.")
    case .nothingInCommon(let a, let b, let keysOfA, let keysOfB):
      "\(a) and \(b) have no key in common to join their cells by: "
        + "\(keysOfA.joined(separator: ", ")) against \(keysOfB.joined(separator: ", "))."
    case .unlikeMetrics(let a, let b):
      "the cells of A hold \(a) and those of B \(b); only like numbers are compared."
    case .unlikeUnits(let metric, let a, let b, let list):
      "\(metric) has unit \(a) here and \(b) in \(list); expected the same unit."
    case .malformed(let file, let line, let column, let found, let expected):
      "\(file):\(line)\(column.map { ":\($0)" } ?? ""): found \(found), expected \(expected)."
    case .tooLarge(let file, let what, let limit):
      "\(file) has more than \(limit) \(what); a table of results stays below that."
    case .noMetricColumn(let file, let metric?, let known):
      "\(file) has no metric column \(metric) with a unit column \(metric).unit beside it"
        + suggestion(metric, known)
    case .noMetricColumn(let file, nil, let known):
      known.isEmpty
        ? "\(file) has no metric; expected a column such as test.accuracy and its unit in test.accuracy.unit."
        : "\(file) holds several metrics, \(known.joined(separator: ", ")); name the one to compare."
    case .pairOffAxis(let table, let key, let axes):
      "table \(table), published_as: \(key) is neither a row nor a column; these are "
        + "\(axes.joined(separator: ", "))."
    case .pairedTwice(let table, let key, let label):
      "table \(table), published_as: \(key) pairs \(label) twice; one published value stands beside one measured."
    case .unpaired(let list, let key, let label):
      "\(list) has \(key)=\(label), which published_as uses for a measured value that stands beside another one; "
        + "pair the published \(label) as well, or leave both unpaired."
    case .remarkOffAxis(let table, let part, let key, let axes):
      "table \(table), remarks.\(part): \(key) is no row or column of its own; expected one of "
        + "\(axes.joined(separator: ", ")), and not the same for both."
    case .remarkWithoutDirection(let table):
      "table \(table) asks for remarks without saying which direction is better; add “better: higher” or lower."
    case .remarkAboutNobody(let table, let key, let about, let known):
      "table \(table), remarks.about: no run and no published number here has \(key)=\(about)"
        + suggestion(about, known)
    }
  }
}

private func shown(_ label: String) -> String { label.isEmpty ? "absent" : label }

/// The end of a sentence about a word that is not known.
private func suggestion(_ word: String, _ known: [String]) -> String {
  if let near = nearest(word, among: known) { return "; did you mean \(near)?" }
  return known.isEmpty ? "." : "; known are \(known.joined(separator: ", "))."
}
