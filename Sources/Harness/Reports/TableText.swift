import Foundation
import Records
package import Tables

/// A printed table read back as far as to tell which of its cells are not what they were.
package struct TableText: Sendable {
  /// A cell, or a line that is none, which is on one side only or not the same on both.
  package struct Change: Sendable, Equatable {
    /// Row and column; nil for a line.
    package let place: String?
    package let old: String?
    package let new: String?

    /// `none · quick, 8: 42.65 ±0.31 → 42.70 ±0.31`
    package var sentence: String {
      guard let place else { return old.map { "- \($0)" } ?? "+ \(new ?? "")" }
      return "\(place): \(old ?? "absent") → \(new ?? "absent")"
    }
  }

  private var order: [String] = []
  private var cells: [String: String] = [:]
  private var lines: [String] = []

  /// Cells are told apart in Markdown, CSV, LaTeX and HTML; other formats are read line by line.
  package init(_ text: String, _ format: Format) {
    let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    switch format {
    case .csv:
      guard let records = try? CSV.records(Array(text.utf8), file: ""), let head = records.first?.fields
      else {
        lines = all
        return
      }
      // The keys of a line, and what kind of line it is, say where it stands.
      let split = (head.firstIndex(of: "kind") ?? 0) + 1
      for record in records.dropFirst() {
        let row = zip(head.prefix(split), record.fields).map { "\($0)=\($1)" }.joined(separator: ", ")
        for (name, field) in zip(head, record.fields).dropFirst(split) { add("\(row): \(name)", field) }
      }
    case .markdown: readRows(all, start: "| ", between: " | ", end: " |")
    case .latex: readRows(all, start: "", between: " & ", end: " \\\\")
    case .html: readHTML(all)
    case .text, .json: lines = all
    }
  }

  /// One line of HTML is one row; its headings are what it is called.
  private mutating func readHTML(_ all: [String]) {
    var head: [String] = []
    var above = ""
    for line in all {
      let cells = line.replacing(/<\/?strong>/, with: "").matches(of: /<t([hd])[^>]*>([^<]*)<\/t[hd]>/)
      let texts = cells.map { String($0.2) }
      let stub = cells.prefix { $0.1 == "h" || $0.2.isEmpty }.count
      guard line.hasPrefix("<tr"), !line.contains("scope=\"col"), stub > 0, texts.count == head.count else {
        if line.contains("scope=\"col\"") { head = texts }
        lines.append(line)
        continue
      }
      if !texts[0].isEmpty { above = texts[0] }
      let row = ([above] + texts[1..<stub]).joined(separator: " · ")
      for column in texts.indices.dropFirst(stub) { add("\(row), \(head[column])", texts[column]) }
    }
  }

  /// Rows of the same number of cells under a head; of the stub, what is empty is as in the row above.
  private mutating func readRows(_ all: [String], start: String, between: String, end: String) {
    var head: [String]?
    var above = ""
    // How many columns lead: those that Markdown and LaTeX align left.
    var stub = 1
    for line in all {
      if let columns = line.firstMatch(of: /^\\begin{tabular}{(l+)r*}$/) { stub = columns.1.count }
      guard line.hasPrefix(start), line.hasSuffix(end), line.contains(between),
        !line.contains("\\multicolumn")
      else {
        lines.append(line)
        continue
      }
      let fields = line.dropFirst(start.count).dropLast(end.count).components(separatedBy: between)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard let names = head, names.count == fields.count else {
        if head == nil { head = fields }
        lines.append(line)
        continue
      }
      guard !fields.allSatisfy({ $0.hasSuffix("--") || $0.hasSuffix("--:") }) else {
        stub = min(fields.count, max(1, fields.count { $0.hasPrefix(":") }))
        continue
      }
      if !fields[0].isEmpty { above = fields[0] }
      let row = ([above] + fields[1..<stub]).joined(separator: " · ")
      for column in fields.indices.dropFirst(stub) { add("\(row), \(names[column])", fields[column]) }
    }
  }

  private mutating func add(_ place: String, _ text: String) {
    if cells[place] == nil { order.append(place) }
    cells[place] = text
  }

  /// Cells by place, then lines, that another text has otherwise.
  package func changes(to now: TableText) -> [Change] {
    var changes: [Change] = []
    for place in order + now.order.filter({ cells[$0] == nil }) where cells[place] != now.cells[place] {
      changes.append(Change(place: place, old: cells[place], new: now.cells[place]))
    }
    for change in now.lines.difference(from: lines) {
      switch change {
      case .remove(_, let line, _): changes.append(Change(place: nil, old: line, new: nil))
      case .insert(_, let line, _): changes.append(Change(place: nil, old: nil, new: line))
      }
    }
    return changes
  }

  /// The hash of the manifest, or its beginning, as a printed table bears it.
  package static func manifest(in text: String, _ format: Format) -> String? {
    if format == .csv {
      guard let records = try? CSV.records(Array(text.utf8), file: ""),
        let column = records.first?.fields.firstIndex(of: "manifest")
      else { return nil }
      return records.dropFirst().compactMap { $0.fields.indices.contains(column) ? $0.fields[column] : nil }
        .first { $0.count == 64 && $0.allSatisfy(\.isHexDigit) }
    }
    return text.firstMatch(of: /manifest"?:? "?([0-9a-f]{64}|[0-9a-f]{12})\b/).map { String($0.1) }
  }
}
