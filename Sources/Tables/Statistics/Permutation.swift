/// Exact permutation tests: every way in which chance could have dealt the numbers out is tried.
///
/// They ask nothing about how runs are spread, so collapsed seeds do not blunt them; with fewer than four runs a side
/// no result can reach 0.05.
package enum Permutation {
  /// Runs that a side needs, for a p below 0.05 to be possible.
  package static let leastRuns = 4

  /// More ways than these are not tried: 10 against 10 runs has 184,756.
  package static let mostWays = 200_000

  /// The two-sided p of a difference of means; nil where there are too many ways, or no run on a side.
  package static func p(_ a: [Double], _ b: [Double]) -> Double? {
    let all = (a + b).sorted()
    guard !a.isEmpty, !b.isEmpty, ways(all.count, choose: a.count).map({ $0 <= mostWays }) ?? false else {
      return nil
    }
    // The mean of all is the same in every way, so the sum of one side decides. It is taken from the middle.
    let centre = Summary(of: all)?.mean ?? 0
    let centred = all.map { $0 - centre }
    let scale = centred.reduce(0) { $0 + $1.magnitude }
    let found = a.sorted().reduce(0) { $0 + ($1 - centre) }.magnitude
    // Sums of the same numbers in another order are equal, whatever rounding made of them.
    let enough = found - scale * 1e-12
    var (count, extreme) = (0, 0)
    func deal(_ chosen: Int, from start: Int, sum: Double) {
      if chosen == a.count {
        count += 1
        if sum.magnitude >= enough { extreme += 1 }
        return
      }
      for place in start...(centred.count - (a.count - chosen)) {
        deal(chosen + 1, from: place + 1, sum: sum + centred[place])
      }
    }
    deal(0, from: 0, sum: 0)
    return Double(extreme) / Double(count)
  }

  /// The two-sided p of differences of pairs, whose signs chance could have turned; nil for none or too many.
  package static func paired(_ differences: [Double]) -> Double? {
    guard !differences.isEmpty, differences.count < 18 else { return nil }
    let sizes = differences.map(\.magnitude).sorted()
    let enough = differences.sorted().reduce(0, +).magnitude - sizes.reduce(0, +) * 1e-12
    let ways = 1 << sizes.count
    let extreme = (0..<ways).count { signs in
      sizes.indices.reduce(0.0) { $0 + (signs >> $1 & 1 == 0 ? sizes[$1] : -sizes[$1]) }.magnitude >= enough
    }
    return Double(extreme) / Double(ways)
  }

  /// n! / (k! (n − k)!), nil where it is beyond what could be tried.
  private static func ways(_ n: Int, choose k: Int) -> Int? {
    var ways = 1
    for step in 0..<min(k, n - k) {
      ways = ways * (n - step) / (step + 1)
      if ways > mostWays { return nil }
    }
    return ways
  }
}
