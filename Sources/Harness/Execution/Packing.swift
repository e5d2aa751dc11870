/// What one run takes while it goes.
package struct Need: Sendable, Equatable {
  /// By name.
  package var slots: [String: Int]
  /// Bytes; nil where nobody knows, which counts as nothing.
  package var memory: Int?

  package init(slots: [String: Int] = [:], memory: Int? = nil) { (self.slots, self.memory) = (slots, memory) }
}

/// What one invocation has for its runs.
package struct Offer: Sendable, Equatable {
  /// Runs at a time.
  package var jobs: Int
  /// How many there are of each named thing.
  package var slots: [String: Int]
  /// Bytes; nil for no limit.
  package var memory: Int?

  package init(jobs: Int, slots: [String: Int] = [:], memory: Int? = nil) {
    (self.jobs, self.slots, self.memory) = (jobs, slots, memory)
  }
}

/// Which of the runs that wait begins next: the first in the order of the table that fits beside those that go.
///
/// So the rows of a table come to their end from the top. A run that does not fit is passed by smaller ones, but
/// `patience` times at most: then nothing more begins until there is room for it.
package struct Packing: Sendable {
  /// How often a run that waits for room is passed by others.
  package static let patience = 8

  package let offer: Offer

  package init(_ offer: Offer) { self.offer = offer }

  /// Whether a run fits beside others.
  ///
  /// One whose memory was found to be more than there is, after it had been started as one that fits, goes alone.
  package func fits(_ need: Need, beside others: [Need]) -> Bool {
    guard others.count < offer.jobs else { return false }
    for (name, count) in need.slots {
      let taken = others.reduce(0) { $0 + ($1.slots[name] ?? 0) }
      guard count + taken <= offer.slots[name] ?? 0 else { return false }
    }
    guard let limit = offer.memory, let memory = need.memory, !others.isEmpty else { return true }
    return memory + others.reduce(0) { $0 + ($1.memory ?? 0) } <= limit
  }

  /// A run that waits, as packing sees it.
  package struct Candidate: Sendable {
    package let need: Need
    /// Whether its pause is over.
    package let isDue: Bool
    /// How often another run began while there was no room for this one.
    package let passed: Int

    package init(_ need: Need, isDue: Bool = true, passed: Int = 0) {
      (self.need, self.isDue, self.passed) = (need, isDue, passed)
    }
  }

  /// The place of the run that begins next, and the places of those that it passes by; nil where none does.
  package func next(
    among count: Int, beside others: [Need], _ candidate: (Int) -> Candidate
  ) -> (place: Int, passes: [Int])? {
    guard others.count < offer.jobs else { return nil }
    var passes: [Int] = []
    for place in 0..<count {
      let waiting = candidate(place)
      guard waiting.isDue else { continue }
      if fits(waiting.need, beside: others) { return (place, passes) }
      if waiting.passed >= Packing.patience { return nil }
      passes.append(place)
    }
    return nil
  }
}
