/// A weighted sum of cells that a claim says is positive, zero, or some printed number.
///
/// “Memoria loses least from 4 to 32 segments” is, for every other model, (its cell of 4 − its cell of 32) − (Memoria's
/// of 4 − Memoria's of 32) > 0.
struct Contrast: Sendable, Equatable {
  struct Term: Sendable, Equatable {
    let weight: Double
    /// In the order of the claim's keys.
    let place: [String]
  }

  /// What sets it apart from the other contrasts of the claim: `task.segments=4, model.kind=infinity-former`.
  let name: String
  let terms: [Term]

  /// What the published numbers make of it; nil where one is missing.
  func published(_ cells: [[String]: Cell]) -> Rounded? {
    var sum = Rounded(value: 0, half: 0)
    for term in terms {
      guard let number = cells[term.place].flatMap({ Rounded($0) }) else { return nil }
      sum = sum + term.weight * number
    }
    return sum
  }

  /// The same sum of measured means; nil where one is missing.
  func measured(_ cells: [[String]: Cell]) -> Double? {
    var sum = 0.0
    for term in terms {
      guard let cell = cells[term.place], cell.shortcoming == nil, let summary = cell.summary else {
        return nil
      }
      sum += term.weight * summary.mean
    }
    return sum
  }

  /// Whether the sum is zero but for chance: Welch's test of any number of groups, with Satterthwaite's degrees of
  /// freedom. Nil where a group has fewer than two runs, or none varies.
  func test(_ cells: [[String]: Cell]) -> TTest? {
    guard let sum = measured(cells) else { return nil }
    var errors: [(square: Double, degrees: Double)] = []
    for term in terms {
      guard let summary = cells[term.place]?.summary, let moments = Moments(summary) else { return nil }
      errors.append((term.weight * term.weight * moments.squaredError, moments.degrees))
    }
    let total = errors.reduce(0) { $0 + $1.square }
    guard total > 0 else { return nil }
    let degrees = 1 / errors.reduce(0) { $0 + ($1.square / total) * ($1.square / total) / $1.degrees }
    return TTest(.welch, difference: sum, squaredError: total, degrees: degrees)
  }
}
