import Foundation
import Tables
import Testing

/// How often the tests find something, by simulation, against the same simulation with scipy's tests and generator
/// (200,000 repetitions; permutations 40,000). The table of harness.md section 7 has the same rates of fewer.
///
/// Hundreds of thousands of tests take a minute in a debug build, so they run when MNEME_SLOW_TESTS is 1.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["MNEME_SLOW_TESTS"] == "1",
    "simulations take a minute; MNEME_SLOW_TESTS=1 runs them"))
struct CalibrationTests {
  /// One draw of both sides.
  typealias Draw = @Sendable (inout SeededNumbers, _ count: Int) -> (a: [Double], b: [Double])

  private static func normal(_ difference: Double, ratio: Double = 1) -> Draw {
    { source, count in
      let a = (0..<count).map { _ in source.normal() }
      return (a, (0..<count).map { _ in difference + ratio * source.normal() })
    }
  }

  private static let logNormal: Draw = { source, count in
    let a = (0..<count).map { _ in exp(source.normal()) }
    return (a, (0..<count).map { _ in exp(source.normal()) })
  }

  /// A seed in five ends far below the others, on both sides alike.
  private static let collapsing: Draw = { source, count in
    let all = (0..<2 * count).map { _ in (source.uniform() < 0.2 ? -10 : 0) + source.normal() }
    return (Array(all[..<count]), Array(all[count...]))
  }

  private static func correlated(_ difference: Double) -> Draw {
    { source, count in
      var (a, b): ([Double], [Double]) = ([], [])
      for _ in 0..<count {
        let shared = 0.7.squareRoot() * source.normal()
        a.append(shared + 0.3.squareRoot() * source.normal())
        b.append(difference + shared + 0.3.squareRoot() * source.normal())
      }
      return (a, b)
    }
  }

  private func rates(_ draw: Draw, seeds count: Int, repetitions: Int) -> (
    welch: Double, paired: Double, permutation: Double
  ) {
    var source = SeededNumbers(seed: 42)
    var found = (welch: 0, paired: 0, permutation: 0)
    for _ in 0..<repetitions {
      let (a, b) = draw(&source, count)
      guard let one = Moments(of: a), let other = Moments(of: b) else { continue }
      if let test = TTest.welch(one, other), test.p() < 0.05 { found.welch += 1 }
      if let test = TTest.paired(a, b), test.p() < 0.05 { found.paired += 1 }
      if count < 6, let p = Permutation.p(a, b), p < 0.05 { found.permutation += 1 }
    }
    let number = Double(repetitions)
    return (Double(found.welch) / number, Double(found.paired) / number, Double(found.permutation) / number)
  }

  private func expectRates(
    _ name: String, _ draw: Draw, seeds: Int, welch: Double, paired: Double, permutation: Double? = nil
  ) {
    let found = rates(draw, seeds: seeds, repetitions: 20_000)
    print(
      "calibration: \(name), \(seeds) seeds: welch \(found.welch), paired \(found.paired)"
        + (seeds < 6 ? ", permutation \(found.permutation)" : ""))
    // Four standard deviations of our own rate, and a little for scipy's.
    func close(_ a: Double, _ b: Double) -> Bool {
      (a - b).magnitude < 0.001 + 4 * (b * (1 - b) / 20_000).squareRoot()
    }
    #expect(close(found.welch, welch), "\(name): Welch \(found.welch), \(welch) by scipy")
    #expect(close(found.paired, paired), "\(name): paired \(found.paired), \(paired) by scipy")
    if let permutation { #expect(close(found.permutation, permutation), "\(name): \(found.permutation)") }
  }

  @Test func `of equal sides few are called different`() {
    expectRates("normal", Self.normal(0), seeds: 3, welch: 0.0352, paired: 0.0502, permutation: 0)
    expectRates("normal", Self.normal(0), seeds: 5, welch: 0.0443, paired: 0.0506, permutation: 0.0478)
    expectRates("normal", Self.normal(0), seeds: 10, welch: 0.0486, paired: 0.0492)
    expectRates("spread 4", Self.normal(0, ratio: 4), seeds: 3, welch: 0.056, paired: 0.0502, permutation: 0)
    expectRates(
      "spread 4", Self.normal(0, ratio: 4), seeds: 5, welch: 0.0533, paired: 0.0496, permutation: 0.0769)
    expectRates("collapsing", Self.collapsing, seeds: 5, welch: 0.0168, paired: 0.0196, permutation: 0.0471)
    expectRates("log-normal", Self.logNormal, seeds: 5, welch: 0.0189, paired: 0.0249, permutation: 0.0468)
  }

  @Test func `of unlike sides as many are found as scipy finds`() {
    expectRates("1.5 apart", Self.normal(1.5), seeds: 5, welch: 0.5224, paired: 0.4412, permutation: 0.5336)
    expectRates(
      "1.5 apart, ρ 0.7", Self.correlated(1.5), seeds: 5, welch: 0.567, paired: 0.8905, permutation: 0.5632)
  }

  @Test func `among twenty-four equal cells a false finding is rare once corrected`() {
    var source = SeededNumbers(seed: 43)
    var found: [Correction: Int] = [:]
    let repetitions = 4000
    for _ in 0..<repetitions {
      let raw = (0..<24).compactMap { _ -> Double? in
        let (a, b) = Self.normal(0)(&source, 5)
        guard let one = Moments(of: a), let other = Moments(of: b) else { return nil }
        return TTest.welch(one, other)?.p()
      }
      for correction in Correction.allCases where correction.adjusted(raw).contains(where: { $0 < 0.05 }) {
        found[correction, default: 0] += 1
      }
    }
    let rates = found.mapValues { Double($0) / Double(repetitions) }
    print("calibration: 24 null cells, any found: \(rates.map { "\($0.rawValue) \($1)" }.sorted())")
    #expect(((rates[.none] ?? 0) - 0.66).magnitude < 0.03)
    #expect((rates[.holm] ?? 1) < 0.05)
    #expect((rates[.bh] ?? 1) < 0.05)
  }

  @Test func `what is called detectable is found four times in five`() {
    for (seeds, family) in [(3, 1.0), (5, 1), (5, 24)] {
      let power = Power(alpha: 0.05 / family)
      let difference = power.detectable(seeds: seeds)
      var source = SeededNumbers(seed: 44)
      var found = 0
      for _ in 0..<2000 {
        let (a, b) = Self.normal(difference)(&source, seeds)
        guard let one = Moments(of: a), let other = Moments(of: b) else { continue }
        if let test = TTest.pooled(one, other), test.p() < power.alpha { found += 1 }
      }
      print(
        "calibration: \(seeds) seeds, family of \(family): \(Double(found) / 2000) of \(difference) found")
      #expect((Double(found) / 2000 - 0.8).magnitude < 0.035)
    }
  }
}
