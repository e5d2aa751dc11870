import Tables

/// Which verdicts make `mneme diff` fail.
package enum FailOn: String, Sendable, CaseIterable {
  /// More than chance in the wrong direction, or in a metric that has no direction.
  case regressed
  /// More than chance in any direction.
  case changed
  /// Anything that is neither identical nor the same.
  case different
  case never

  /// - Parameter better: the better direction; beside published numbers, the other one is the wrong one.
  fileprivate func verdicts(better: Better?) -> Set<TableDifference.Verdict> {
    let wrong: Set<TableDifference.Verdict> =
      switch better {
      case .higher: [.lower]
      case .lower: [.higher]
      case nil: [.higher, .lower]
      }
    let changed: Set<TableDifference.Verdict> = [.improved, .regressed, .changed, .differs, .higher, .lower]
    return switch self {
    case .regressed: wrong.union([.regressed, .changed, .differs])
    case .changed: changed
    case .different: changed.union([.unclear])
    case .never: []
    }
  }
}

extension TableComparison {
  private static let missing: Set<TableDifference.Verdict> = [.missing, .missingA, .missingB]

  /// Whether some cell has a number on both sides.
  package var hasCommonCell: Bool {
    parts.contains { $0.difference.pairs.contains { !TableComparison.missing.contains($0.verdict) } }
  }

  /// 0 no difference; 1 one of the verdicts asked for; 2 a side has no number at all or is damaged, or cells cannot be
  /// compared: never a pass.
  ///
  /// A cell that one side lacks is a difference. Where only some differences count it was not compared, and is no pass
  /// either, unless `allowsMissing`.
  package func status(failOn: FailOn, allowsMissing: Bool) -> ExitStatus {
    let isComparable = parts.contains { part in
      let pairs = part.difference.pairs
      return pairs.contains { $0.a.summary != nil } && pairs.contains { $0.b.summary != nil }
    }
    guard isComparable, !hasCorrupt else { return .unable }
    let verdicts = Set(parts.flatMap { $0.difference.pairs.map(\.verdict) })
    if verdicts.contains(.incomparable) { return .unable }
    let isFailure = parts.contains { part in
      let failing = failOn.verdicts(better: part.difference.rules.better)
      return part.difference.pairs.contains { failing.contains($0.verdict) }
    }
    if isFailure { return .finding }
    guard !verdicts.isDisjoint(with: TableComparison.missing), !allowsMissing else {
      return parts.allSatisfy { !$0.difference.pairs.isEmpty } ? .done : .unable
    }
    return failOn == .different ? .finding : .unable
  }
}
