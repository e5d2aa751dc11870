import Tensors

/// What a benchmark found, for people, for programs, and to be set beside another one.
package struct BenchmarkTable: Sendable {
  /// A word or a number; units are in the keys.
  package enum Cell: Sendable, Equatable {
    case text(String)
    case number(Double)
    case none
  }

  struct Column: Sendable {
    /// What a column is to a comparison.
    enum Role: Sendable {
      /// Says which row it is.
      case label
      /// Compared: less is better, or more is.
      case less, more
      /// Shown only.
      case told
    }

    /// In JSON, with its unit: `peak_memory_bytes`.
    let key: String
    let head: String
    let role: Role
    let show: @Sendable (Double) -> String

    init(
      _ key: String, _ head: String, _ role: Role = .told,
      show: @escaping @Sendable (Double) -> String = { NumberText.fixed($0, digits: 0) }
    ) {
      (self.key, self.head, self.role, self.show) = (key, head, role, show)
    }
  }

  struct Row: Sendable {
    var cells: [String: Cell]
    /// What was measured, in dotted keys: rows of other settings are not compared.
    var settings: [String: Cell] = [:]
  }

  /// Which benchmark: the word of the command.
  let name: String
  let conditions: BenchmarkConditions
  /// Lines above the table.
  var notes: [String]
  var columns: [Column]
  var rows: [Row]

  /// A table for people.
  package var text: String {
    let head = columns.map(\.head)
    let body = rows.map { row in
      columns.map { column in
        switch row.cells[column.key] ?? .none {
        case .text(let text): text
        case .number(let number): column.show(number)
        case .none: "–"
        }
      }
    }
    return ([conditions.words] + notes).map { $0 + "\n" }.joined() + aligned([head] + body)
  }

  /// Words to the left, numbers to the right.
  private func aligned(_ lines: [[String]]) -> String {
    let isWord = columns.map { column in
      rows.contains { if case .text = $0.cells[column.key] ?? .none { true } else { false } }
    }
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return isWord[column] ? cell + gap : gap + cell
      }
      var text = cells.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  /// A list of objects for programs.
  package var json: String {
    jsonText(
      rows.map { row in
        var object = row.cells.merging(conditions.cells) { cell, _ in cell }
        object["benchmark"] = .text(name)
        return Object(cells: object, settings: row.settings)
      })
  }

  private struct Object: Encodable {
    let cells: [String: Cell]
    let settings: [String: Cell]

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: SavedKey.self)
      for (key, cell) in cells { try container.encode(cell, forKey: SavedKey(stringValue: key)) }
      if !settings.isEmpty { try container.encode(settings, forKey: SavedKey(stringValue: "settings")) }
    }
  }
}

/// Any key of an object.
struct SavedKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension BenchmarkTable.Cell: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let flag = try? container.decode(Bool.self) {
      self = .text("\(flag)")
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number) where number.isFinite: try container.encode(number)
    case .number, .none: try container.encodeNil()
    }
  }

  /// As an error says it.
  var words: String {
    switch self {
    case .text(let text): text
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    case .none: "absent"
    }
  }
}
