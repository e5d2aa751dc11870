import Tables
import Testing

@Suite struct OrderCheckTests {
  private let published =
    "model.kind,test.accuracy,test.accuracy.unit,tier\na,30,%,paper\nb,20,%,paper\nc,10,%,paper\n"
  private let high = [0.50, 0.51, 0.52]
  private let middle = [0.40, 0.41, 0.42]
  private let low = [0.30, 0.31, 0.32]

  private func orders(_ a: [Double?], _ b: [Double?], _ c: [Double?]) throws -> [OrderCheck] {
    try Trial.verification([("a", a), ("b", b), ("c", c)], published: published).orders
  }

  @Test func `the same order is reproduced, the other one is not`() throws {
    let same = try orders(high, middle, low)
    #expect(same.map { [$0.first[0], $0.second[0]] } == [["a", "b"], ["a", "c"], ["b", "c"]])
    #expect(same.allSatisfy { $0.outcome.verdict == .reproduced })
    let reversed = try orders(low, middle, high)
    #expect(reversed.allSatisfy { $0.outcome == Outcome(.notReproduced, "the other way round") })
  }

  @Test func `what chance could do stays open`() throws {
    let found = try orders([0.40, 0.41, 0.43], [0.40, 0.42, 0.41], low)
    #expect(found.map(\.outcome.verdict) == [.inconclusive, .reproduced, .reproduced])
    #expect(found[0].outcome.reason == "not told from chance")
  }

  @Test func `p is corrected by Holm over the comparisons that could be tested`() throws {
    let found = try orders([0.40, 0.41, 0.43], [0.40, 0.42, 0.41], [0.41, 0.43, 0.45])
    let raw = found.compactMap { $0.test?.p() }
    #expect(found.map(\.p) == Correction.holm.adjusted(raw))
    #expect(zip(found, raw).contains { $0.p != $1 })
    let two = try orders([0.40, 0.41, 0.43], [0.40, 0.42, 0.41], [nil])
    #expect(two[0].p == two[0].test?.p())
    #expect(two[1].p == nil && two[1].outcome.reason == "c: not run yet")
  }

  @Test func `one run a side says nothing about chance`() throws {
    #expect(
      try orders([0.5], [0.4], [0.3]).allSatisfy {
        $0.outcome == Outcome(.inconclusive, "one run says nothing about chance") && $0.measured != nil
      })
  }

  @Test func `numbers that are equal within rounding state no order`() throws {
    let tied = published.replacing("b,20", with: "b,30")
    let found = try Trial.verification([("a", high), ("b", low), ("c", low)], published: tied)
    #expect(found.orders.count == 2)
    #expect(found.notes.contains { $0.hasPrefix("1 pair of published numbers is equal within rounding") })
  }

  @Test func `where a table declares pairs, runs of one seed are held against each other`() throws {
    let a: [Double?] = [0.50, 0.60, 0.71]
    let b: [Double?] = [0.49, 0.588, 0.70]
    let paired = try Trial.verification(
      [("a", a), ("b", b), ("c", low)], published: published, isPaired: true)
    let plain = try Trial.verification([("a", a), ("b", b), ("c", low)], published: published)
    #expect(paired.orders[0].test?.kind == .paired && plain.orders[0].test?.kind == .welch)
    #expect(paired.orders[0].outcome.verdict == .reproduced)
    #expect(plain.orders[0].outcome.verdict == .inconclusive)
    let fewer = try Trial.verification(
      [("a", a), ("b", Array(b.dropLast())), ("c", low)], published: published, isPaired: true)
    #expect(fewer.orders[0].test?.kind == .welch)
  }
}
