import Records
import Tables
import Testing

/// The verdict of a cell, and what is printed of it. The p are scipy's: `ttest_ind(equal_var=False)`, `ttest_rel`.
@Suite struct JudgementTests {
  static let rules = ComparisonRules(
    test: .welch, correction: .holm, alpha: 0.05, better: .higher, over: ["seed"])

  /// A table of one axis; every cell has one run for each number, of seeds 1, 2, ….
  static func list(_ cells: [[Double]], name: String, runs first: Int, seeds: Int = 1) -> CellList {
    CellList(
      name: name, tier: "quick", manifest: nil, source: nil, keys: ["k"], metric: "test.accuracy",
      unit: .fraction,
      entries: cells.enumerated().map { place, values in
        var cell = Cell(summary: Summary(of: values))
        cell.samples = values.enumerated().map { index, value in
          Sample(
            run: SortingAblation.digest(first + place * 64 + index), over: ["\(index + seeds)"], value: value)
        }
        (cell.planned, cell.finished) = (values.count, values.count)
        return CellList.Entry(labels: ["\(place + 1)"], cell: cell)
      })
  }

  static let a = list(
    [
      [0.71, 0.72, 0.70, 0.73, 0.71], [0.50, 0.52, 0.49, 0.51, 0.50], [0.601, 0.602, 0.600, 0.601, 0.602],
      [0.40, 0.45, 0.42, 0.47, 0.41], [0.3, 0.3, 0.3, 0.3, 0.3],
    ], name: "before", runs: 0x100)
  static let b = list(
    [
      [0.78, 0.80, 0.79, 0.77, 0.79], [0.44, 0.42, 0.45, 0.43, 0.41], [0.602, 0.601, 0.601, 0.600, 0.602],
      [0.44, 0.41, 0.48, 0.46, 0.43], [0.31, 0.31, 0.31, 0.31, 0.31],
    ], name: "after", runs: 0x800)

  private func difference(_ change: (inout ComparisonRules) -> Void = { _ in }) throws -> TableDifference {
    var rules = Self.rules
    change(&rules)
    return try TableDifference(Self.a, Self.b, rules: rules)
  }

  private func verdicts(_ difference: TableDifference) -> [String] {
    difference.pairs.map(\.verdict.rawValue)
  }

