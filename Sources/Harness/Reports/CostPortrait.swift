import Archive
import Records

/// What a run took so far, as its attempts tell.
struct CostPortrait: Sendable {
  let attempts: [Attempt]
  /// By key, `cost.seconds`; of a finished run.
  let cost: [String: Double]
  /// Keys of what is at least so much.
  let lowerBounds: Set<String>

  var section: FactSection {
    FactSection(title: "cost", facts: known + (attempts.contains(where: \.hasLostEnd) ? [lost] : []))
  }

  /// What nobody knows any more.
  private var lost: Fact {
    let numbers = attempts.filter(\.hasLostEnd).map(\.number)
    let names = numbers.map { "attempt \($0)" }.joined(separator: ", ")
    return Fact(
      "unmeasured", "what \(names) took is not in this: the record of its end is damaged",
      .list(numbers.map(FactValue.integer)))
  }

  private var known: [Fact] {
    let ended = attempts.compactMap(\.end)
    guard !cost.isEmpty else {
      guard attempts.contains(where: { !$0.hasLostEnd }) else { return [] }
      let seconds = ended.reduce(0) { $0 + $1.seconds }
      let open = attempts.count { $0.end == nil && !$0.hasLostEnd }
      return [
        Fact(
          "seconds", label: "cost.seconds",
          "\(NumberText.seconds(seconds)) in \(counted(ended.count, "attempt")) that ended"
            + (open > 0
              ? "; \(counted(open, "other")) did not, and \(open == 1 ? "is" : "are") not counted" : ""),
          .real(seconds))
      ]
    }
    return cost.sorted { $0.key < $1.key }.map { key, value in
      let name = String(key.dropFirst("cost.".count))
      let words = CostPortrait.words(name, value)
      guard lowerBounds.contains(key) else { return Fact(name, label: key, words, .real(value)) }
      return Fact(
        name, label: key, "≥ \(words): an attempt left no intact record of what it took", .real(value))
    }
  }

  /// A number in the unit that its name ends with.
  private static func words(_ name: String, _ value: Double) -> String {
    if name.hasSuffix("seconds") || name.contains("seconds_") {
      return value < 0.1 ? "\(NumberText.fixed(value * 1000, digits: 2)) ms" : NumberText.seconds(value)
    }
    guard name.hasSuffix("bytes"), let bytes = Int(exactly: value.rounded()) else {
      return value == value.rounded() ? Int(value).grouped : NumberText.rough(value)
    }
    return bytes < 1_000_000
      ? "\(bytes.grouped) bytes" : "\(NumberText.rough(value * 1e-6)) MB = \(bytes.grouped) bytes"
  }
}
