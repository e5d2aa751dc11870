/// What a memory did while it was evaluated: one record for every lane and step.
///
/// Numbers of which each record has one are columns; numbers of which it has any count (which engrams were
/// reminded, which died) are lists. The log knows their names only as names: the harness fills them in.
package struct MemoryLog: Sendable, Equatable {
  package let split: String
  /// How many records there are.
  package let count: Int
  package let columns: [Column]
  package let lists: [List]

  /// One number a record: `n_ltm`, `found_ltm`, `loss_nats`.
  package struct Column: Sendable, Equatable {
    package let name: String
    package let values: Elements

    package init(name: String, values: Elements) { (self.name, self.values) = (name, values) }
  }

  /// Any count of numbers a record: `rem_ltm`, `died`. Record r has `values[offsets[r]..<offsets[r + 1]]`.
  package struct List: Sendable, Equatable {
    package let name: String
    package let offsets: [Int]
    package let values: Elements

    package init(name: String, offsets: [Int], values: Elements) {
      (self.name, self.offsets, self.values) = (name, offsets, values)
    }
  }

  package init(split: String, count: Int, columns: [Column], lists: [List]) {
    (self.split, self.count, self.columns, self.lists) = (split, count, columns, lists)
  }
}

extension MemoryLog {
  /// The group `/memory_log/<split>`.
  ///
  ///     record             u32[count]  the scale of all columns
  ///     <column>           [count]
  ///     <list>/record      u32[total]  the record each value belongs to: the scale of the values
  ///     <list>/value       [total]
  ///
  /// A reader groups values by record in one call of NumPy or pandas, and needs no offsets. A record without
  /// values does not occur in `<list>/record`.
  func tree(at path: String) throws(ArchiveError) -> Group {
    let here = "/memory_log/\(split)"
    var group = Group()
    func set(_ name: String, _ values: Elements, scale: String? = nil, over: [String?] = []) {
      group.set(
        .dataset(
          Dataset(shape: [values.count], values, compressed: true, scaleName: scale, dimensions: over)),
        at: name)
    }
    set("record", .uint32((0..<count).map(UInt32.init)), scale: "record")
    for column in columns {
      guard column.values.count == count else {
        throw ArchiveError.unwritable(
          file: path, object: "\(here)/\(column.name)",
          reason: "\(column.values.count) values for \(count) records")
      }
      set(column.name, column.values, over: ["\(here)/record"])
    }
    for list in lists {
      guard list.offsets.count == count + 1, list.offsets.first == 0, list.offsets.last == list.values.count,
        zip(list.offsets, list.offsets.dropFirst()).allSatisfy({ $0 <= $1 })
      else {
        throw ArchiveError.unwritable(
          file: path, object: "\(here)/\(list.name)", reason: "its offsets do not ascend from 0 to its count")
      }
      let owners = (0..<count).flatMap { record in
        repeatElement(UInt32(record), count: list.offsets[record + 1] - list.offsets[record])
      }
      set("\(list.name)/record", .uint32(owners), scale: "record")
      set("\(list.name)/value", list.values, over: ["\(here)/\(list.name)/record"])
    }
    return group
  }

  /// Reads a log back; columns and lists in the order they were written.
  static func read(_ split: String, from layout: Layout) throws(ArchiveError) -> MemoryLog {
    let here = "memory_log/\(split)"
    let count = try layout.unsigned32("\(here)/record").count
    var (columns, lists): ([Column], [List]) = ([], [])
    for member in try layout.group(here).members where member.name != "record" {
      let path = "\(here)/\(member.name)"
      switch member.item {
      case .dataset:
        columns.append(Column(name: member.name, values: try layout.dataset(path, count: count).elements))
      case .group:
        let owners = try layout.unsigned32("\(path)/record")
        var offsets = [Int](repeating: 0, count: count + 1)
        guard owners.allSatisfy({ $0 < count }), zip(owners, owners.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
          throw layout.malformed("\(path)/record", "out of order or range", "records 0..<\(count), ascending")
        }
        for owner in owners { offsets[Int(owner) + 1] += 1 }
        for record in 0..<count { offsets[record + 1] += offsets[record] }
        lists.append(
          List(
            name: member.name, offsets: offsets,
            values: try layout.dataset("\(path)/value", count: owners.count).elements))
      }
    }
    return MemoryLog(split: split, count: count, columns: columns, lists: lists)
  }
}
