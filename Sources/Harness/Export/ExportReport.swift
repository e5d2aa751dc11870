package import Archive
import Foundation
import Records

/// What `mneme export` did.
package struct ExportReport: Sendable {
  private let file: String
  private let format: ExportFormat
  private let table: ExportTable
  private let bytes: Int

  /// Gathers the runs and writes the file.
  ///
  /// - Parameter replacing: whether a file of that name is replaced; otherwise it is refused before anything is read.
  package init(to file: String, replacing: Bool, where selection: Selection, in store: Store) throws {
    let format = try ExportFormat(file: file)
    if let kind = fileKind(at: file) {
      guard kind == .typeRegular else { throw ReportError.noRegularFile(file) }
      guard replacing else { throw ExportError.exists(file) }
    }
    table = try ExportTable(where: selection, in: store, withSeries: format.hasSeries)
    bytes = try table.write(
      to: file, as: format, replacing: replacing,
      title: selection.isEverything ? "all finished runs" : "finished runs with \(selection.text)")
    (self.file, self.format) = (file, format)
  }

  /// 1 where something is damaged.
  package var status: ExitStatus { table.isDamaged ? .finding : .done }

  /// What is damaged, for standard error; empty if nothing is.
  package var complaints: String { table.complaints }

  /// What was left out; empty if nothing was.
  package var notes: String {
    guard !table.leftOut.isEmpty else { return "" }
    let count = table.leftOut.values.reduce(0, +)
    return "left out: \(counted(count, "run")) (\(stateCounts(table.leftOut))); only finished ones have "
      + "results.\n"
  }

  /// What was written.
  package var text: String {
    let series = table.series.isEmpty ? "" : ", series \(table.series.map(\.name).joined(separator: ", "))"
    return
      "\(file): \(counted(table.runs.count, "run")), \(counted(table.columns.count, "column"))\(series), "
      + "\(bytes.grouped) bytes\n"
  }

  /// The same for programs.
  package var json: String {
    jsonText(
      ReportJSON(
        file: file, format: format.rawValue, bytes: bytes, runs: table.runs.map(\.hex),
        columns: table.columns.map(\.key), series: table.series.map(\.name), leftOut: table.leftOut))
  }

  private struct ReportJSON: Encodable {
    let file: String
    let format: String
    let bytes: Int
    let runs: [String]
    let columns: [String]
    let series: [String]
    let leftOut: [String: Int]

    enum CodingKeys: String, CodingKey {
      case file, format, bytes, runs, columns, series
      case leftOut = "left_out"
    }
  }
}
