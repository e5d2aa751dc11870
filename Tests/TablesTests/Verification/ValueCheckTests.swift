import Tables
import Testing

@Suite struct ValueCheckTests {
  private func check(
    _ values: [Double?], _ published: String, margin: String? = nil
  ) throws -> ValueCheck {
    let margin = try margin.map { try #require(Margin($0)) }
    return try Trial.verification([("a", values)], published: published, margin: margin).values[0]
  }

  /// The mean is 42, the deviation 2: the interval reaches 42 ± 4.3026527 · 2 · √(4/3), to 51.9366.
  @Test(arguments: [
    ("51.9", Reproduction.inconclusive, "depends on how the published number was rounded"),
    ("51.93", .inconclusive, "no difference found; no margin declared"),
    ("51.95", .notReproduced, "outside the prediction interval"),
    ("32.07", .inconclusive, "no difference found; no margin declared"),
    ("32.05", .notReproduced, "outside the prediction interval"),
  ])
  func `a bare number is held against the prediction interval of three runs`(
    published: String, verdict: Reproduction, reason: String
  ) throws {
    let check = try check([0.40, 0.42, 0.44], Trial.bare(published))
    #expect(check.test == .prediction)
    #expect(check.outcome == Outcome(verdict, reason))
  }

  @Test func `with one or two runs a bare number stays open`() throws {
    #expect(try check([0.4], Trial.bare("40")).outcome.reason == "one run; a prediction interval needs three")
    let two = try check([0.4, 0.41], Trial.bare("90"))
    #expect(two.outcome == Outcome(.inconclusive, "2 runs; a prediction interval needs three"))
    #expect(two.p == nil)
  }

  @Test func `a margin asks for proof that the difference lies within it`() throws {
    let close = [0.4199, 0.42, 0.4201]
    #expect(try check(close, Trial.bare("42.00"), margin: "0.5%").outcome.verdict == .reproduced)
    #expect(try check(close, Trial.bare("42.00"), margin: "0.01abs").outcome.verdict == .inconclusive)
    #expect(try check(close, Trial.bare("45.00"), margin: "1abs").outcome.verdict == .notReproduced)
    // Found to differ, but by less than would matter.
    let small = try check(close, Trial.bare("42.30"), margin: "1abs")
    #expect(try check(close, Trial.bare("42.30")).outcome.verdict == .notReproduced)
    #expect(small.outcome.verdict == .reproduced)
  }

  @Test func `beside a published deviation it is Welch's test, and p is what rounding leaves open`() throws {
    let values = [0.91, 0.93, 0.95, 0.92, 0.94]
    let check = try check(values, Trial.spread("94.56", "1", 5))
    #expect(check.test == .welch)
    let (ours, theirs) = (
      try #require(Moments(of: values)), try #require(Moments(mean: 0.9456, deviation: 0.01, count: 5))
    )
    let p = try #require(TTest.welch(theirs, ours)).p()
    let range = try #require(check.p)
    #expect(range.lowerBound < p && p < range.upperBound)
    #expect(range.contains(p) && range.upperBound - range.lowerBound > 0.01)
    // Not different is not the same.
    #expect(check.outcome.verdict == .inconclusive)
    #expect(check.outcome.reason == "no difference found; no margin declared")
    #expect(
      try self.check(values, Trial.spread("94.56", "1", 5), margin: "10%").outcome.verdict == .reproduced)
    #expect(try self.check(values, Trial.spread("54.56", "1", 5)).outcome.verdict == .notReproduced)
  }

  @Test func `one run lies inside what five published ones predict, or outside`() throws {
    let inside = try check([0.95], Trial.spread("94.56", "1", 5))
    #expect(inside.test == .prediction && inside.outcome.verdict == .inconclusive)
    let margin = try check([0.95], Trial.spread("94.56", "1", 5), margin: "10%")
    #expect(margin.test == .prediction && margin.outcome.verdict == .reproduced)
    #expect(try check([0.70], Trial.spread("94.56", "1", 5)).outcome.verdict == .notReproduced)
  }

  @Test func `what is not finished is named and never passes`() throws {
    #expect(try check([nil, nil], Trial.bare("40")).outcome == Outcome(.inconclusive, "not run yet"))
    #expect(try check([0.4, nil], Trial.bare("40")).outcome.reason == "1 of 2 runs finished")
    let stranger = try Trial.verification([("b", [0.4])], published: Trial.bare("40"))
    #expect(stranger.values[0].outcome.reason == "not in the manifest")
    #expect(stranger.notes.contains("1 measured cell has no published number beside it."))
  }

  @Test func `equal seeds tell nothing about chance, unless they are the published number`() throws {
    #expect(try check([0.4, 0.4, 0.4], Trial.bare("40.00")).outcome.reason == "equal within rounding")
    #expect(try check([0.4, 0.4, 0.4], Trial.bare("41.00")).outcome.verdict == .inconclusive)
  }

  @Test func `the order of seeds changes nothing`() throws {
    let published = Trial.spread("94.56", "1", 5)
    let one = try check([0.91, 0.93, 0.95], published)
    let other = try check([0.95, 0.91, 0.93], published)
    #expect(one.p == other.p && one.outcome == other.outcome)
  }

  @Test func `another tier is said in the heading and beside the verdict`() throws {
    let values = [0.40, 0.42, 0.44]
    let mixed = try Trial.verification(
      [("a", values)], published: Trial.bare("42"), margin: Margin("20%"), tier: "quick")
    #expect(mixed.mixesTiers)
    let text = Verification.render([mixed], .text, width: 120, colour: false)
    #expect(
      text.contains("Of different tiers, quick beside paper: no value here repeats the published experiment.")
    )
    #expect(text.contains("1 check: 1 reproduced (tier quick)\n"))
    #expect(!text.contains("1 reproduced\n"))
    let same = try Trial.verification(
      [("a", values)], published: Trial.bare("42"), margin: Margin("20%"))
    let plain = Verification.render([same], .text, width: 120, colour: false)
    #expect(plain.contains("1 check: 1 reproduced\n") && !plain.contains("different tiers"))
  }
}
