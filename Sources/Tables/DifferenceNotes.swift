import Records

extension TableDifference {
  /// What a reader must know before believing a difference.
  package var notes: [String] {
    (tierNote.map { [$0 + "."] } ?? []) + notesBelow
  }

  /// What is said before all else; nil where both sides are of one tier.
  var tierNote: String? {
    guard mixesTiers else { return nil }
    return "Incomparable as repetitions: A is \(a.tier.map { "tier \($0)" } ?? "of no tier"), "
      + "B is \(b.tier.map { "tier \($0)" } ?? "of no tier")"
  }

  /// What stands below the cells.
  var notesBelow: [String] {
    var notes = unlikeSettings + ownKeys
    let summaries = pairs.flatMap { [$0.a.summary, $0.b.summary] }.compactMap(\.self)
    if summaries.contains(where: { $0.deviation != nil }) {
      notes.append("mean ± sample standard deviation of n runs.")
    }
    return notes + reckoning + doubts
  }

  private var ownKeys: [String] {
    [(a, b, "A"), (b, a, "B")].compactMap { list, other, name in
      let own = list.keys.filter { !other.keys.contains($0) }
      if own.isEmpty { return nil }
      let labels = own.map { "\($0) (\(list.labels(of: $0).joined(separator: ", ")))" }
      return "Only \(name) tells: \(labels.joined(separator: "; "))."
    }
  }

  /// Each difference once, with the number of cells it is in.
  private var unlikeSettings: [String] {
    let all = pairs.flatMap(\.unlike)
    func told(_ isDeciding: Bool) -> String? {
      var seen: [UnlikeSettings.Difference] = []
      for difference in all
      where UnlikeSettings.decidesWhatIsMeasured(difference.key) == isDeciding && !seen.contains(difference) {
        seen.append(difference)
      }
      // Many cells may differ each in its own way; a few show which key it is.
      let shown = seen.prefix(6).map(\.sentence) + (seen.count > 6 ? ["\(seen.count - 6) more"] : [])
      return seen.isEmpty ? nil : shown.joined(separator: "; ")
    }
    return [
      told(true).map { "Incomparable: A and B were measured or trained otherwise: \($0)." },
      told(false).map { "A and B also differ in what the table does not name: \($0)." },
    ].compactMap(\.self)
  }

  /// How the verdicts came about.
  private var reckoning: [String] {
    let judged = pairs.map(\.judgement).filter { $0.p != nil }
    guard !judged.isEmpty else { return [] }
    var notes: [String] = []
    let names = Set(judged.compactMap(\.method)).sorted().map { method in
      switch method {
      case "welch": "Welch's t-test"
      case "paired": "paired t-test of runs of one seed"
      case "permutation": "exact permutation test"
      default: "prediction interval (one number against the runs of the other side)"
      }
    }
    let family = judged.count == 1 ? "1 cell" : "\(judged.count) cells"
    let correction =
      switch rules.correction {
      case .none: "not corrected for \(family)"
      case .holm: "adjusted for \(family) (Holm)"
      case .bh: "adjusted for \(family) (Benjamini-Hochberg)"
      }
    notes.append(
      "p: \(names.joined(separator: "; ")), \(correction); α = \(rules.alpha). CI: of each cell alone.")
    if let margin = rules.margin {
      notes.append(
        "same: within ±\(margin.described(a.unit)), by two one-sided tests (TOST) with the same correction.")
    }
    if judged.contains(where: { $0.detectable != nil }) {
      let target =
        rules.margin == nil ? "a difference like the one seen" : "the margin, else the difference seen"
      let advice = judged.contains { $0.moreSeeds != nil } ? " add: more seeds a side to see \(target)." : ""
      notes.append(
        "sees: the smallest difference that these runs show four times in five (noncentral t"
          + (judged.contains { $0.test?.kind == .welch } ? ", approximate for Welch's test" : "")
          + ").\(advice)")
    }
    return notes
  }

  /// What may be wrong with the numbers themselves.
  private var doubts: [String] {
    var notes: [String] = []
    let still = pairs.count { $0.a.summary?.isIdentical ?? false || $0.b.summary?.isIdentical ?? false }
    if rules.test != .exact, still > 0 {
      notes.append(
        "±0 in \(still == 1 ? "1 cell" : "\(still) cells"): every run gave the same number, so nothing tells how far "
          + "chance would move it.")
    }
    if let threshold = rules.converged, pairs.contains(where: { hasCollapsed($0.a) || hasCollapsed($0.b) }) {
      let direction = rules.better == .lower ? "at most" : "at least"
      notes.append(
        "k/n converged: k of n runs reached \(direction) \(shown(threshold)); means of such cells mix two kinds of runs"
          + (rules.test == .permutation ? "." : ", `--test permutation` asks less of them."))
    }
    if rules.test != .exact, count(of: .differs) > 0 {
      notes.append(
        "≠ differs: the same runs gave other numbers; `mneme fsck --deep` and `mneme rerun --check` find out why."
      )
    }
    return notes
  }

  private func hasCollapsed(_ cell: Cell) -> Bool {
    rules.converged(of: cell).map { $0 < cell.samples.count } ?? false
  }

  private func shown(_ value: Double) -> String {
    let decimal = DecimalText(value, scaledByTenTo: a.unit.power)
    return "\(decimal.fixed(decimals: decimal.places)) \(a.unit.shown)"
  }
}

extension ComparisonRules {
  /// How many runs of a cell converged; nil without a threshold, or where single runs are not known.
  func converged(of cell: Cell) -> Int? {
    guard converged != nil, !cell.samples.isEmpty else { return nil }
    return cell.samples.count { isConverged($0.value) ?? false }
  }
}

extension Margin {
  /// For a sentence: `0.5% of A`, `0.2 percentage points`.
  fileprivate func described(_ unit: Unit) -> String {
    switch self {
    case .percent: "\(self) of A"
    case .absolute: unit.shownDifference(String(description.dropLast(" abs".count)))
    }
  }
}
