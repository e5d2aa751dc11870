import Tensors

/// Stage 1: who is called to mind (§3.2).
extension PaperRow {
  /// Whom to compare with working memory first: all of short-term memory.
  mutating func offerShortTerm() -> ChosenRows {
    candidates = living.slots(in: shortTermStart..<workingStart)
    return ChosenRows(vectors, candidates)
  }

  /// By how near they are, reminds of short-term engrams.
  mutating func remindShortTerm(by scores: ArraySlice<Float>, effort: inout Effort) {
    reminded = best(configuration.remindedShortTerm, of: scores, metNaN: &metNaN).map { candidates[$0] }
    remindedShortTerm = reminded.count
    effort.shortTermDistances += candidates.count * working.count
  }

  /// Whom to compare next: the long-term engrams that a search from the reminded meets.
  mutating func offerLongTerm(
    _ occasion: Occasion, row: Int, planes: inout [UInt64], effort: inout Effort
  ) -> ChosenRows {
    candidates = search(from: reminded, occasion, row: row, planes: &planes, effort: &effort)
    found = candidates.count
    return ChosenRows(vectors, candidates)
  }

  /// By how near they are, reminds of long-term engrams too.
  mutating func remindLongTerm(by scores: ArraySlice<Float>, effort: inout Effort) {
    reminded += best(configuration.remindedLongTerm, of: scores, metNaN: &metNaN).map { candidates[$0] }
    effort.longTermDistances += found * working.count
    candidates = []
  }

  /// Everybody in working memory and everybody reminded fire together:
  ///
  ///     Count_ij := Count_ij + 1  for all i, j ∈ M^act = M_wm ∪ M^rem   (§3.4, step 1)
  mutating func fire() {
    for slot in working { association.fire(slot) }
    for slot in reminded { association.fire(slot) }
  }

  /// Long-term engrams met on walks along the strongest edges, ascending.
  ///
  ///     M⁰: from each reminded short-term engram, argmax_j E_{i→j} over long-term memory
  ///     Mᵏ: from each of Mᵏ⁻¹, argmax_j E_{i→j} over those that nobody has met yet
  ///
  /// E_{i→j} = Count_ij / Count_ii has the same divisor along i, so counts decide. All chains hop together, and who
  /// is met is only marked after the hop: the order of chains is of no consequence, and chains that meet are one.
  private func search(
    from sources: [Int], _ occasion: Occasion, row: Int, planes: inout [UInt64], effort: inout Effort
  ) -> [Int] {
    guard level == .longTerm && longTermCount > 0 else { return [] }
    var unmet = living.below(shortTermStart)
    var chains = SlotSet()
    for source in sources {
      effort.startEdges += longTermCount
      guard let equals = association.strongest(from: source, among: unmet, planes: &planes) else { continue }
      let tied = equals.slots
      let chosen = tied.count == 1 ? 0 : occasion.choice(tied.count, row: row, engram: identifiers[source])
      chains.insert(tied[chosen])
    }
    var current = chains.slots
    var met = current
    for _ in 0..<configuration.searchDepth {
      for slot in current { unmet.remove(slot) }
      var next = SlotSet()
      for slot in current {
        effort.walkEdges += longTermCount
        if let oldest = association.strongest(from: slot, among: unmet, planes: &planes)?.first {
          next.insert(oldest)
        }
      }
      current = next.slots
      if current.isEmpty { break }
      met += current
    }
    return met.sorted()
  }
}
