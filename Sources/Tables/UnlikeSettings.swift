import Records

/// In which settings the runs behind two cells differ, beside those that the tables are about.
struct UnlikeSettings {
  /// All runs of both sides, by what they are called.
  let settings: [Digest: Settings]
  /// Keys that are rows, columns, or averaged over.
  let listed: Set<String>

  struct Difference: Hashable {
    let key: String
    let a: [String]
    let b: [String]
  }

  /// By key, in order; nothing where the runs of a side are not known.
  func differences(_ a: Cell, _ b: Cell) -> [Difference] {
    let (first, second) = (
      a.samples.compactMap { settings[$0.run] }, b.samples.compactMap { settings[$0.run] }
    )
    guard !first.isEmpty, !second.isEmpty else { return [] }
    let keys = Set((first + second).flatMap(\.keys)).subtracting(listed)
    return keys.sorted().compactMap { key in
      let (ofA, ofB) = (labels(of: key, in: first), labels(of: key, in: second))
      return ofA == ofB ? nil : Difference(key: key, a: ofA, b: ofB)
    }
  }

  private func labels(of key: String, in runs: [Settings]) -> [String] {
    Set(runs.map { label($0[key]) }).sorted(by: precedes)
  }

  /// Settings that decide what is measured, and not how well: other data, other arithmetic, another training budget.
  /// Numbers that differ in them are not comparable.
  static func decidesWhatIsMeasured(_ key: String) -> Bool {
    key.hasPrefix("task.")
      || ["numerics", "semantics.task", "training.epochs", "training.batch"].contains(key)
  }
}

extension UnlikeSettings.Difference {
  /// `task.examples (16 and 32)`
  var sentence: String {
    func shown(_ labels: [String]) -> String {
      labels.map { $0.isEmpty ? "absent" : $0 }.joined(separator: ", ")
    }
    return "\(key) (\(shown(a)) and \(shown(b)))"
  }
}
