import Tensors

/// The paper's memory, its gaps decided: rows that do not know of each other, bit for bit.
///
/// Decisions where the paper is silent or impossible (each is a rule of its own file):
/// - scores are log Σ exp(−d²), which ranks as the mean of exp(−d²) and does not underflow; equals: the older first;
/// - an edge exists where Count_ij > 0 and i ≠ j, and only edges are followed;
/// - a tie for the first long-term engram is broken by addressed randomness, a tie on the walk by age;
/// - the walk excludes whom any chain has met, as §3.2 does and Algorithm 1 does not say;
/// - working memory fires too (§3.4), or new engrams would have no edges.
struct PaperMemory: MemoryRules {
  private var rowMemories: [PaperRow]
  private let keepsLog: Bool
  private(set) var log = EngramLog()
  private(set) var effort = Effort()
  /// Places of the last reminder's rows, to read the weights by.
  private var places = 0

  init(_ configuration: EngramConfiguration, level: MemoryLevel, rows: Int, keepsLog: Bool) {
    rowMemories = Array(repeating: PaperRow(configuration, level: level, keepsLog: keepsLog), count: rows)
    self.keepsLog = keepsLog
  }

  var rowCount: Int { rowMemories.count }
  var trace: ReferenceTrace? { nil }
  var metNaN: Bool { rowMemories.indices.contains { rowMemories[$0].metNaN } }
  var livingCount: Int { rowMemories.indices.reduce(0) { $0 + rowMemories[$1].livingCount } }
  var associationBytes: Int { rowMemories.indices.reduce(0) { $0 + rowMemories[$1].associationBytes } }
  var stateBytes: Int { rowMemories.indices.reduce(0) { $0 + rowMemories[$1].stateBytes } }

  func snapshot(ofRow row: Int) -> EngramSnapshot { rowMemories[row].snapshot }

  func joined(by others: [any MemoryRules]) -> (any MemoryRules)? {
    var joined = self
    for other in others {
      guard let other = other as? PaperMemory else { return nil }
      joined.rowMemories += other.rowMemories
      joined.effort += other.effort
      joined.places = max(joined.places, other.places)
    }
    return joined
  }

  mutating func remind(_ working_BWD: Tensor, tieBreak: TieBreak) -> Reminded {
    guard case .addressed(let occasion) = tieBreak else {
      fatalError("behaviour \"paper\" looks its tie breaks up by address: it takes no injected draws")
    }
    let (B, W, D) = (rowCount, working_BWD.shape.extents[1], working_BWD.shape.extents[2])
    let working = working_BWD.values
    for row in 0..<B { rowMemories[row].add(working[row * W * D..<(row + 1) * W * D], count: W, width: D) }
    var offered: [ChosenRows] = []
    offered.reserveCapacity(B)
    for row in 0..<B { offered.append(rowMemories[row].offerShortTerm()) }
    let shortTerm = scores(of: offered, against: working_BWD)
    for row in 0..<B { rowMemories[row].remindShortTerm(by: shortTerm(row), effort: &effort) }
    for row in 0..<B {
      offered[row] = rowMemories[row].offerLongTerm(occasion, row: row, effort: &effort)
    }
    let longTerm = scores(of: offered, against: working_BWD)
    for row in 0..<B { rowMemories[row].remindLongTerm(by: longTerm(row), effort: &effort) }
    offered.removeAll(keepingCapacity: true)
    for row in 0..<B { rowMemories[row].fire() }
    var visible: [Int] = []
    visible.reserveCapacity(B)
    for row in 0..<B { visible.append(rowMemories[row].reminded.count) }
    places = visible.max() ?? 0
    for row in 0..<B {
      offered.append(rowMemories[row].offerReminded())
      if keepsLog { rowMemories[row].report(occasion, row: row) }
    }
    return Reminded(
      vectors_BND: gathered(offered, places: places, width: D), visible: visible,
      addsNothing: visible.map { $0 == 0 })
  }

  /// How near candidates are to working memory, by the paper's correlation, row by row:
  ///
  ///     score_i = log Σ_j exp(−d²_ij)
  ///
  /// It ranks as the mean of exp(−d²) does, which is 0 for every engram once all distances are wide.
  private func scores(
    of candidates: [ChosenRows], against working_BWD: Tensor
  ) -> (_ row: Int) -> ArraySlice<Float> {
    let scores = logarithmicNearness(of: candidates, to: working_BWD).values
    var end = 0
    let ranges = candidates.map { chosen in
      defer { end += chosen.rows.count }
      return end..<end + chosen.rows.count
    }
    return { scores[ranges[$0]] }
  }

  mutating func memorize(weight_BN: [Float]) {
    require(
      weight_BN.count == rowCount * places,
      "\(weight_BN.count) weights do not fit \(rowCount) rows reminded of up to \(places) engrams")
    for row in rowMemories.indices {
      let start = row * places
      let step = rowMemories[row].memorize(weight_BN[start..<start + rowMemories[row].reminded.count])
      if keepsLog { log.append(step) }
    }
    places = 0
  }
}
