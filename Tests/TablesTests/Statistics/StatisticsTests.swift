import Tables
import Testing

/// What must hold of every test whatever its numbers are, and what the tests refuse to say.
@Suite struct StatisticsTests {
  /// Numbers that no binary fraction is equal to, of both signs.
  private static func numbers(_ seed: UInt64, _ count: Int, around mean: Double = 0) -> [Double] {
    var source = SeededNumbers(seed: seed)
    return (0..<count).map { _ in mean + source.normal() }
  }

  private func tests(_ a: [Double], _ b: [Double]) throws -> [TTest] {
    let one = try #require(Moments(of: a))
    let other = try #require(Moments(of: b))
    return [TTest.welch(one, other), TTest.pooled(one, other), TTest.paired(a, b)].compactMap(\.self)
  }

  @Test(arguments: 1...20)
  func `swapping the sides turns the sign and nothing else, to the bit`(seed: UInt64) throws {
    let (a, b) = (Self.numbers(seed, 5), Self.numbers(seed + 100, 5, around: 0.7))
    for (forth, back) in zip(try tests(a, b), try tests(b, a)) {
      #expect(forth.difference == -back.difference)
      #expect(forth.p() == back.p())
      #expect(forth.p(.upper) == back.p(.lower))
      #expect(forth.equivalence(margin: 1) == back.equivalence(margin: 1))
      let (one, other) = (forth.interval(confidence: 0.95), back.interval(confidence: 0.95))
      #expect(one.lowerBound == -other.upperBound)
    }
    #expect(Permutation.p(a, b) == Permutation.p(b, a))
  }

  @Test(arguments: 1...20)
  func `the order of the seeds changes no bit`(seed: UInt64) throws {
    let (a, b) = (Self.numbers(seed, 6), Self.numbers(seed + 100, 6, around: 0.7))
    let order = [3, 0, 5, 1, 4, 2]
    let (otherA, otherB) = (order.map { a[$0] }, order.map { b[$0] })
    #expect(try tests(a, b) == tests(otherA, otherB))
    #expect(Permutation.p(a, b) == Permutation.p(otherA, otherB.reversed()))
    let differences = zip(a, b).map { $1 - $0 }
    #expect(Permutation.paired(differences) == Permutation.paired(order.map { differences[$0] }))
  }

  @Test(arguments: 1...20)
  func `neither a shift nor another unit changes what is concluded`(seed: UInt64) throws {
    let (a, b) = (Self.numbers(seed, 5), Self.numbers(seed + 100, 5, around: 0.7))
    // Powers of two move no bit of a mantissa, so that p must be the same Double.
    for (plain, scaled) in zip(try tests(a, b), try tests(a.map { $0 * 1024 }, b.map { $0 * 1024 })) {
      #expect(plain.p() == scaled.p())
      #expect(plain.difference * 1024 == scaled.difference)
    }
    for (plain, shifted) in zip(try tests(a, b), try tests(a.map { $0 + 3 }, b.map { $0 + 3 })) {
      #expect((plain.p() - shifted.p()).magnitude < 1e-12)
    }
    #expect(Permutation.p(a, b) == Permutation.p(a.map { $0 + 3 }, b.map { $0 + 3 }))
  }

  @Test(arguments: [0.001, 0.05, 0.2])
  func `p, interval and equivalence agree about where zero and the margin lie`(alpha: Double) throws {
    for seed in UInt64(1)...30 {
      let (a, b) = (Self.numbers(seed, 5), Self.numbers(seed + 100, 4, around: 1.5))
      let one = try #require(Moments(of: a))
      let other = try #require(Moments(of: b))
      let test = try #require(TTest.welch(one, other))
      let interval = test.interval(confidence: 1 - alpha)
      #expect((test.p() < alpha) == !interval.contains(0))
      let narrow = test.interval(confidence: 1 - 2 * alpha)
      for margin in [0.5, 2, 8] {
        let isInside = narrow.lowerBound > -margin && narrow.upperBound < margin
        #expect((test.equivalence(margin: margin) < alpha) == isInside)
      }
    }
  }

  @Test func `where nothing varies no test is made`() throws {
    let still = try #require(Moments(of: [0.5, 0.5, 0.5]))
    let other = try #require(Moments(of: [0.6, 0.6, 0.6]))
    #expect(TTest.welch(still, other) == nil)
    #expect(TTest.pooled(still, other) == nil)
    #expect(TTest.paired([1, 2, 3], [2, 3, 4]) == nil)
    #expect(TTest.prediction(0.7, from: still) == nil)
    let moving = try #require(Moments(of: [0.5, 0.6, 0.7]))
    #expect(TTest.welch(still, moving)?.degrees == 2)
  }

