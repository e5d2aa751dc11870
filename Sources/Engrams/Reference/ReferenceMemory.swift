import Tensors

/// The memory of the released packages, as it is.
///
/// Departures of the packages from the paper, all of them kept because they move numbers:
/// - rows are rectangles: what is filled up in one row depends on the others;
/// - places that were not chosen start the search too, anywhere in long-term memory;
/// - before the first long-term engram, whoever is in slot 0 is reminded in every step;
/// - positions among long-term engrams are used as slots, which differ when rows differ in length;
/// - nobody competes in both rankings, as the zero vector;
/// - empty slots can be reminded, and live on when they gain lifespan;
/// - the dead count when short-term memory overflows, and are removed last.
struct ReferenceMemory: MemoryRules {
  private let configuration: EngramConfiguration
  private let level: MemoryLevel
  private let keepsLog: Bool
  private var store: ReferenceStore
  private var step: Int32 = 0
  private(set) var trace: ReferenceTrace?
  private(set) var log = EngramLog()
  private(set) var effort = Effort()
  private(set) var metNaN = false
  /// The reminded of each row in the order of `Reminded`: somebody ascending, then nobody.
  private var reminded: IndexTable
  private var happened: [EngramStep]
  /// For the log: the places of each row's reminded short-term, then long-term engrams.
  private var loggedPlaces: [[Int]]

  init(_ configuration: EngramConfiguration, level: MemoryLevel, rows: Int, keepsLog: Bool) {
    self.configuration = configuration
    self.level = level
    self.keepsLog = keepsLog
    store = ReferenceStore(rows: rows)
    reminded = IndexTable(rows: rows, width: 0, repeating: -1)
    happened = Array(repeating: EngramStep(), count: rows)
    loggedPlaces = Array(repeating: [], count: rows)
  }

  var rowCount: Int { store.rows }
  var livingCount: Int { store.kinds.count { $0 != .none } }
  var associationBytes: Int { store.counts.count * MemoryLayout<Int32>.size }
  var stateBytes: Int {
    associationBytes + store.vectors.count * 4 + store.kinds.count
      + (store.lifespans.count + store.ages.count + store.identifiers.count) * 4
  }
  func snapshot(ofRow row: Int) -> EngramSnapshot { store.snapshot(ofRow: row) }

  /// Its rows are one rectangle.
  func joined(by others: [any MemoryRules]) -> (any MemoryRules)? { nil }

  mutating func remind(_ working_BWD: Tensor, tieBreak: TieBreak) -> Reminded {
    let (B, W, D) = (rowCount, working_BWD.shape.extents[1], working_BWD.shape.extents[2])
    require(
      store.slots == 0 || D == store.width,
      "engrams of width \(D) do not fit a memory of width \(store.width)")
    let firstBorn = store.nextIdentifier
    store.add(working_BWD.values, count: W, width: D, lifespan: Float(configuration.initialLifespan))
    step += 1

    let working = store.slots(of: .working)
    let candidates = store.slots(of: .shortTerm)
    let scores = (0..<B).map { score($0, candidates[$0], working) }
    var selected = IndexTable(rows: B, width: candidates.width, repeating: -1)
    for row in 0..<B {
      for column in best(configuration.remindedShortTerm, of: scores[row][...], metNaN: &metNaN) {
        selected[row, column] = candidates[row, column]
      }
    }

    let (starts, found) = search(from: selected, tieBreak)
    // Positions are taken for slots from here on.
    var chosen: [[Int]] = []
    for row in 0..<B {
      let scores = score(row, found[row], working)
      chosen.append(
        best(configuration.remindedLongTerm, of: scores[...], metNaN: &metNaN).map { found[row, $0] })
    }

    let types = store.kinds.map { $0.rawValue }
    for row in 0..<B {
      let active = Set(working[row]).union(selected[row]).union(chosen[row])
      store.fire(row, active.subtracting([-1]))
    }
    reminded = IndexTable(unique: (0..<B).map { Array(selected[$0]) + chosen[$0] })
    let sorted = reminded.sorted
    trace = ReferenceTrace(
      typesAtRemind: types, shortTermCandidates: candidates, shortTermScores: scores.flatMap { $0 },
      shortTermSelected: selected, longTermStarts: starts.sorted, longTermFound: found.sorted,
      longTermSelected: IndexTable(paddingLeft: chosen).sorted, remindedSlots: sorted,
      remindedVectors: (0..<B).flatMap { store.vectors($0, sorted[$0]) }, countsAfterRemind: store.counts,
      lifespanIncrements: [])
    if keepsLog { report(tieBreak, working: W, firstBorn: firstBorn, found: found) }

    let somebody = (0..<B).map { row in reminded[row].count { $0 >= 0 } }
    return Reminded(
      vectors_BND: Tensor([B, reminded.width, D], (0..<B).flatMap { store.vectors($0, reminded[$0]) }),
      visible: somebody.map { $0 == 0 ? reminded.width : $0 },
      addsNothing: Array(repeating: false, count: B))
  }

  /// Mean correlation with working memory of a row's slots, where nobody is the zero vector.
  private func score(_ row: Int, _ slots: ArraySlice<Int>, _ working: IndexTable) -> [Float] {
    let working_WD = Tensor([working.width, store.width], store.vectors(row, working[row]))
    return meanScores(
      store.vectors(row, slots), count: slots.count, against: working_WD,
      exponentially: configuration.behaviour == .reference10)
  }

