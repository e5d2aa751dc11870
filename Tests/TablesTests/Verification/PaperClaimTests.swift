import Tables
import Testing

/// The paper's claims as they ship, recomputed from the numbers it printed.
@Suite struct PaperClaimTests {
  /// By SciPy: ttest_ind_from_stats(96.51, 2, 5, 94.56, 1, 5, alternative="greater"), and at the corners of the rounding.
  @Test func `the t-tests of Table 3 follow from its test F1, one-tailed and pooled`() throws {
    let checks = try Trial.paper("table3.csv", "test.f1").claims.filter { $0.claim.form == .tGreater }
    #expect(checks.map(\.claim.name) == ["above-longformer", "above-bigbird"])
    let expected = [
      (0.04349609165309735, 0.012113536695825053, 0.08754629112775304),
      (0.005678106930311341, 0.0008346028234671515, 0.018462217814384792),
    ]
    for (check, (p, least, largest)) in zip(checks, expected) {
      #expect(abs(try #require(check.published.value) - p) < 1e-9)
      let range = try #require(check.published.range)
      #expect(abs(range.lowerBound - least) < 1e-9 && abs(range.upperBound - largest) < 1e-9)
      #expect(check.published.outcome.verdict == .reproduced)
      #expect(check.measured == nil)
    }
    #expect(abs(try #require(checks[0].published.besides.first).p - 0.050011178318831) < 1e-9)
  }

  /// The printed numbers give 0.0121 to 0.0875; what is printed stands for half a unit of its last digit around it.
  @Test(arguments: [
    ("0.045", Reproduction.reproduced), ("0.012", .reproduced), ("0.011", .notReproduced),
    ("0.01", .reproduced),
    ("0.088", .reproduced), ("0.089", .notReproduced), ("0.0876", .notReproduced),
  ])
  func `a p that no numbers rounding to the printed ones give is not reproduced`(
    printed: String, verdict: Reproduction
  ) throws {
    let list = try CellList(csv: try Trial.shipped("table3.csv"), file: "table3.csv", metric: "test.f1")
    let text = String(decoding: try Trial.shipped("claims.csv"), as: UTF8.self)
    let file = try ClaimFile(csv: Array(text.replacing(",0.045,", with: ",\(printed),").utf8), file: "c.csv")
    let found = try Verification(
      published: list, name: "t",
      claims: Array(file.claims(about: "table3.csv", metric: "test.f1").prefix(1)),
      others: [:], rules: VerificationRules(alpha: 0.05, margin: nil))
    #expect(found.claims[0].published.outcome.verdict == verdict)
  }

  @Test func `of the gains of Table 6 one is misprinted, and only one of three runs one way`() throws {
    let claims = try Trial.paper("table6.csv").claims
    let wrong = claims.filter { $0.published.outcome.verdict == .notReproduced }.map(\.claim.name)
    #expect(wrong == ["gain-short-term-4", "short-term-gain-rises", "long-term-gain-rises"])
    #expect(claims.count { $0.published.outcome.verdict == .reproduced } == 17)
    let misprinted = try #require(claims.first { $0.claim.name == "gain-short-term-4" })
    #expect(abs(try #require(misprinted.published.value) - 0.0297) < 1e-12)
    #expect(misprinted.claim.printed?.value == 0.0279)
    let rising = try #require(claims.first { $0.claim.name == "short-term-gain-rises" })
    #expect(rising.published.holds?.count == 3 && rising.published.holds?.of == 4)
    #expect(rising.published.against == ["model.memory=short-term, task.segments=16"])
    let twin = try #require(claims.first { $0.claim.name == "whole-is-table4" })
    #expect(twin.published.holds?.count == 4 && twin.published.outcome.verdict == .reproduced)
    let least = try #require(claims.first { $0.claim.name == "least-loss-to-47" })
    #expect(least.published.holds?.of == 3 && least.published.outcome.verdict == .reproduced)
  }

  @Test func `in Table 4 Memoria loses least everywhere, and is best from 16 segments on only`() throws {
    let claims = try Trial.paper("table4.csv").claims
    #expect(claims.map(\.claim.name) == ["falls", "least-degradation", "best", "best-of-long"])
    #expect(
      claims.map { $0.published.outcome.verdict } == [.reproduced, .reproduced, .notReproduced, .reproduced])
    #expect(claims.map { $0.published.holds?.of } == [36, 9, 36, 18])
    #expect(claims[2].published.holds?.count == 31)
    #expect(claims[2].published.against.allSatisfy { $0.contains("model.kind=infinity-former") })
    let short = claims[2].published.against.count { $0.contains("task.segments=4") }
    #expect(short == 3 && claims[2].published.against.count == 5)
  }

  @Test func `in Table 9 Memoria is the fastest and the largest`() throws {
    for metric in ["cost.training_seconds", "cost.peak_bytes"] {
      let claims = try Trial.paper("table9.csv", metric).claims
      #expect(claims.count == 1 && claims[0].published.holds?.of == 3)
      #expect(claims[0].published.outcome.verdict == .reproduced)
    }
  }

  @Test func `every shipped claim is about a shipped number`() throws {
    let file = try ClaimFile(csv: try Trial.shipped("claims.csv"), file: "claims.csv")
    #expect(file.claims.count == 32)
    for (table, metric) in Set(file.claims.map { [$0.table, $0.metric] }).map({ ($0[0], $0[1]) }) {
      #expect(try !Trial.paper(table, metric).claims.isEmpty, "\(table) \(metric)")
    }
  }
}
