/// Judges a family of cells: one table of one metric.
struct Judging {
  let rules: ComparisonRules
  let unit: Unit
  /// The side of published numbers, if one is.
  var published: TableDifference.Side?

  /// - pairs: The cells of both sides, with what their kind alone says of them; nil where chance has to be asked.
  func judgements(
    of pairs: [(a: Cell, b: Cell, verdict: TableDifference.Verdict?)]
  ) -> [Judgement] {
    let evidence = pairs.map { pair in
      pair.verdict == nil ? Evidence(pair.a, pair.b, rules: rules, unit: unit) : nil
    }
    let adjusted = adjustedWhereKnown(evidence.map { $0?.p })
    let equivalence = adjustedWhereKnown(evidence.map { $0?.equivalence })
    let known = adjusted.compactMap(\.self)
    let level = rules.correction.level(
      rules.alpha, found: known.count { $0 < rules.alpha }, of: known.count)
    return pairs.indices.map { place in
      guard let evidence = evidence[place] else { return Judgement(pairs[place].verdict ?? .unclear) }
      return judgement(
        evidence, adjusted: adjusted[place], equivalence: equivalence[place],
        difference: (pairs[place].b.summary?.mean ?? 0) - (pairs[place].a.summary?.mean ?? 0), level: level)
    }
  }

  private func adjustedWhereKnown(_ raw: [Double?]) -> [Double?] {
    var adjusted = rules.correction.adjusted(raw.compactMap(\.self))[...]
    return raw.map { $0 == nil ? nil : adjusted.popFirst() }
  }

  private func judgement(
    _ evidence: Evidence, adjusted: Double?, equivalence: Double?, difference: Double, level: Double
  ) -> Judgement {
    var result = Judgement(.unclear)
    (result.test, result.other, result.isPermuted) = (evidence.test, evidence.other, evidence.isPermuted)
    (result.p, result.adjusted, result.margin) = (evidence.p, adjusted, evidence.margin)
    (result.equivalence, result.reason) = (equivalence, evidence.reason)
    result.interval = evidence.test?.interval(confidence: 1 - rules.alpha)
    if let equivalence, equivalence < rules.alpha {
      result.verdict = .same
    } else if let adjusted, adjusted < rules.alpha {
      result.verdict = direction(of: difference)
    } else if let test = evidence.test {
      let power = Power(alpha: level)
      result.detectable = power.detectable(standardError: test.standardError, degrees: test.degrees)
      result.moreSeeds = moreSeeds(evidence, test, power)
    }
    return result
  }

  private func direction(of difference: Double) -> TableDifference.Verdict {
    // What was published did not get better or worse: the other side lies above or below it.
    if let published { return (difference > 0) == (published == .a) ? .higher : .lower }
    guard let better = rules.better else { return .changed }
    return (difference > 0) == (better == .higher) ? .improved : .regressed
  }

  /// Beyond so many seeds nobody is advised to go.
  private static let mostSeeds = 1000

  private func moreSeeds(_ evidence: Evidence, _ test: TTest, _ power: Power) -> Int? {
    func needed(_ difference: Double) -> Int? {
      switch test.kind {
      case .welch, .pooled:
        evidence.deviations.flatMap {
          power.seeds(
            toFind: difference, deviationOfA: $0.a, deviationOfB: $0.b, most: Judging.mostSeeds)
        }
      case .paired:
        power.pairs(
          toFind: difference, deviation: test.standardError * Double(evidence.runs).squareRoot(),
          most: Judging.mostSeeds)
      // More runs on one side leave the other what it is: one number.
      case .prediction: nil
      }
    }
    for difference in [evidence.margin, test.difference.magnitude].compactMap(\.self) {
      if let needed = needed(difference), needed > evidence.runs { return needed - evidence.runs }
    }
    return nil
  }
}
