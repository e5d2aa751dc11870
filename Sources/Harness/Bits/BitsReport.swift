import Archive
import Tensors

/// What came of one comparison.
package enum BitsCell: Sendable, Equatable {
  case same
  case different(BitsDifference)
  /// This machine cannot: never a pass.
  case notRun(String)
  /// It was tried and came to nothing: never a pass either.
  case failed(String)

  init(_ difference: BitsDifference?) { self = difference.map(BitsCell.different) ?? .same }
}

/// Comparisons as rows and columns.
package struct BitsTable: Sendable {
  package struct Row: Sendable {
    /// What was varied.
    package let varied: String
    package let cells: [BitsCell]

    package init(_ varied: String, _ cells: [BitsCell]) { (self.varied, self.cells) = (varied, cells) }
  }

  /// What the first column has: `varied`.
  package let title: String
  package let columns: [String]
  package var rows: [Row]

  package init(_ title: String, columns: [String], rows: [Row]) {
    (self.title, self.columns, self.rows) = (title, columns, rows)
  }
}

/// What `mneme selftest bits` found on a machine.
package struct BitsReport: Sendable {
  package let tables: [BitsTable]
  /// What the tables are about, in sentences.
  package let remarks: [String]

  package init(_ tables: [BitsTable], remarks: [String]) { (self.tables, self.remarks) = (tables, remarks) }

  /// Which build this program is: their bits are the same, too.
  package static var build: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  /// The machine and the program in a line.
  private var head: String {
    let lacking = InstructionSet.allCases.filter { !InstructionSet.available.contains($0) }
    return "\(Machine.cpu): \(InstructionSet.available.map(\.description).joined(separator: ", ")) kernels"
      + (lacking.isEmpty ? "" : ", no \(lacking.map(\.description).joined(separator: ", "))")
      + "; \(BitsReport.build) build, \(Specification.numerics)"
  }

  private var cells: [BitsCell] { tables.flatMap { $0.rows.flatMap(\.cells) } }

  private func count(_ isCounted: (BitsCell) -> Bool) -> Int { cells.count { isCounted($0) } }

  /// Comparisons in which every bit was the same, and so on.
  package var counts: (same: Int, different: Int, notRun: Int, failed: Int) {
    (
      count { $0 == .same }, count { if case .different = $0 { true } else { false } },
      count { if case .notRun = $0 { true } else { false } },
      count { if case .failed = $0 { true } else { false } }
    )
  }

  /// 0 no difference, 1 a difference, 2 something could not be compared, or nothing was.
  package var status: ExitStatus {
    if counts.different > 0 { return .finding }
    return counts.failed > 0 || counts.same == 0 ? .unable : .done
  }

  /// For people: the tables, then every difference, then the counts.
  package var text: String {
    var notes: [String] = []
    func note(_ word: String, _ sentence: String, _ row: BitsTable.Row, _ column: String) -> String {
      notes.append("(\(notes.count + 1)) \(row.varied), \(column): \(sentence)")
      return "\(word) (\(notes.count))"
    }
    let body = tables.map { table in
      let rows = table.rows.map { row in
        [row.varied]
          + zip(row.cells, table.columns).map { cell, column in
            switch cell {
            case .same: "same"
            case .different(let difference): note("DIFFERENT", "\(difference)", row, column)
            case .notRun(let why): "not run: \(why)"
            case .failed(let why): note("FAILED", why, row, column)
            }
          }
      }
      return inColumns([[table.title] + table.columns] + rows)
    }
    let (same, different, notRun, failed) = counts
    let last =
      "\(same) same, \(different) different, \(notRun) not run" + (failed > 0 ? ", \(failed) failed" : "")
    let parts =
      [([head] + remarks).joined(separator: "\n") + "\n"] + body
      + (notes.isEmpty ? [] : [notes.joined(separator: "\n") + "\n"]) + [last + "\n"]
    return parts.joined(separator: "\n")
  }

  /// For programs: the machine, the counts, and one object a comparison.
  package var json: String {
    let (same, different, notRun, failed) = counts
    return jsonText(
      ReportJSON(
        cpu: Machine.cpu, instruction_sets: InstructionSet.available.map(\.description),
        build: BitsReport.build,
        numerics: Specification.numerics, same: same, different: different, not_run: notRun, failed: failed,
        comparisons: tables.flatMap { table in
          table.rows.flatMap { row in
            zip(row.cells, table.columns).map { CellJSON(varied: row.varied, column: $1, $0) }
          }
        }))
  }

  private struct ReportJSON: Encodable {
    let cpu: String
    let instruction_sets: [String]
    let build: String
    let numerics: String
    let same, different, not_run, failed: Int
    let comparisons: [CellJSON]
  }

  private struct CellJSON: Encodable {
    let varied: String
    let column: String
    let outcome: String
    var place: String?
    var expected: String?
    var found: String?
    var reason: String?

    init(varied: String, column: String, _ cell: BitsCell) {
      (self.varied, self.column) = (varied, column)
      switch cell {
      case .same: outcome = "same"
      case .different(let difference):
        outcome = "different"
        (place, expected, found) = (difference.place, difference.expected, difference.found)
      case .notRun(let why): (outcome, reason) = ("not run", why)
      case .failed(let why): (outcome, reason) = ("failed", why)
      }
    }
  }
}
