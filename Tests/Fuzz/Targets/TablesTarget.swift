import Records

@testable import Tables

/// A file of cells, or of claims, printed in every form in which a label could become a command.
func readTables(_ bytes: [UInt8]) {
  if let records = result({ try CSV.records(bytes, file: "fuzz.csv") }) {
    let again = result {
      try CSV.records(Array(records.map { CSV.line($0.fields) }.joined().utf8), file: "again.csv")
    }
    require(again?.map(\.fields) == records.map(\.fields), "a file is another one when it is written again")
  }
  if let claims = result({ try ClaimFile(csv: bytes, file: "fuzz.csv") }) {
    for claim in claims.claims { _ = claims.claims(about: claim.table, metric: claim.metric) }
  }
  guard let list = result({ try CellList(csv: bytes, file: "fuzz.csv", metric: nil) }), !list.keys.isEmpty
  else { return }
  print(list)
}

/// The cells as a table whose rows are the first key and whose columns are the others.
private func print(_ list: CellList) {
  let table = result {
    try Table(
      TableSpecification(
        name: "fuzz", rows: [list.keys[0]], columns: Array(list.keys.dropFirst()), cell: "test.accuracy",
        over: [], show: .mean, better: .higher, reference: nil),
      heading: Heading(title: "fuzz", tier: "quick", manifest: Digest.sha256([])), unit: list.unit,
      observations: [], order: [:], reference: list, extraRows: [], notes: [])
  }
  guard let table else { return }
  for format in Format.allCases {
    let text = table.render(format, width: 80, colour: false)
    requireShown(text)
    require(text.utf8.count < 1 << 26, "a table is very much longer than its file")
  }
}
