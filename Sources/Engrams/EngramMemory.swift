package import Tensors

/// The engrams that a batch was reminded of, for the memory attention of the host.
package struct Reminded {
  /// `[B, N, D]`, N may be 0: each row's engrams first, then zero vectors. Constants: memory carries no gradient.
  package let vectors_BND: Tensor
  /// How many leading places of each row the memory attention may see.
  package let visible: [Int]
  /// Rows that were reminded of nobody, whose memory attention is the identity. The reference has none: its
  /// attention runs over nothing and adds its output projection's bias.
  package let addsNothing: [Bool]
}

/// The memory of a batch: engrams, their lifespans, and who fired with whom.
///
/// One step is one segment: `remind` adds the segment's working memory, finds what it calls to mind and lets all of
/// them fire together; the host attends to the reminded; `memorize` hands out lifespan for their use, lets everybody
/// age, forgets the dead and moves the rest on.
///
///     working ──every step──▶ short-term ──beyond its capacity──▶ long-term
///        │                        │                                  │
///        └────────────── forgotten when the lifespan is used up ─────┘
///
/// There are no gradients and no network in here. A memory is a value: copying it is a checkpoint of it.
///
/// A memory that is given numbers that are not finite takes no part any more: it stays as it was and reminds of nobody.
/// Its `nonFinite` tells, and whoever computes with it must ask.
package struct EngramMemory {
  /// Chosen once by the configuration's behaviour.
  private var rules: any MemoryRules
  /// Whether `log` tells what happens.
  package let keepsLog: Bool
  /// What was not finite first, in words; nil as it should be. Engrams never change once they are stored, so all of them
  /// are finite as long as nothing was said here.
  package private(set) var nonFinite: String?

  /// A memory without engrams, for `rows` sequences.
  ///
  /// `level` is `shortTerm` or `longTerm`: with the former, engrams that leave short-term memory are forgotten and
  /// nothing is searched. `keepsLog` asks for `log`.
  package init(_ configuration: EngramConfiguration, level: MemoryLevel, rows: Int, keepsLog: Bool = false) {
    require(
      level == .shortTerm || level == .longTerm,
      "a model with memory \"\(level.rawValue)\" keeps no engrams: it needs no engram memory")
    require(rows >= 0, "a memory of \(rows) rows does not exist")
    require(
      configuration.remindedShortTerm >= 0 && configuration.remindedLongTerm >= 0
        && configuration.shortTermCapacity >= 0 && configuration.searchDepth >= 0,
      "no size of an engram memory may be negative: \(configuration)")
    self.keepsLog = keepsLog
    switch configuration.behaviour {
    case .paper:
      rules = PaperMemory(configuration, level: level, rows: rows, keepsLog: keepsLog)
    case .reference10, .reference11:
      rules = ReferenceMemory(configuration, level: level, rows: rows, keepsLog: keepsLog)
    }
  }

  /// Those of several batches, as one memory of all rows in order; nil where rows know of each other, or a log is kept.
  package init?(joining memories: [EngramMemory]) {
    guard memories.allSatisfy({ !$0.keepsLog }),
      let joined = memories[0].rules.joined(by: memories.dropFirst().map(\.rules))
    else { return nil }
    rules = joined
    keepsLog = false
    nonFinite = memories.lazy.compactMap(\.nonFinite).first
  }

  /// Adds working memory `[B, W, D]`, reminds, and fires: stage 1 (§3.2) and the first act of stage 3 (§3.4).
  package mutating func remind(_ working_BWD: Tensor, tieBreak: TieBreak) -> Reminded {
    require(
      working_BWD.shape.extents.count == 3 && working_BWD.shape.extents[0] == rows,
      "working memory of shape \(working_BWD.shape.extents) is not [\(rows), engrams, width]")
    require(
      working_BWD.shape.extents[1] > 0, "working memory holds no engrams, so nothing can be called to mind")
    if case .addressed(let occasion) = tieBreak {
      require(
        occasion.examples.count == rows,
        "an occasion of \(occasion.examples.count) examples does not fit a memory of \(rows) rows")
    }
    if nonFinite == nil, working_BWD.hasNonFinite { nonFinite = "working memory" }
    if nonFinite == nil {
      let reminded = rules.remind(working_BWD, tieBreak: tieBreak)
      guard rules.metNaN else { return reminded }
      nonFinite = "the score of an engram"
    }
    return Reminded(
      vectors_BND: Tensor([rows, 0, working_BWD.shape.extents[2]], []),
      visible: Array(repeating: 0, count: rows),
      addsNothing: Array(repeating: true, count: rows))
  }

  /// Extends lifespans, ages, forgets, promotes: the rest of stage 3 (§3.4).
  ///
  /// `weight_BN` is the attention probability of each reminded place, averaged over layers, heads and positions, in
  /// the order of `Reminded`; places that are not visible count for nothing. `paper` wants probabilities before
  /// dropout and divides by their sum; the reference wants them after dropout and multiplies by N.
  package mutating func memorize(weight_BN: [Float]) {
    if nonFinite == nil, !weight_BN.allSatisfy(\.isFinite) { nonFinite = "the attention to an engram" }
    guard nonFinite == nil else { return }
    rules.memorize(weight_BN: weight_BN)
  }

  /// Sequences of the batch.
  package var rows: Int { rules.rowCount }

  /// What happened so far; nothing unless the memory keeps a log.
  package var log: EngramLog { rules.log }

  /// What a row holds now. Costs a table of all pairs: for tests, pictures and replays.
  package func snapshot(ofRow row: Int) -> EngramSnapshot {
    require(row >= 0 && row < rows, "row \(row) is not one of \(rows)")
    return rules.snapshot(ofRow: row)
  }

  /// Choices of the last step of a reference behaviour; nothing under `paper`.
  package var trace: ReferenceTrace? { rules.trace }

  /// What the last steps cost in all, in the units of the paper's Appendix E.1.
  package var effort: Effort { rules.effort }

  /// Engrams that live now, in all rows.
  package var count: Int { rules.livingCount }
  /// Bytes that say who fired with whom.
  package var associationBytes: Int { rules.associationBytes }
  /// Bytes of everything the memory holds, vectors and associations included, log excluded.
  package var stateBytes: Int { rules.stateBytes }
}

