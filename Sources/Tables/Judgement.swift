import Records

/// What can be said of two cells before it is known how many others are asked about.
struct Evidence: Sendable, Equatable {
  /// The t-test that was made; nil where there was none to make.
  var test: TTest?
  /// The one that the declaration did not ask for, for whoever wants both.
  var other: TTest?
  /// The p that counts, of `test` unless permutations were asked for.
  var p: Double?
  var isPermuted = false
  /// The margin, in the stored unit.
  var margin: Double?
  /// Why no test was made, or not the one asked for.
  var reason: String?
  /// The fewer runs of the two sides.
  var runs = 0
  var deviations: (a: Double, b: Double)?

  static func == (a: Evidence, b: Evidence) -> Bool {
    a.test == b.test && a.other == b.other && a.p == b.p && a.isPermuted == b.isPermuted
      && a.margin == b.margin && a.reason == b.reason && a.runs == b.runs
  }

  /// The p that the difference lies within the margin; 1 is "nothing speaks for it".
  var equivalence: Double? {
    guard let margin, margin > 0 else { return nil }
    return test?.equivalence(margin: margin)
  }

  init(_ a: Cell, _ b: Cell, rules: ComparisonRules, unit: Unit) {
    guard let first = a.summary, let second = b.summary, rules.test != .exact else { return }
    margin = rules.margin.map { $0.size(of: first.mean, unit: unit) }
    if a.isLowerBound || b.isLowerBound {
      reason = "a number is only the least it can be"
      return
    }
    let (one, other) = (Moments(first), Moments(second))
    runs = min(one?.count ?? 1, other?.count ?? 1)
    switch (one, other) {
    case (let one?, let other?): compare(one, other, a.samples, b.samples, rules)
    case (let one?, nil) where one.count > 2 && rules.test != .permutation:
      test = TTest.prediction(second.mean, from: one)
    case (nil, let other?) where other.count > 2 && rules.test != .permutation:
      test = TTest.prediction(first.mean, from: other)?.turned
    default: reason = "n=1"
    }
    if p == nil, !isPermuted { p = test?.p() }
    if test == nil, reason == nil { reason = "no spread" }
  }

  private mutating func compare(
    _ one: Moments, _ other: Moments, _ a: [Sample], _ b: [Sample], _ rules: ComparisonRules
  ) {
    deviations = (one.deviation, other.deviation)
    let welch = TTest.welch(one, other)
    let pairs = matched(a, b)
    let paired = pairs.flatMap { TTest.paired($0.map(\.a), $0.map(\.b)) }
    switch rules.test {
    case .paired:
      guard pairs != nil else {
        (test, reason) = (welch, "seeds do not match")
        return
      }
      (test, self.other) = (paired, welch)
    case .permutation:
      isPermuted = true
      // With three a side the smallest p there is is 0.1.
      guard min(a.count, b.count) >= Permutation.leastRuns else {
        reason = a.isEmpty || b.isEmpty ? "runs are not told apart" : "permutations need 4 runs a side"
        return
      }
      // Where every seed gives the same number, that there are several of them means nothing.
      guard let welch else { return }
      test = welch
      p = Permutation.p(a.map(\.value), b.map(\.value))
      if p == nil { reason = "too many runs" }
    case .welch, .exact: (test, self.other) = (welch, paired)
    }
  }
}

extension TTest {
  /// The same test with the sides swapped.
  fileprivate var turned: TTest? {
    TTest(kind, difference: -difference, squaredError: standardError * standardError, degrees: degrees)
  }
}

/// The runs of both sides by seed; nil unless both sides have the same seeds, each once.
private func matched(_ a: [Sample], _ b: [Sample]) -> [(a: Double, b: Double)]? {
  guard !a.isEmpty, a.count == b.count, Set(a.map(\.over)).count == a.count else { return nil }
  let values = Dictionary(b.map { ($0.over, $0.value) }) { first, _ in first }
  guard values.count == b.count else { return nil }
  let pairs = a.compactMap { sample in values[sample.over].map { (sample.value, $0) } }
  return pairs.count == a.count ? pairs : nil
}

/// What is concluded of two cells, as one of a family.
package struct Judgement: Sendable, Equatable {
  package internal(set) var verdict: TableDifference.Verdict
  /// `n=1`; why nothing could be concluded, or not in the way asked for.
  package internal(set) var reason: String?
  package internal(set) var test: TTest?
  package internal(set) var other: TTest?
  package internal(set) var isPermuted = false
  package internal(set) var p: Double?
  /// Of the family.
  package internal(set) var adjusted: Double?
  /// What the difference may be, for this cell alone.
  package internal(set) var interval: ClosedRange<Double>?
  package internal(set) var margin: Double?
  /// The adjusted p of the two one-sided tests.
  package internal(set) var equivalence: Double?
  /// For an unclear cell: the smallest difference that these runs find four times in five.
  package internal(set) var detectable: Double?
  /// For an unclear cell: how many more seeds a side would find the margin, else the difference seen.
  package internal(set) var moreSeeds: Int?

  init(_ verdict: TableDifference.Verdict) { self.verdict = verdict }
}
