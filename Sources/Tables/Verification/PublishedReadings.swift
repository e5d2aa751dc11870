extension ClaimReading {
  /// The paper's t-test, from the means and deviations it printed. The p agrees if, for some numbers that round to the
  /// printed ones, it rounds to the printed p.
  static func ofTest(_ claim: Claim, _ contrast: Contrast, _ cells: [[String]: Cell]) throws(TablesError)
    -> ClaimReading
  {
    let pair = contrast.terms.compactMap { cells[$0.place] }
    var sides: [[Moments]] = []
    for cell in pair {
      guard let mean = Rounded(cell), let deviation = cell.summary?.deviation, let count = cell.summary?.count
      else {
        throw claim.malformed(
          "no deviation or number of runs of \(claim.metric) in \(claim.table)", "both, for a t-test")
      }
      let half = cell.deviationRoundOff ?? 0
      let moments =
        [(mean.value, deviation)]
        + [mean.low, mean.high].flatMap { mean in
          [max(0, deviation - half), deviation + half].map { (mean, $0) }
        }
      sides.append(moments.compactMap { Moments(mean: $0.0, deviation: $0.1, count: count) })
    }
    guard sides.count == 2, let a = sides[0].first, let b = sides[1].first,
      let test = TTest.pooled(b, a), let printed = claim.printed
    else {
      throw claim.malformed("no deviation at all in \(claim.table)", "runs that vary, for a t-test")
    }
    // With pooled variance the statistic runs one way in every number, so the corners hold the ends.
    let corners = sides[0].flatMap { a in sides[1].compactMap { TTest.pooled($0, a)?.p(.upper) } }
    let range = span(corners) ?? 0...1
    let agrees = printed.high >= range.lowerBound && printed.low <= range.upperBound
    return ClaimReading(
      value: test.p(.upper), range: range,
      besides: TTest.welch(b, a).map { [("welch", $0.p(.upper))] } ?? [],
      Outcome(
        agrees ? .reproduced : .notReproduced,
        agrees
          ? "the printed p is what the printed numbers give"
          : "no numbers that round to these give the printed p"))
  }

  /// A printed difference against that of the printed numbers.
  static func ofDifference(
    _ claim: Claim, _ contrast: Contrast, _ cells: [[String]: Cell]
  ) throws(TablesError) -> ClaimReading {
    guard let found = contrast.published(cells), let printed = claim.printed else {
      throw claim.malformed("a cell without a number in \(claim.table)", "numbers to subtract")
    }
    let agrees = found.agrees(with: printed)
    return ClaimReading(
      value: found.value, range: found.range,
      Outcome(
        agrees ? .reproduced : .notReproduced,
        agrees ? "agrees within rounding" : "not the printed difference"))
  }

  /// The same numbers in two published tables.
  static func ofEquality(
    _ claim: Claim, _ contrasts: [Contrast], _ cells: [[String]: Cell], others: [String: CellList]
  ) throws(TablesError) -> ClaimReading {
    guard let name = claim.otherTable, let other = others[name] else {
      throw claim.malformed(
        "table=\(claim.otherTable ?? "")", "one of \(others.keys.sorted().joined(separator: ", "))")
    }
    // Joined by the keys for each of whose places the claim is made.
    let axes = claim.b.map(\.key) + claim.each
    let theirs = try other.cells(along: axes)
    var against: [String] = []
    for contrast in contrasts {
      let place = contrast.terms[0].place
      let labels = claim.each.map { key in claim.keys.firstIndex(of: key).map { place[$0] } ?? "" }
      let beside = theirs.filter { candidate, _ in
        zip(claim.b, candidate).allSatisfy { $0.labels.contains($1) }
          && Array(candidate.dropFirst(claim.b.count)) == labels
      }
      guard beside.count == 1, let cell = beside.first?.value, let number = Rounded(cell),
        let own = contrast.published(cells)
      else {
        throw claim.malformed("\(beside.count) cells of \(name) beside \(contrast.name)", "one")
      }
      if !own.agrees(with: number) { against.append(contrast.name) }
    }
    return counted(contrasts.count, against: against, open: 0)
  }

  /// Sums that a claim calls positive.
  static func ofSigns(_ contrasts: [Contrast], _ cells: [[String]: Cell]) -> ClaimReading {
    let signs = contrasts.map { ($0.name, $0.published(cells)?.sign) }
    return counted(
      contrasts.count, against: signs.filter { $0.1 == -1 }.map(\.0), open: signs.count { $0.1 == nil })
  }

  private static func counted(_ total: Int, against: [String], open: Int) -> ClaimReading {
    let outcome: Outcome =
      if !against.isEmpty {
        Outcome(.notReproduced, "the printed numbers say otherwise")
      } else if open > 0 {
        Outcome(.inconclusive, "\(open) of \(total) equal within rounding")
      } else {
        Outcome(.reproduced, "so the printed numbers say")
      }
    return ClaimReading(holds: (total - against.count - open, total), against: against, outcome)
  }
}
