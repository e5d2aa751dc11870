import Foundation

/// What `mneme bench … --json` printed once.
package struct SavedBenchmark: Sendable {
  typealias Cell = BenchmarkTable.Cell

  struct Row: Decodable, Sendable {
    var cells: [String: Cell] = [:]
    var settings: [String: Cell] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: SavedKey.self)
      for key in container.allKeys {
        if key.stringValue == "settings" {
          settings = try container.decode([String: Cell].self, forKey: key)
        } else {
          cells[key.stringValue] = try container.decode(Cell.self, forKey: key)
        }
      }
    }
  }

  let path: String
  let rows: [Row]

  package init(reading path: String) throws(BenchmarkError) {
    // Opening a pipe would wait for a writer, and a device may never end.
    if let kind = fileKind(at: path), kind != .typeRegular {
      throw .unreadable(path, reason: "it is a folder, pipe or device.")
    }
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      let near = nearestFile(to: path).flatMap { $0 == path ? nil : "; did you mean \($0)?" }
      throw .unreadable(path, reason: systemReason(error) + (near ?? "."))
    }
    try self.init(path: path, bytes)
  }

  init(path: String, _ bytes: Data) throws(BenchmarkError) {
    guard let rows = try? JSONDecoder().decode([Row].self, from: bytes), !rows.isEmpty,
      rows.allSatisfy({ if case .text? = $0.cells["benchmark"] { true } else { false } })
    else { throw .noBenchmark(path) }
    (self.path, self.rows) = (path, rows)
  }
}

extension BenchmarkTable {
  /// This table with the numbers of a saved one beside its own, and how many times as good they are now.
  ///
  /// Throws where the saved one is of other sizes: numbers of other work say nothing.
  package func beside(_ saved: SavedBenchmark) throws(BenchmarkError) -> BenchmarkTable {
    let alike = saved.rows.filter { $0.cells["benchmark"] == .text(name) }
    guard let any = alike.first else {
      throw .otherBenchmark(
        saved.path, found: saved.rows.first?.cells["benchmark"]?.words ?? "", expected: name)
    }
    for row in rows {
      guard let other = alike.first(where: { labels($0.cells) == labels(row.cells) }) else { continue }
      for key in Set(row.settings.keys).union(other.settings.keys).sorted() {
        let (here, there) = (row.settings[key] ?? .none, other.settings[key] ?? .none)
        guard here == there else {
          throw .otherSizes(saved.path, size: key, saved: there.words, here: here.words)
        }
      }
    }
    var table = try joined(alike.map(\.cells), as: "saved", of: saved.path)
    let told = ["machine", "instruction_set", "threads", "build"].map { any.cells[$0]?.words ?? "?" }
    table.notes.append(
      "saved: \(told[0]); \(told[1]) kernels on \(told[2]) thread\(told[2] == "1" ? "" : "s"); \(told[3]) build; "
        + "×: how many times as good this run is")
    return table
  }

  /// Other numbers beside the compared columns; rows are matched by their labels.
  ///
  /// - word: Before the columns' keys and above them: `saved_seconds`.
  /// - source: Where they are from, for errors.
  func joined(
    _ others: [[String: Cell]], as word: String, of source: String
  ) throws(BenchmarkError) -> BenchmarkTable {
    var table = self
    table.columns = columns.flatMap { column -> [Column] in
      guard column.role == .less || column.role == .more else { return [column] }
      return [
        column, Column("\(word)_\(column.key)", word, show: column.show),
        Column("\(word)_\(column.key)_ratio", "×") { NumberText.fixed($0, digits: 2) },
      ]
    }
    var isAlike = false
    for (index, row) in rows.enumerated() {
      guard let other = others.first(where: { labels($0) == labels(row.cells) }) else { continue }
      isAlike = true
      for column in columns where column.role == .less || column.role == .more {
        guard case .number(let there)? = other[column.key] else { continue }
        table.rows[index].cells["\(word)_\(column.key)"] = .number(there)
        guard case .number(let here)? = row.cells[column.key], here > 0, there > 0 else { continue }
        let ratio = column.role == .less ? there / here : here / there
        table.rows[index].cells["\(word)_\(column.key)_ratio"] = .number(ratio)
      }
    }
    guard isAlike else { throw .nothingAlike(source) }
    return table
  }

  private func labels(_ cells: [String: Cell]) -> [Cell] {
    columns.filter { $0.role == .label }.map { cells[$0.key] ?? .none }
  }
}
