/// How much of the memory a model uses (`model.memory`; the rows of the paper's Table 6).
package enum MemoryLevel: String, Codable, Sendable, CaseIterable {
  case none
  case working
  case shortTerm = "short-term"
  case longTerm = "long-term"
}

/// Whose rules the memory follows.
///
/// `paper` is the published text with its gaps decided, and rows that do not know of each other. The two released
/// packages are reproduced with everything they do to a batch: they differ from each other in the correlation
/// alone, exp(−d²) in 1.0 and −d² in 1.1, averaged over working memory.
package enum Behaviour: String, Codable, Sendable, CaseIterable {
  case paper
  case reference10 = "reference-1.0"
  case reference11 = "reference-1.1"
}

/// In which order the last stage works: that of the paper's §3.4, or that of its Algorithm 3, which moves working
/// memory into short-term memory before it removes the dead. They end alike; what the dead are called differs.
package enum AdjustOrder: String, Codable, Sendable, CaseIterable {
  case text
  case algorithm3 = "algorithm-3"
}

/// The sizes of a memory (`model.memoria.*`).
package struct EngramConfiguration: Codable, Sendable, Hashable {
  package let behaviour: Behaviour
  package let order: AdjustOrder
  /// N_wm: engrams that one segment becomes. The memory itself takes as many as it is given.
  package let engrams: Int
  /// N_stm^rem
  package let remindedShortTerm: Int
  /// N_ltm^rem
  package let remindedLongTerm: Int
  /// C_stm, in engrams of one row.
  package let shortTermCapacity: Int
  /// N_depth: hops after the start.
  package let searchDepth: Int
  /// Steps that an engram lives if nothing reminds of it.
  package let initialLifespan: Double
  /// α: what a reminded engram gains on average.
  package let lifespanGain: Double

  package init(
    behaviour: Behaviour, order: AdjustOrder, engrams: Int, remindedShortTerm: Int, remindedLongTerm: Int,
    shortTermCapacity: Int, searchDepth: Int, initialLifespan: Double, lifespanGain: Double
  ) {
    self.behaviour = behaviour
    self.order = order
    self.engrams = engrams
    self.remindedShortTerm = remindedShortTerm
    self.remindedLongTerm = remindedLongTerm
    self.shortTermCapacity = shortTermCapacity
    self.searchDepth = searchDepth
    self.initialLifespan = initialLifespan
    self.lifespanGain = lifespanGain
  }
}
