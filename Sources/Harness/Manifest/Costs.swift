package import Records

/// What finished runs took, to tell what others will take.
///
/// Two runs are alike when they differ in nothing but the seed: equal work, other numbers. Nothing is guessed from
/// runs that are not alike; their cost is unmeasured.
package struct Costs: Sendable {
  private var seconds: [Settings: [Double]] = [:]

  /// Nothing was measured.
  package init() {}

  /// Takes note of what a run took, or of what `plan --measure` found that it would.
  package mutating func add(_ settings: Settings, seconds: Double) {
    self.seconds[Costs.work(of: settings), default: []].append(seconds)
  }

  /// Takes over what `other` knows of runs of which nothing is known here.
  package mutating func fill(from other: Costs) { seconds.merge(other.seconds) { own, _ in own } }

  /// The mean of what alike runs took; nil when there is none.
  package func seconds(of run: Specification) -> Double? {
    guard let alike = seconds[Costs.work(of: run.storedSettings)], !alike.isEmpty else { return nil }
    // Sorted, so that the mean does not depend on the order of reading.
    return alike.sorted().reduce(0, +) / Double(alike.count)
  }

  /// What the amount of work depends on.
  static func work(of settings: Settings) -> Settings {
    var work = settings
    work["seed"] = nil
    return work
  }
}
