package import Records

/// Why no table of any runs can be made.
package enum AnyRunsError: Error, CustomStringConvertible {
  case nothingGiven(option: String, expected: String)
  case unknownKey(option: String, String, nearest: String?)
  case noAxis(option: String, String)
  case noNumber(String)
  case severalTiers([(tier: String, count: Int)])
  case severalMeanings(key: String, owner: String, [(value: String, count: Int)])
  case unlike(place: String, differences: [String], values: [[String]], a: Digest, b: Digest)

  package var description: String {
    switch self {
    case .nothingGiven(let option, let expected):
      "\(option) is missing; expected \(expected)."
    case .unknownKey(let option, let name, let near):
      "\(option) names \(shortened(name)), a key that no run has"
        + (near.map { "; did you mean \($0)?" } ?? "; `mneme show RUN` lists keys.")
    case .noAxis(let option, let name):
      "\(option) names \(name), which is no setting; expected a key such as model.kind or task.segments, or "
        + "\(name) in --where or --cell."
    case .noNumber(let name):
      "--cell names \(name), which is no metric or cost; expected one such as test.accuracy, or \(name) in --rows."
    case .severalTiers(let tiers):
      "these runs are of tier \(listed(tiers.map { ("\($0.tier)", $0.count) })), and one table holds one tier; add "
        + "tier=\(tiers.first?.tier ?? "quick") to --where."
    case .severalMeanings(let key, let owner, let values):
      "these runs\(owner.isEmpty ? "" : " of \(owner)") have \(key) \(listed(values.map { ($0.value, $0.count) })): "
        + "other computations under the same names; add \(key)=\(values.last?.value ?? "") to --where, or make it a row "
        + "or a column."
    case .unlike(let place, let keys, let values, let a, let b):
      "cell \(place): runs \(a.short) and \(b.short) differ in "
        + zip(keys, values).map {
          "\($0) (\($1.map { $0.isEmpty ? "absent" : $0 }.joined(separator: " and ")))"
        }
        .joined(separator: ", ")
        + ", and an average over them would say nothing; " + advice(keys, values)
    }
  }

  private func listed(_ values: [(String, Int)]) -> String {
    values.map { "\($0) (\(counted($1, "run")))" }.joined(separator: " and ")
  }

  private func advice(_ keys: [String], _ values: [[String]]) -> String {
    // One key that is named settles what follows from it.
    let key = keys.contains(RunSchema.seed) && keys.count == 1 ? RunSchema.seed : keys[0]
    let known = zip(keys, values).first { $0.0 == key }?.1.first { !$0.isEmpty } ?? ""
    return (key == RunSchema.seed ? "average with --over seed, " : "name \(key) in --rows or --columns, ")
      + "or add \(key)=\(known) to --where."
  }
}