  private func search(from selected: IndexTable, _ tieBreak: TieBreak) -> (
    starts: IndexTable, found: IndexTable
  ) {
    let nobody = IndexTable(rows: rowCount, width: 0, repeating: -1)
    guard level == .longTerm else { return (nobody, nobody) }
    let search = ReferenceSearch(store, depth: configuration.searchDepth)
    let starts = search.starts(from: selected, tieBreak)
    return (starts, search.found(from: starts))
  }

  /// Δ = weight · width · α, where the width counts the places of nobody.
  mutating func memorize(weight_BN: [Float]) {
    require(
      weight_BN.count == reminded.values.count,
      "\(weight_BN.count) weights do not fit \(rowCount) rows reminded of \(reminded.width) places")
    adjust(by: weight_BN.map { $0 * Float(reminded.width) * Float(configuration.lifespanGain) })
  }

  /// Stage 3 as released: extend, age, move working memory on, overflow (the dead counted), remove.
  private mutating func adjust(by increment_BN: [Float]) {
    for (place, slot) in reminded.values.enumerated() where slot >= 0 {
      store.lifespans[place / reminded.width * store.slots + slot] += increment_BN[place]
    }
    let increments = increments(increment_BN)
    trace?.lifespanIncrements = increments
    store.growOlder()
    for index in store.kinds.indices where store.kinds[index] == .working { store.kinds[index] = .shortTerm }
    let overflow = overflowing()
    for (row, slots) in overflow.enumerated() {
      for slot in slots { store.kinds[row * store.slots + slot] = .longTerm }
    }
    let forgetsOverflow = level == .shortTerm
    let survivors = (0..<rowCount).map { row in
      (0..<store.slots).filter {
        store.lifespans[row * store.slots + $0] > 0 && !(forgetsOverflow && store.kind(row, $0) == .longTerm)
      }
    }
    if keepsLog { record(increment_BN, overflow: overflow, survivors: survivors) }
    store.keep(IndexTable(paddingLeft: survivors))
    reminded = IndexTable(rows: rowCount, width: 0, repeating: -1)
    if keepsLog { close() }
  }

  /// For each row the oldest short-term slots beyond the capacity.
  private func overflowing() -> [[Int]] {
    let shortTerm = store.slots(of: .shortTerm)
    let over = max(0, shortTerm.width - configuration.shortTermCapacity)
    return (0..<rowCount).map { shortTerm[$0].prefix(over).filter { $0 >= 0 } }
  }

  /// The increments in the order of the trace: nobody in front, with 0.
  private func increments(_ increment_BN: [Float]) -> [Float] {
    (0..<rowCount).flatMap { row in
      let start = row * reminded.width
      let somebody = reminded[row].count { $0 >= 0 }
      return Array(repeating: 0, count: reminded.width - somebody) + increment_BN[start..<start + somebody]
    }
  }
}

/// The log of the reference: identifiers of slots, empty ones left out.
extension ReferenceMemory {
  private mutating func report(_ tieBreak: TieBreak, working: Int, firstBorn: Int32, found: IndexTable) {
    for row in 0..<rowCount {
      var step = EngramStep()
      (step.step, step.row, step.working, step.firstBorn) = (self.step, Int32(row), Int32(working), firstBorn)
      if case .addressed(let occasion) = tieBreak {
        (step.example, step.segment) = (Int32(occasion.examples[row]), Int32(occasion.segment))
      }
      step.found = Int32(Set(found[row].filter { $0 >= 0 && store.kind(row, $0) == .longTerm }).count)
      let first = row * store.slots
      let shortTerm = places(row, .shortTerm)
      let longTerm = places(row, .longTerm)
      step.remindedShortTerm = shortTerm.map { store.identifiers[first + reminded[row, $0]] }
      step.remindedLongTerm = longTerm.map { store.identifiers[first + reminded[row, $0]] }
      loggedPlaces[row] = shortTerm + longTerm
      step.ages = loggedPlaces[row].map { store.ages[first + reminded[row, $0]] }
      happened[row] = step
    }
  }

  /// Before the dead leave, after everybody has become what they are.
  private mutating func record(_ increment_BN: [Float], overflow: [[Int]], survivors: [[Int]]) {
    for row in 0..<rowCount {
      let first = row * store.slots
      happened[row].credit = loggedPlaces[row].map { increment_BN[row * reminded.width + $0] }
      let staying = Set(survivors[row])
      happened[row].enteredLongTerm = overflow[row].filter { staying.contains($0) }.map {
        store.identifiers[first + $0]
      }
      for slot in 0..<store.slots where !staying.contains(slot) && store.identifiers[first + slot] >= 0 {
        happened[row].died.append(store.identifiers[first + slot])
        let kind = level == .shortTerm ? .shortTerm : store.kind(row, slot)
        happened[row].diedAs.append(kind.rawValue)
      }
    }
  }

  private mutating func close() {
    for row in 0..<rowCount {
      let kinds = store.kinds[row * store.slots..<(row + 1) * store.slots]
      happened[row].shortTerm = Int32(kinds.count { $0 == .shortTerm })
      happened[row].longTerm = Int32(kinds.count { $0 == .longTerm })
      log.append(happened[row])
    }
  }

  private func places(_ row: Int, _ kind: EngramKind) -> [Int] {
    (0..<reminded.width).filter { reminded[row, $0] >= 0 && store.kind(row, reminded[row, $0]) == kind }
  }
}