  @Test func `one run is no sample`() {
    #expect(Moments(of: [1]) == nil)
    #expect(Moments(Summary(mean: 1, median: nil, deviation: nil, count: 5)) == nil)
    #expect(Moments(Summary(mean: 1, median: nil, deviation: 0.1, count: nil)) == nil)
    #expect(TTest.paired([1], [2]) == nil)
  }

  @Test func `Holm steps down and never lets an adjusted p fall`() {
    // By hand: 0.01·4, then 0.02·3, then 0.03·2 raised to what came before, then 0.9.
    #expect(Correction.holm.adjusted([0.03, 0.01, 0.9, 0.02]) == [0.06, 0.04, 0.9, 0.06])
    #expect(Correction.holm.adjusted([0.5, 0.6]) == [1, 1])
    #expect(Correction.none.adjusted([0.03, 0.01]) == [0.03, 0.01])
    #expect(Correction.bh.adjusted([]).isEmpty)
    for seed in UInt64(1)...50 {
      var source = SeededNumbers(seed: seed)
      let raw = (0..<9).map { _ in source.uniform() }
      for correction in Correction.allCases {
        let adjusted = correction.adjusted(raw)
        let order = raw.indices.sorted { raw[$0] < raw[$1] }.map { adjusted[$0] }
        #expect(order == order.sorted())
        #expect(zip(raw, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
        #expect(correction.adjusted(raw.reversed()) == adjusted.reversed())
      }
    }
  }

  @Test func `Holm finds exactly those below the level of their step`() {
    var source = SeededNumbers(seed: 7)
    for _ in 0..<200 {
      let raw = (0..<6).map { _ in source.uniform() * 0.1 }
      var found = 0
      for p in raw.sorted() {
        guard p < Correction.holm.level(0.05, found: found, of: 6) else { break }
        found += 1
      }
      #expect(Correction.holm.adjusted(raw).count { $0 < 0.05 } == found)
    }
  }

  @Test func `permutations of few runs cannot reach a small p`() throws {
    #expect(Permutation.p([1, 2, 3], [7, 8, 9]) == 0.1)
    #expect(Permutation.p([1, 2, 3, 4], [7, 8, 9, 10]) == 2.0 / 70)
    #expect(Permutation.paired([1, 2, 3, 4, 5]) == 2.0 / 32)
    #expect(Permutation.p([1, 1, 1], [1, 1, 1]) == 1)
    #expect(Permutation.p([], [1]) == nil)
    #expect(Permutation.p(Array(repeating: 0.1, count: 11), Array(repeating: 0.2, count: 11)) == nil)
  }

  /// harness.md section 7, measured there by simulation to the digits given.
  @Test(arguments: [
    (3, 1, 3.1), (5, 1, 2.0), (5, 6, 2.8), (5, 24, 3.5), (10, 1, 1.3), (18, 1, 0.96),
  ])
  func `the smallest differences that seeds show are those of the table`(
    seeds: Int, family: Double, expected: Double
  ) {
    let power = Power(alpha: 0.05 / family)
    #expect((power.detectable(seeds: seeds) - expected).magnitude < 0.06)
  }

  @Test func `pairs that go together show smaller differences`() {
    #expect((Power(alpha: 0.05).detectable(seeds: 5, correlation: 0.7) - 1.3).magnitude < 0.06)
  }

  @Test func `the number of seeds is the first that is enough`() throws {
    let power = Power(alpha: 0.05)
    for difference in [0.6, 1, 2, 5] {
      let seeds = try #require(
        power.seeds(toFind: difference, deviationOfA: 1, deviationOfB: 1, most: 1000))
      #expect(power.detectable(seeds: seeds) <= difference)
      #expect(seeds == 2 || power.detectable(seeds: seeds - 1) > difference)
    }
    #expect(power.seeds(toFind: 1, deviationOfA: 1, deviationOfB: 1, most: 1000) == 17)
    #expect(power.seeds(toFind: 0, deviationOfA: 1, deviationOfB: 1, most: 1000) == nil)
    #expect(power.seeds(toFind: 1, deviationOfA: 0, deviationOfB: 0, most: 1000) == nil)
    #expect(power.pairs(toFind: 1, deviation: 1, most: 1000) == 10)
  }

  @Test func `with no difference, what is found is what alpha allows`() {
    for degrees in [1.0, 4, 8, 57.3] {
      #expect((Power(alpha: 0.05).power(noncentrality: 0, degrees: degrees) - 0.05).magnitude < 1e-12)
    }
    #expect(Power(alpha: 0.05).power(noncentrality: 1e6, degrees: 8) == 1)
  }
}