  @Test func `every cell gets its verdict, with scipy's p and the family's`() throws {
    let found = try difference { $0.margin = Margin("1 abs") }
    #expect(verdicts(found) == ["improved", "regressed", "same", "unclear", "unclear"])
    let judgements = found.pairs.map(\.judgement)
    let raw = judgements.map { $0.p ?? -1 }
    for (ours, theirs) in zip(raw, P.welch) { #expect((ours - theirs).magnitude <= 1e-9 * theirs.magnitude) }
    #expect(judgements[0].adjusted == raw[0] * 4)
    #expect(judgements[1].adjusted == raw[1] * 3)
    #expect(judgements[4].reason == "no spread")
    #expect(judgements[4].p == nil && judgements[4].interval == nil)
    #expect(judgements[2].equivalence.map { $0 < 0.001 } == true)
  }

  @Test func `without a margin nothing is the same, and without a direction a difference is a change`() throws
  {
    #expect(verdicts(try difference()) == ["improved", "regressed", "unclear", "unclear", "unclear"])
    #expect(verdicts(try difference { $0.better = nil }).prefix(2) == ["changed", "changed"])
    #expect(verdicts(try difference { $0.better = .lower }).prefix(2) == ["regressed", "improved"])
    #expect(Set(verdicts(try difference { $0.test = .exact })) == ["differs"])
  }

  @Test func `pairs are matched by seed, and the other test is kept beside`() throws {
    let paired = try difference { $0.test = .paired }.pairs.map(\.judgement)
    for (ours, theirs) in zip(paired, P.paired) {
      #expect(((ours.p ?? -1) - theirs).magnitude <= 1e-9 * theirs.magnitude)
    }
    #expect(paired[0].other?.kind == .welch)
    // The same runs listed in another order are the same pairs.
    let entries = Self.b.entries.map { entry in
      var cell = entry.cell
      cell.samples.reverse()
      return CellList.Entry(labels: entry.labels, cell: cell)
    }
    let turned = CellList(
      name: "after", tier: "quick", manifest: nil, source: nil, keys: ["k"], metric: "test.accuracy",
      unit: .fraction, entries: entries)
    var rules = Self.rules
    rules.test = .paired
    #expect(try TableDifference(Self.a, turned, rules: rules).pairs.map(\.judgement) == paired)
    let other = Self.list([[0.78, 0.80, 0.79, 0.77, 0.79]], name: "x", runs: 0x800, seeds: 11)
    let unpaired = try TableDifference(Self.a, other, rules: rules).pairs[0].judgement
    #expect(unpaired.test?.kind == .welch && unpaired.reason == "seeds do not match")
  }

  @Test func `permutations decide where they are asked for`() throws {
    let found = try difference { ($0.test, $0.correction) = (.permutation, .none) }
    #expect(found.pairs[0].judgement.p == 2.0 / 252)
    #expect(verdicts(found).prefix(2) == ["improved", "regressed"])
    #expect(found.render(.csv, width: 0, colour: false).contains(",permutation,"))
    let corrected = try difference { $0.test = .permutation }.pairs.map(\.judgement)
    #expect(corrected[0].adjusted == 4 * 2.0 / 252)
    #expect(corrected[4].p == nil && corrected[4].reason == "no spread")
    // No way of dealing out six numbers is rare enough.
    let few = try TableDifference(
      Self.list([[0.1, 0.2, 0.3]], name: "a", runs: 0x100),
      Self.list([[0.7, 0.8, 0.9]], name: "b", runs: 0x200),
      rules: {
        var rules = Self.rules; rules.test = .permutation; return rules
      }())
    #expect(few.pairs[0].judgement.p == nil && few.pairs[0].judgement.test == nil)
    #expect(few.pairs[0].judgement.reason == "permutations need 4 runs a side")
  }

  @Test func `swapping the tables turns improved into regressed, and no p`() throws {
    var rules = Self.rules
    rules.margin = Margin("1 abs")
    let forth = try TableDifference(Self.a, Self.b, rules: rules)
    let back = try TableDifference(Self.b, Self.a, rules: rules)
    #expect(verdicts(back) == ["regressed", "improved", "same", "unclear", "unclear"])
    #expect(forth.pairs.map(\.judgement.p) == back.pairs.map(\.judgement.p))
    #expect(forth.pairs.map(\.judgement.moreSeeds) == back.pairs.map(\.judgement.moreSeeds))
  }

  @Test func `one run tells nothing of chance, and is held against the interval of three`() throws {
    let one = Self.list([[0.79], [0.5]], name: "one", runs: 0x800)
    let three = Self.list([[0.71, 0.72, 0.70], [0.50, 0.52]], name: "three", runs: 0x100)
    let found = try TableDifference(three, one, rules: Self.rules).pairs.map(\.judgement)
    #expect(found[0].test?.kind == .prediction)
    #expect(found[0].verdict == .improved)
    #expect(((found[0].p ?? 0) - P.prediction).magnitude < 1e-12)
    #expect(found[1].verdict == .unclear && found[1].reason == "n=1")
    let back = try TableDifference(one, three, rules: Self.rules).pairs.map(\.judgement)
    #expect(back[0].verdict == .regressed && back[0].p == found[0].p)
  }

  @Test func `an unclear cell says what would be seen, and how many seeds see what was`() throws {
    let unclear = try difference().pairs[3].judgement
    let (detectable, more) = (try #require(unclear.detectable), try #require(unclear.moreSeeds))
    // Two of four cells were found before it, so Holm asks it to stay below 0.05 / 2.
    let test = try #require(unclear.test)
    let expected = Power(alpha: 0.025).detectable(standardError: test.standardError, degrees: test.degrees)
    #expect(detectable == expected)
    #expect(detectable > test.difference)
    let deviations = (
      try #require(Self.a.entries[3].cell.summary?.deviation),
      try #require(Self.b.entries[3].cell.summary?.deviation)
    )
    #expect(
      Power(alpha: 0.025).seeds(
        toFind: test.difference, deviationOfA: deviations.0, deviationOfB: deviations.1, most: 1000) == more
        + 5)
  }

  @Test func `runs of other data are not compared, and other settings are told`() throws {
    var settings: [Digest: Settings] = [:]
    for (list, examples, width) in [(Self.a, 16, 64), (Self.b, 32, 128)] {
      for (place, entry) in list.entries.enumerated() {
        for sample in entry.cell.samples {
          var own = Settings()
          own["seed"] = .integer(Int(sample.over[0]) ?? 0)
          own["k"] = .integer(place + 1)
          own["task.examples"] = .integer(place == 0 ? examples : 16)
          own["model.width"] = .integer(width)
          settings[sample.run] = own
        }
      }
    }
    let found = try TableDifference(Self.a, Self.b, rules: Self.rules, settings: settings)
    #expect(verdicts(found).prefix(2) == ["incomparable", "regressed"])
    #expect(
      found.notes.contains(
        "Incomparable: A and B were measured or trained otherwise: task.examples (16 and 32)."))
    #expect(
      found.notes.contains("A and B also differ in what the table does not name: model.width (64 and 128)."))
    #expect(found.pairs[0].judgement.p == nil)
  }

  @Test func `the same runs with other numbers are no chance`() throws {
    let again = Self.list([[0.71, 0.72, 0.70, 0.73, 0.72]], name: "again", runs: 0x100)
    let found = try TableDifference(Self.a, again, rules: Self.rules)
    #expect(found.pairs[0].verdict == .differs)
    #expect(found.notes.contains { $0.contains("the same runs gave other numbers") })
  }

  @Test func `collapsed seeds are counted`() throws {
    let collapsed = Self.list([[0.9, 0.91, 0.12, 0.9, 0.92]], name: "collapsed", runs: 0x800)
    var rules = Self.rules
    rules.converged = 0.5
    let text = try TableDifference(Self.a, collapsed, rules: rules).render(.text, width: 160, colour: false)
    #expect(text.contains("n=5 4/5 converged"))
    #expect(text.contains("k/n converged: k of n runs reached at least 50 %"))
    rules.better = .lower
    #expect(
      try TableDifference(Self.a, collapsed, rules: rules).render(.text, width: 160, colour: false)
        .contains("1/5 converged"))
  }

  @Test(arguments: [Format.text, .markdown, .csv, .html, .json])
  func `a judged difference is printed as agreed`(format: Format) throws {
    let found = try difference { ($0.margin, $0.converged) = (Margin("1 abs"), 0.405) }
    expectGolden(found.render(format, width: 132, colour: false), "judged.\(format.fileExtension)")
  }

  @Test func `margins read back, and mean what the table shows`() throws {
    for text in ["0.5%", "0.2 abs", "12 abs", "0.07%"] {
      let margin = try #require(Margin(text))
      #expect(margin.description == text)
    }
    #expect(Margin("0.2abs") == .absolute(0.2))
    for text in ["", "%", "0.5", "-1%", "0 abs", "abs", "1e999%", "0.5 %%", "nan%"] {
      #expect(Margin(text) == nil)
    }
    #expect(try difference { $0.margin = Margin("1 abs") }.pairs[0].judgement.margin == 0.01)
    #expect(
      try difference { $0.margin = Margin("1%") }.pairs[1].judgement.margin.map {
        ($0 - 0.00504).magnitude < 1e-15
      } == true)
  }
}

/// What scipy 1.17 says of the cells above.
private enum P {
  static let welch = [8.586381755927379e-06, 4.992482360733931e-05, 1.0, 0.4537796573869064]
  static let paired = [0.0011144112448258899, 0.0023505449803477526, 1.0, 0.474998635451295]
  static let prediction = 0.020204102886728758
}
