extension ClaimReading {
  /// The paper's t-test on our own runs, with Welch's beside it, and the paired one where both sides have the same seeds.
  static func ofTest(measured cells: [[String]: Cell], _ contrast: Contrast, alpha: Double) -> ClaimReading {
    let pair = contrast.terms.map { cells[$0.place] ?? Cell() }
    if let shortcoming = pair.lazy.compactMap(\.shortcoming).first {
      return ClaimReading(Outcome(.inconclusive, shortcoming))
    }
    let moments = pair.compactMap { $0.summary.flatMap { Moments($0) } }
    guard moments.count == 2, let test = TTest.pooled(moments[1], moments[0]) else {
      return ClaimReading(
        Outcome(.inconclusive, moments.count < 2 ? "fewer than two runs" : "nothing varies"))
    }
    var besides = TTest.welch(moments[1], moments[0]).map { [("welch", $0.p(.upper))] } ?? []
    if !pair[0].samples.isEmpty, pair[0].samples.map(\.over) == pair[1].samples.map(\.over),
      let paired = TTest.paired(pair[1].samples.map(\.value), pair[0].samples.map(\.value))
    {
      besides.append(("paired", paired.p(.upper)))
    }
    let p = test.p(.upper)
    let outcome: Outcome =
      if p < alpha {
        Outcome(.reproduced, "larger")
      } else if test.p(.lower) < alpha {
        Outcome(.notReproduced, "smaller")
      } else {
        Outcome(.inconclusive, "not told from chance")
      }
    return ClaimReading(value: p, besides: besides, outcome)
  }

  /// Sums that a claim calls positive, each tested one-tailed. The claim is borne out if every one is found positive:
  /// the largest p is that of the whole, without correction. It is refuted if one is found negative, corrected by Holm.
  static func ofSigns(
    measured cells: [[String]: Cell], _ contrasts: [Contrast], alpha: Double
  ) -> ClaimReading {
    let sums = contrasts.compactMap { contrast in contrast.measured(cells).map { (contrast, $0) } }
    let tests = sums.map { $0.0.test(cells) }
    let against = zip(sums, Correction.holm.adjusted(tests.map { $0?.p(.lower) ?? 1 }))
      .filter { $1 < alpha }.map(\.0.0.name)
    let holds = (sums.count { $0.1 > 0 }, contrasts.count)
    let largest = tests.contains { $0 == nil } ? nil : tests.compactMap { $0?.p(.upper) }.max()
    let outcome: Outcome =
      if !against.isEmpty {
        Outcome(.notReproduced, "found the other way round")
      } else if sums.count < contrasts.count {
        Outcome(.inconclusive, "\(contrasts.count - sums.count) of \(contrasts.count) lack a number")
      } else if let largest {
        largest < alpha
          ? Outcome(.reproduced, "every one found") : Outcome(.inconclusive, "not told from chance")
      } else {
        Outcome(.inconclusive, "one run says nothing about chance")
      }
    return ClaimReading(value: largest, holds: holds, against: against, outcome)
  }
}
