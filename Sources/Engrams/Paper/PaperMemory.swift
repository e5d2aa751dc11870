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
  /// Room for the search, used by one row after the other.
  private var planes: [UInt64] = []

  init(_ configuration: EngramConfiguration, level: MemoryLevel, rows: Int, keepsLog: Bool) {
    rowMemories = Array(repeating: PaperRow(configuration, level: level), count: rows)
    self.keepsLog = keepsLog
  }

  var rowCount: Int { rowMemories.count }
  var trace: ReferenceTrace? { nil }
  var associationBytes: Int { rowMemories.reduce(0) { $0 + $1.associationBytes } }
  var stateBytes: Int { rowMemories.reduce(0) { $0 + $1.stateBytes } }

  func snapshot(ofRow row: Int) -> EngramSnapshot { rowMemories[row].snapshot }

  mutating func remind(_ working_BWD: Tensor, tieBreak: TieBreak) -> Reminded {
    guard case .addressed(let occasion) = tieBreak else {
      fatalError("behaviour \"paper\" looks its tie breaks up by address: it takes no injected draws")
    }
    let (B, W, D) = (rowCount, working_BWD.shape.extents[1], working_BWD.shape.extents[2])
    let working = working_BWD.values
    for row in 0..<B {
      rowMemories[row].add(working[row * W * D..<(row + 1) * W * D], count: W, width: D)
      rowMemories[row].remind(occasion, row: row, planes: &planes, effort: &effort)
      rowMemories[row].fire()
    }
    places = rowMemories.reduce(0) { max($0, $1.reminded.count) }
    var vectors = [Float](repeating: 0, count: B * places * D)
    for row in 0..<B {
      rowMemories[row].copyReminded(to: &vectors, at: row * places * D)
      if keepsLog { rowMemories[row].report(occasion, row: row) }
    }
    let visible = rowMemories.map { $0.reminded.count }
    return Reminded(
      vectors_BND: Tensor([B, places, D], vectors), visible: visible, addsNothing: visible.map { $0 == 0 })
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
