package import Archive
import Records

/// The first place where two computations of one run differ, bit by bit; earlier steps before later ones,
/// what was measured on the way before what came of it, numbers before weights.
package struct ResultDifference: Sendable, Equatable, CustomStringConvertible {
  /// `train.loss at step 3`, `tensor layers.0.attention.query.weight, element 17`.
  package let place: String
  package let published: String
  package let again: String

  package init(_ place: String, _ published: String, _ again: String) {
    (self.place, self.published, self.again) = (place, published, again)
  }

  package var description: String { "\(place): published \(published), now \(again)" }
}

/// Compares every number of two results, and their final weights.
///
/// - Parameter weights: of both; nil where the published ones were not kept. Their digests are compared all
///   the same.
/// - Returns: nil where every bit is the same.
package func firstDifference(
  _ published: RunResult, _ again: RunResult, weights: (published: [NamedArray], again: [NamedArray])?
) -> ResultDifference? {
  if let difference = difference(ofSeries: published.series, again.series) { return difference }
  if let difference = difference(ofMetrics: published.metrics, again.metrics) { return difference }
  if let difference = difference(ofItems: published.items, again.items) { return difference }
  if published.counters != again.counters {
    return ResultDifference("the counters", counters(published), counters(again))
  }
  if published.memoryLog != again.memoryLog {
    return difference(ofLogs: published.memoryLog, again.memoryLog)
  }
  if let weights, let difference = difference(ofArrays: weights.published, weights.again) {
    return difference
  }
  if published.weights != again.weights {
    return ResultDifference("the digest of the final weights", published.weights.hex, again.weights.hex)
  }
  let digests = (published.digest, again.digest)
  return digests.0 == digests.1 ? nil : ResultDifference("the result", digests.0.hex, digests.1.hex)
}

private func difference(ofSeries published: [Series], _ again: [Series]) -> ResultDifference? {
  let names = (published.map(\.name), again.map(\.name))
  guard names.0 == names.1 else { return ResultDifference("the series", "\(names.0)", "\(names.1)") }
  var first: (step: UInt64, difference: ResultDifference)?
  func found(_ step: UInt64, _ difference: ResultDifference) {
    if first.map({ step < $0.step }) ?? true { first = (step, difference) }
  }
  for (old, new) in zip(published, again) {
    let columns = (old.columns.map(\.name), new.columns.map(\.name))
    guard columns.0 == columns.1 else {
      return ResultDifference("the columns of \(old.name)", "\(columns.0)", "\(columns.1)")
    }
    for (row, steps) in zip(old.steps, new.steps).enumerated() {
      if steps.0 != steps.1 {
        found(
          min(steps.0, steps.1),
          ResultDifference("step number \(row) of \(old.name)", "\(steps.0)", "\(steps.1)"))
        break
      }
      if let place = old.columns.indices.first(where: { column in
        old.columns[column].values[row].bitPattern != new.columns[column].values[row].bitPattern
      }) {
        let values = (old.columns[place].values[row], new.columns[place].values[row])
        found(
          steps.0,
          ResultDifference(
            "\(old.name).\(old.columns[place].name) at step \(steps.0)", bits(values.0), bits(values.1)))
        break
      }
    }
    if old.steps.count != new.steps.count, first == nil {
      found(.max, ResultDifference("the rows of \(old.name)", "\(old.steps.count)", "\(new.steps.count)"))
    }
  }
  return first?.difference
}

private func difference(ofMetrics published: [FinalMetric], _ again: [FinalMetric]) -> ResultDifference? {
  for (old, new) in zip(published, again) where old != new {
    guard old.name == new.name else { return ResultDifference("the final metrics", old.name, new.name) }
    return ResultDifference(old.name, bits(old.value), bits(new.value))
  }
  guard published.count != again.count else { return nil }
  return ResultDifference("the number of final metrics", "\(published.count)", "\(again.count)")
}

private func difference(ofItems published: [ItemOutcomes], _ again: [ItemOutcomes]) -> ResultDifference? {
  for (old, new) in zip(published, again) where old != new {
    for (place, pair) in zip(old.correct, new.correct).enumerated() where pair.0 != pair.1 {
      return ResultDifference(
        "labels right in example \(old.ids[place]) of \(old.split)", "\(pair.0)", "\(pair.1)")
    }
    return ResultDifference("the examples of \(old.split)", "\(old.ids.count)", "\(new.ids.count)")
  }
  guard published.count != again.count else { return nil }
  return ResultDifference("the splits with items", "\(published.count)", "\(again.count)")
}

private func difference(ofLogs published: MemoryLog?, _ again: MemoryLog?) -> ResultDifference {
  guard let old = published, let new = again else {
    return ResultDifference(
      "the memory log", published == nil ? "absent" : "present", again == nil ? "absent" : "present")
  }
  for (one, other) in zip(old.columns, new.columns) where one != other {
    return ResultDifference("the memory log's \(one.name)", digest(one.values), digest(other.values))
  }
  for (one, other) in zip(old.lists, new.lists) where one != other {
    return ResultDifference("the memory log's \(one.name)", digest(one.values), digest(other.values))
  }
  return ResultDifference("the memory log", "\(old.count) records", "\(new.count) records")
}

/// The first number in which two lists of tensors differ.
func difference(ofArrays published: [NamedArray], _ again: [NamedArray]) -> ResultDifference? {
  for (old, new) in zip(published, again) where old != new {
    guard old.name == new.name, old.shape == new.shape else {
      return ResultDifference("the tensors", "\(old.name) \(old.shape)", "\(new.name) \(new.shape)")
    }
    for (place, pair) in zip(old.values, new.values).enumerated() where pair.0.bitPattern != pair.1.bitPattern
    {
      return ResultDifference("tensor \(old.name), element \(place)", bits(pair.0), bits(pair.1))
    }
  }
  guard published.count != again.count else { return nil }
  return ResultDifference("the number of tensors", "\(published.count)", "\(again.count)")
}

private func counters(_ result: RunResult) -> String {
  result.counters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
}

/// A number with its bits: two that print alike may differ.
private func bits(_ value: Double) -> String { "\(value) (0x\(String(value.bitPattern, radix: 16)))" }
private func bits(_ value: Float) -> String { "\(value) (0x\(String(value.bitPattern, radix: 16)))" }

private func digest(_ elements: Elements) -> String { "\(elements.count) values" }