/// What remembering costs (Appendix E.1), summed over rows and steps since the memory was made.
package struct Effort: Sendable, Equatable {
  /// Pairs of a short-term engram and a working one whose distance was computed.
  package var shortTermDistances = 0
  /// Pairs of a found long-term engram and a working one whose distance was computed.
  package var longTermDistances = 0
  /// Edges into long-term memory compared to find starts, and to walk.
  package var startEdges = 0
  package var walkEdges = 0

  static func += (sum: inout Effort, more: Effort) {
    sum.shortTermDistances += more.shortTermDistances
    sum.longTermDistances += more.longTermDistances
    sum.startEdges += more.startEdges
    sum.walkEdges += more.walkEdges
  }
}

/// What a kind of memory does; the paper's and the reference's conform.
protocol MemoryRules {
  var rowCount: Int { get }
  var log: EngramLog { get }
  var trace: ReferenceTrace? { get }
  var effort: Effort { get }
  var associationBytes: Int { get }
  var stateBytes: Int { get }
  /// Whether a score was NaN, so that engrams had no order; nobody was chosen by it.
  var metNaN: Bool { get }
  var livingCount: Int { get }
  /// The same with the rows of others behind its own; nil where that cannot be.
  func joined(by others: [any MemoryRules]) -> (any MemoryRules)?
  mutating func remind(_ working_BWD: Tensor, tieBreak: TieBreak) -> Reminded
  mutating func memorize(weight_BN: [Float])
  func snapshot(ofRow row: Int) -> EngramSnapshot
}
