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

  fileprivate var verdicts: Set<TableDifference.Verdict> {
    switch self {
    case .regressed: [.regressed, .changed, .differs]
    case .changed: [.improved, .regressed, .changed, .differs]
    case .different: [.improved, .regressed, .changed, .differs, .unclear]
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
    if !verdicts.isDisjoint(with: failOn.verdicts) { return .finding }
    guard !verdicts.isDisjoint(with: TableComparison.missing), !allowsMissing else {
      return parts.allSatisfy { !$0.difference.pairs.isEmpty } ? .done : .unable
    }
    return failOn == .different ? .finding : .unable
  }
}
