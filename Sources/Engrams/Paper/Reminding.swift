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
  mutating func offerLongTerm(_ occasion: Occasion, row: Int, effort: inout Effort) -> ChosenRows {
    candidates = search(from: reminded, occasion, row: row, effort: &effort)
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
  private func search(from sources: [Int], _ occasion: Occasion, row: Int, effort: inout Effort) -> [Int] {
    guard level == .longTerm && longTermCount > 0 && !sources.isEmpty else { return [] }
    var unmet = living.below(shortTermStart)
    var (chains, met) = (SlotSet(words: unmet.words.count), SlotSet(words: unmet.words.count))
    var strongest = SlotSets()
    association.strongest(from: sources, among: unmet, into: &strongest)
    effort.startEdges += sources.count * longTermCount
    for (place, source) in sources.enumerated() {
      let tied = strongest.count(of: place)
      let chosen = tied > 1 ? occasion.choice(tied, row: row, engram: identifiers[source]) : 0
      if let start = strongest.slot(chosen, of: place) { chains.insert(start) }
    }
    var current: [Int] = []
    chains.move(to: &current)
    for slot in current { met.insert(slot) }
    for _ in 0..<configuration.searchDepth where !current.isEmpty {
      for slot in current { unmet.remove(slot) }
      association.strongest(from: current, among: unmet, into: &strongest)
      effort.walkEdges += current.count * longTermCount
      for place in current.indices {
        if let oldest = strongest.slot(0, of: place) { chains.insert(oldest) }
      }
      chains.move(to: &current)
      for slot in current { met.insert(slot) }
    }
    return met.slots
  }
}
