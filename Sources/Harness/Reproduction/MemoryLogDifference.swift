import Archive

/// The first number in which two memory logs differ; nil where they are the same.
func difference(ofLogs published: MemoryLog?, _ again: MemoryLog?) -> ResultDifference? {
  guard published != again else { return nil }
  guard let old = published, let new = again else {
    return ResultDifference(
      "the memory log", published == nil ? "absent" : "present", again == nil ? "absent" : "present")
  }
  let head = "memory_log.\(old.split)"
  guard old.split == new.split, old.count == new.count else {
    return ResultDifference(
      "the memory log", "\(old.count) records of \(old.split)", "\(new.count) records of \(new.split)")
  }
  let names = (names(of: old), names(of: new))
  guard names.0 == names.1 else { return ResultDifference(head, "\(names.0)", "\(names.1)") }
  for (one, other) in zip(old.columns, new.columns) where one != other {
    let name = "\(head).\(one.name)"
    return difference(one.values, other.values, name) { "\(name) in record \($0)" }
  }
  for (one, other) in zip(old.lists, new.lists) where one != other {
    return difference(ofLists: one, other, "\(head).\(one.name)")
  }
  return nil
}

private func names(of log: MemoryLog) -> [String] { log.columns.map(\.name) + log.lists.map(\.name) }

private func difference(
  ofLists old: MemoryLog.List, _ new: MemoryLog.List, _ name: String
) -> ResultDifference {
  func counts(_ list: MemoryLog.List) -> [Int] { zip(list.offsets.dropFirst(), list.offsets).map { $0 - $1 } }
  let (mine, theirs) = (counts(old), counts(new))
  if let record = zip(mine, theirs).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
    return ResultDifference(
      "how many \(name) record \(record) has", "\(mine[record])", "\(theirs[record])")
  }
  return difference(old.values, new.values, name) { index in
    let record = (old.offsets.firstIndex { $0 > index } ?? old.offsets.count) - 1
    return "\(name) in record \(record), number \(index - old.offsets[record])"
  }
}

/// The first of two lists' numbers that differ, at the place that its index is; whole lists where they are not alike.
private func difference(
  _ old: Elements, _ new: Elements, _ name: String, place: (Int) -> String
) -> ResultDifference {
  func first<Number>(_ one: [Number], _ other: [Number], _ isSame: (Number, Number) -> Bool) -> Int? {
    zip(one, other).enumerated().first { !isSame($0.element.0, $0.element.1) }?.offset
  }
  switch (old, new) {
  case (.float32(let one), .float32(let other)):
    if let index = first(one, other, { $0.bitPattern == $1.bitPattern }) {
      return ResultDifference(place(index), .metric(name, step: nil), one[index], other[index])
    }
  case (.float64(let one), .float64(let other)):
    if let index = first(one, other, { $0.bitPattern == $1.bitPattern }) {
      return ResultDifference(place(index), .metric(name, step: nil), one[index], other[index])
    }
  default:
    if let one = old.integers, let other = new.integers, let index = first(one, other, ==) {
      return ResultDifference(place(index), "\(one[index])", "\(other[index])")
    }
  }
  return ResultDifference(name, "\(old.count) \(old.kind)", "\(new.count) \(new.kind)")
}
