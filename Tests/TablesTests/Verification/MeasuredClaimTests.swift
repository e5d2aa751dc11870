import Tables
import Testing

/// The paper's claims, asked of our own runs.
@Suite struct MeasuredClaimTests {
  private let published =
    "model.kind,test.accuracy,test.accuracy.unit,test.accuracy.deviation,test.accuracy.runs,tier\n"
    + "a,96,%,1,5,paper\nb,94,%,1,5,paper\nc,92,%,1,5,paper\n"

  private func reading(_ claim: String, _ measured: [(String, [Double?])]) throws -> ClaimReading {
    let found = try Trial.verification(measured, published: published, claims: "trial.csv,x,\(claim),s,p\n")
    return try #require(found.claims[0].measured)
  }

  /// The vector of `numeric_vectors.json`, made by SciPy.
  @Test func `the t-test of our runs is pooled, with Welch's and the paired one beside it`() throws {
    let a = [0.9692, 0.9538, 0.9846, 0.9538, 0.9692]
    let b = [0.9385, 0.9538, 0.9231, 0.9385, 0.9538]
    let found = try reading(
      "t-greater,test.accuracy,model.kind=a,model.kind=b,,,,0.01", [("a", a), ("b", b), ("c", b)])
    #expect(abs(try #require(found.value) - 0.008255191271407029) < 1e-10)
    #expect(found.besides.map(\.name) == ["welch", "paired"])
    #expect(abs(found.besides[0].p - 0.008255323592787253) < 1e-10)
    #expect(abs(found.besides[1].p - 0.038959491334633084) < 1e-10)
    #expect(found.outcome.verdict == .reproduced)
    let swapped = try reading(
      "t-greater,test.accuracy,model.kind=a,model.kind=b,,,,0.01", [("a", b), ("b", a), ("c", b)])
    #expect(swapped.outcome.verdict == .notReproduced)
    #expect(abs(try #require(swapped.value) + (try #require(found.value)) - 1) < 1e-12)
  }

  @Test func `best is borne out if every comparison is, and refuted by one`() throws {
    let (high, middle, low) = ([0.50, 0.51, 0.52], [0.40, 0.41, 0.42], [0.30, 0.31, 0.32])
    let claim = "highest,test.accuracy,model.kind=a,,,,,"
    let best = try reading(claim, [("a", high), ("b", middle), ("c", low)])
    #expect(best.outcome.verdict == .reproduced && best.holds?.count == 2)
    let second = try reading(claim, [("a", middle), ("b", high), ("c", low)])
    #expect(second.outcome.verdict == .notReproduced && second.against == ["model.kind=b"])
    let close = try reading(claim, [("a", high), ("b", [0.49, 0.51, 0.52]), ("c", low)])
    #expect(close.outcome == Outcome(.inconclusive, "not told from chance"))
    let single = try reading(claim, [("a", [0.5]), ("b", [0.4]), ("c", [0.3])])
    #expect(single.outcome == Outcome(.inconclusive, "one run says nothing about chance"))
    #expect(single.holds?.count == 2 && single.value == nil)
    let missing = try reading(claim, [("a", high), ("b", [nil, nil]), ("c", low)])
    #expect(missing.outcome == Outcome(.inconclusive, "1 of 2 lack a number"))
  }

  /// Two groups of a contrast are Welch's test itself.
  @Test func `a contrast of two rows has the p of Welch's test`() throws {
    let (a, b) = ([0.50, 0.53, 0.52], [0.49, 0.50, 0.45])
    let found = try reading(
      "highest,test.accuracy,model.kind=a,,,,,", [("a", a), ("b", b), ("c", [0.1, 0.2, 0.1])])
    let sides = [b, a].compactMap { Moments(of: $0) }
    let welch = try #require(TTest.welch(sides[0], sides[1]))
    #expect(abs(try #require(found.value) - welch.p(.upper)) < 1e-12)
  }

  @Test func `what is arithmetic on printed numbers is not asked of ours`() throws {
    let found = try Trial.verification(
      [("a", [0.9]), ("b", [0.8])], published: published,
      claims: "trial.csv,x,difference,test.accuracy,model.kind=a,model.kind=b,,,,2%,s,p\n")
    #expect(found.claims[0].measured == nil)
    #expect(found.claims[0].published.outcome.verdict == .reproduced)
  }
}
