import Archive
import Foundation
import Records
import Tables

/// The forms that runs are handed on in. Which one is meant, the name of the file tells.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// Columns as datasets of one length, and series: for h5py.
  case hdf5
  /// For spreadsheets, R and pandas.
  case csv
  /// An object a line.
  case jsonl

  /// How names of files in this form end, the usual one first.
  var endings: [String] {
    switch self {
    case .hdf5: ["h5", "hdf5"]
    case .csv: ["csv"]
    case .jsonl: ["jsonl", "ndjson"]
    }
  }

  package init(file: String) throws(ExportError) {
    let ending = (file as NSString).pathExtension.lowercased()
    guard let format = ExportFormat.allCases.first(where: { $0.endings.contains(ending) }) else {
      throw .unknownFormat(
        file, nearest: nearest(ending, among: ExportFormat.allCases.flatMap(\.endings)))
    }
    self = format
  }

  /// Whether it holds the history of metrics.
  package var hasSeries: Bool { self == .hdf5 }
}

extension ExportTable {
  /// Writes the table as a file that is there whole or not at all.
  ///
  /// - Parameter replacing: whether a file of that name is replaced.
  /// - Returns: how many bytes it has.
  package func write(
    to path: String, as format: ExportFormat, replacing: Bool, title: String
  ) throws -> Int {
    do throws(ArchiveError) {
      switch format {
      case .hdf5: try OutsideFile.write(tree(title: title), to: path, replacing: replacing)
      case .csv: try OutsideFile.write(Array(csv.utf8), to: path, replacing: replacing)
      case .jsonl: try OutsideFile.write(Array(jsonLines.utf8), to: path, replacing: replacing)
      }
    } catch {
      guard case .exists = error else { throw error }
      throw ExportError.exists(path)
    }
    return StoreSizes.bytes(of: path)
  }

  /// A line of keys, then a line for every run; a gap is empty.
  var csv: String {
    var text = CSV.line(columns.map(\.key))
    for row in runs.indices {
      text += CSV.line(columns.map { $0.values[row]?.description ?? "" })
    }
    return text
  }

  /// An object for every run, without what it has not.
  var jsonLines: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return runs.indices.map { row in
      var members: [String: EncodableValue] = [:]
      for column in columns { members[column.key] = column.values[row].map(EncodableValue.init) }
      do {
        return String(decoding: try encoder.encode(members), as: UTF8.self) + "\n"
      } catch {
        fatalError("run \(runs[row].short) cannot be written as JSON: \(error)")
      }
    }.joined()
  }

  ///     /                     attributes: format, format_version, title, how_to_read
  ///     /runs/<key>           a column: i64, f64, u8 for a boolean or text[runs]; `run` is the scale of all others
  ///     /series/<name>/row    u32: the row in /runs      step u64: the scale of   <column> f64
  func tree(title: String) -> Group {
    var root = Group(attributes: [
      Attribute("format", .text("mneme-export")), Attribute("format_version", .unsigned32(1)),
      Attribute("title", .text(title)), Attribute("default", .text("runs")),
      Attribute("how_to_read", .text(ExportTable.recipe)),
    ])
    let table = columns.map { column in
      Group.Member(column.key, .dataset(column.dataset(scale: column.key == "run" ? nil : "/runs/run")))
    }
    root.members.append(Group.Member("runs", .group(Group(members: table))))
    let members = series.map { Group.Member($0.name, .group($0.tree)) }
    root.members.append(Group.Member("series", .group(Group(members: members))))
    return root
  }

  /// What reads the columns with pandas; `row` of a series is the index of this frame.
  static let recipe =
    "pandas.DataFrame({key: column.asstr()[:] if column.dtype.kind == 'S' else column[:] for key, column in "
    + "file['runs'].items()})"
}

extension ExportTable.Long {
  fileprivate var tree: Group {
    let scale = "/series/\(name)/step"
    var members = [
      Group.Member(
        "row",
        .dataset(
          Dataset(
            shape: [rows.count], .uint32(rows),
            attributes: [Attribute("long_name", .text("row of the run in /runs"))],
            compressed: true, dimensions: [scale]))),
      Group.Member(
        "step", .dataset(Dataset(shape: [steps.count], .uint64(steps), compressed: true, scaleName: "step"))),
    ]
    for column in columns {
      var attributes = [Attribute("units", .text(column.unit))]
      if let better = column.better { attributes.append(Attribute("better", .text(better))) }
      members.append(
        Group.Member(
          column.name,
          .dataset(
            Dataset(
              shape: [column.values.count], .float64(column.values), attributes: attributes, compressed: true,
              dimensions: [scale]))))
    }
    return Group(members: members)
  }
}
