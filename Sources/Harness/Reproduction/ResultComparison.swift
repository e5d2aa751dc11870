package import Archive
package import Records

/// Where two results of one run differ: the first number, the first weight, and which parameters.
package struct ResultComparison: Sendable, Equatable {
  /// The first place: earlier steps before later ones, what was measured on the way before what came of it, numbers
  /// before weights.
  package let first: ResultDifference
  /// The first weight; nil where none differs, or where weights were not compared one by one.
  package let tensor: ResultDifference?
  /// Nil where weights were not compared one by one.
  package let parameters: ParameterComparison?

  package init(
    first: ResultDifference, tensor: ResultDifference? = nil, parameters: ParameterComparison? = nil
  ) {
    (self.first, self.tensor, self.parameters) = (first, tensor, parameters)
  }

  /// Compares as `firstDifference` does, and goes on to the weights; nil where every bit is the same.
  package init?(
    _ published: RunResult, _ again: RunResult, weights: (published: [NamedArray], again: [NamedArray])?
  ) {
    guard let first = firstDifference(published, again, weights: weights) else { return nil }
    self.init(
      first: first, tensor: weights.flatMap { difference(ofArrays: $0.published, $0.again) },
      parameters: weights.map { ParameterComparison($0.published, $0.again) })
  }
}

/// Which parameters of a model have other weights.
package struct ParameterComparison: Sendable, Equatable {
  package struct Difference: Sendable, Equatable {
    package let name: String
    /// As `weightsDigest` has it for this parameter alone; nil where there is none of that name.
    package let published: Digest?
    package let again: Digest?
  }

  /// In the order of the published file, then what it lacks.
  package let differences: [Difference]
  /// How many parameters there are, of either side.
  package let count: Int

  package init(_ published: [NamedArray], _ again: [NamedArray]) {
    var computed = Dictionary(again.map { ($0.name, weightsDigest([$0])) }) { first, _ in first }
    var differences: [Difference] = []
    for array in published {
      let (old, new) = (weightsDigest([array]), computed.removeValue(forKey: array.name))
      if old != new { differences.append(Difference(name: array.name, published: old, again: new)) }
    }
    for array in again {
      guard let new = computed.removeValue(forKey: array.name) else { continue }
      differences.append(Difference(name: array.name, published: nil, again: new))
    }
    self.differences = differences
    count = Set(published.map(\.name)).union(again.map(\.name)).count
  }

  /// `2 of 14 parameters differ: embedding 1234567890ab → ba0987654321, …`
  package var text: String {
    guard !differences.isEmpty else { return "none of \(count) parameters differs" }
    let names = differences.prefix(5).map {
      "\($0.name) \($0.published?.short ?? "absent") → \($0.again?.short ?? "absent")"
    }
    return "\(differences.count) of \(count) parameters differ, by digest: \(names.joined(separator: ", "))"
      + (differences.count > 5 ? " and \(differences.count - 5) more" : "")
  }
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
  if let difference = difference(ofLogs: published.memoryLog, again.memoryLog) { return difference }
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
        let name = "\(old.name).\(old.columns[place].name)"
        found(
          steps.0,
          ResultDifference(
            "\(name) at step \(steps.0)", .metric(name, step: steps.0), old.columns[place].values[row],
            new.columns[place].values[row]))
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
    guard old.value.bitPattern != new.value.bitPattern else {
      return ResultDifference("what is said of \(old.name)", words(of: old), words(of: new))
    }
    return ResultDifference(old.name, .metric(old.name, step: nil), old.value, new.value)
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

/// The first number in which two lists of tensors differ.
func difference(ofArrays published: [NamedArray], _ again: [NamedArray]) -> ResultDifference? {
  for (old, new) in zip(published, again) where old != new {
    guard old.name == new.name, old.shape == new.shape else {
      return ResultDifference("the tensors", "\(old.name) \(old.shape)", "\(new.name) \(new.shape)")
    }
    for (place, pair) in zip(old.values, new.values).enumerated() where pair.0.bitPattern != pair.1.bitPattern
    {
      return ResultDifference(
        "tensor \(old.name), element \(place)", .weight(tensor: old.name, element: place), pair.0, pair.1)
    }
  }
  guard published.count != again.count else { return nil }
  return ResultDifference("the number of tensors", "\(published.count)", "\(again.count)")
}

private func counters(_ result: RunResult) -> String {
  result.counters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
}

private func words(of metric: FinalMetric) -> String {
  "\(metric.unit), \(metric.better.map { "better \($0)" } ?? "neither way better"), of \(metric.split)"
}
