import Engrams
import Tensors
import Testing

/// A store with one engram a slot, of the given kinds in each row; vectors are zero and lifespans 1.
private func store(_ kinds: [[EngramKind]], counts: [[Int32]] = []) -> ReferenceStore {
  var store = ReferenceStore(rows: kinds.count)
  let M = kinds[0].count
  store.add(Array(repeating: 0, count: kinds.count * M * 2), count: M, width: 2, lifespan: 1)
  store.kinds = kinds.flatMap { $0 }
  if !counts.isEmpty { store.counts = counts.flatMap { $0 } }
  return store
}

private func lists(_ table: IndexTable) -> [[Int]] { (0..<table.rows).map { Array(table[$0]) } }

private func firing(_ store: ReferenceStore) -> [Int32] {
  (0..<store.slots).map { store.snapshot(ofRow: 0).together($0, $0) }
}

/// What the released packages' own tests assert of the memory, with their numbers where they are given.
@Suite struct `What the released packages assert` {
  @Test(arguments: [Behaviour.reference10, .reference11])
  func `three cycles: counts, sizes, and what is empty`(behaviour: Behaviour) {
    let configuration = sizes(
      behaviour, engrams: 50, shortTerm: 10, longTerm: 10, capacity: 100, depth: 4, lifespan: 5, gain: 1)
    var memory = EngramMemory(configuration, level: .longTerm, rows: 3)
    var dice = Dice(3)
    for cycle in 1...3 {
      let occasion = Occasion(seed: 1, step: 1, segment: cycle, examples: [0, 1, 2])
      let working = Tensor([3, 50, 4], dice.floats(600, in: -1...1))
      let reminded = memory.remind(working, tieBreak: .addressed(occasion))
      let N = reminded.vectors_BND.shape.extents[1]
      #expect((N == 0) == (cycle == 1))
      memory.memorize(weight_BN: Array(repeating: N == 0 ? 0 : 1 / Float(N), count: 3 * N))
      for row in 0..<3 {
        let snapshot = memory.snapshot(ofRow: row)
        #expect(snapshot.identifiers(of: .shortTerm).count == [50, 100, 100][cycle - 1])
        #expect(snapshot.count == 50 * cycle)
      }
    }
  }

  @Test func `thirty engrams after ten were added to three rows, and scores of every pair's row`() {
    var added = ReferenceStore(rows: 3)
    added.add(Array(repeating: 1, count: 3 * 10 * 2), count: 10, width: 2, lifespan: 4)
    #expect(added.kinds.count == 30)
    #expect(added.kinds.allSatisfy { $0 == .working })
    #expect(added.counts.allSatisfy { $0 == 0 })
    #expect(Array(added.identifiers[0..<10]) == Array(0..<10))
    #expect(Array(added.identifiers[20..<30]) == Array(0..<10))
    added.add(Array(repeating: 2, count: 3 * 2 * 2), count: 2, width: 2, lifespan: 4)
    #expect(Array(added.identifiers[12..<24]) == Array(0..<12))
    #expect(added.nextIdentifier == 12)
    #expect(Array(added.vectors[22..<26]) == [2, 2, 1, 1])
  }

  @Test func `each short-term engram starts at the long-term engram it fired with most`() {
    let kinds: [EngramKind] = Array(repeating: .shortTerm, count: 3) + Array(repeating: .longTerm, count: 5)
    var counts = Array(repeating: Array(repeating: Int32(0), count: 8), count: 8)
    counts[0] = [0, 999, 999, 1, 2, 3, 9, 4]
    counts[1] = [999, 0, 999, 1, 2, 3, 4, 9]
    counts[2] = [999, 999, 0, 1, 2, 3, 9, 4]
    let search = ReferenceSearch(store([kinds], counts: counts), depth: 1)
    let occasion = Occasion(seed: 1, step: 1, segment: 1, examples: [0])
    #expect(
      lists(search.starts(from: IndexTable(paddingLeft: [[0, 1, 2]]), .addressed(occasion))) == [[6, 7]])
  }

  @Test func `a draw decides between equals, and an all-zero draw falls to slot 0`() {
    let kinds: [EngramKind] = [.longTerm, .longTerm, .longTerm, .shortTerm, .working]
    let search = ReferenceSearch(store([kinds]), depth: 1)
    let selected = IndexTable(paddingLeft: [[3]])
    #expect(lists(search.starts(from: selected, .injected([0.1, 0.7, 0.3, 0.9, 0.9]))) == [[1]])
    #expect(lists(search.starts(from: selected, .injected([0.1, 0.7, 0.7, 0.9, 0.9]))) == [[1]])
    let shifted = ReferenceSearch(store([[.none, .longTerm, .longTerm, .shortTerm, .working]]), depth: 1)
    #expect(lists(shifted.starts(from: selected, .injected([0.1, 0, 0, 0.9, 0.9]))) == [[-1]])
  }

  @Test func `a search without counts walks from the oldest to the youngest, in local positions`() {
    let kinds: [EngramKind] = Array(repeating: .shortTerm, count: 5) + Array(repeating: .longTerm, count: 4)
    let search = ReferenceSearch(store([kinds]), depth: 3)
    let found = search.found(from: IndexTable(paddingLeft: [[5, 7]]))
    #expect(Set(found[0]) == [-1, 0, 1, 2, 3])
    #expect(found.width == 5)
  }

  @Test func `starts become positions among long-term slots`() {
    let kinds: [EngramKind] = [.shortTerm, .shortTerm, .shortTerm, .longTerm, .longTerm, .longTerm]
    let search = ReferenceSearch(store([kinds]), depth: 0)
    #expect(lists(search.found(from: IndexTable(unique: [[0, 4, 5, -1]]))) == [[1, 2]])
  }

  @Test func `without long-term memory every start and hop finds slot 0`() {
    let search = ReferenceSearch(store([[.shortTerm, .working], [.none, .working]]), depth: 2)
    #expect(lists(search.found(from: IndexTable(unique: [[-1], [-1]]))) == [[0, 0, 0], [0, 0, 0]])
  }

  @Test func `slots of a kind are ascending, unequal rows filled up on the left`() {
    let mixed = store([[.longTerm, .shortTerm, .shortTerm], [.none, .longTerm, .shortTerm]])
    #expect(lists(mixed.slots(of: .shortTerm)) == [[1, 2], [-1, 2]])
    #expect(lists(mixed.slots(of: .longTerm)) == [[0], [1]])
    #expect(mixed.slots(of: .working).width == 0)
  }

  @Test func `sets are as wide as the longest, nobody being a value`() {
    #expect(
      lists(IndexTable(unique: [[3, 1, 3, -1, -1], [2, 2, 2, 2, 2]])) == [[1, 3, -1], [2, -1, -1]])
    #expect(lists(IndexTable(unique: [[1, 1], [0, 0]])) == [[1], [0]])
    #expect(IndexTable(unique: [[], []]).width == 0)
  }

  @Test func `keeping compacts with empty slots on the left, whose counts are −1`() {
    var two = ReferenceStore(rows: 2)
    two.add([1, 2, 3, 4, 5, 6], count: 3, width: 1, lifespan: 2)
    two.fire(0, [0, 1, 2])
    two.fire(1, [0, 1, 2])
    two.keep(IndexTable(paddingLeft: [[0, 2], [1]]))
    #expect(two.kinds == [.working, .working, .none, .working])
    #expect(two.vectors == [1, 3, 0, 5])
    #expect(two.lifespans == [2, 2, -1, 2])
    #expect(two.identifiers == [0, 2, -1, 1])
    #expect(two.ages == [0, 0, -1, 0])
    #expect(two.counts == [1, 1, 1, 1, -1, -1, -1, 1])
  }

  @Test func `who fires together is counted, once a call, and calls add up`() {
    var six = store([Array(repeating: .working, count: 6)])
    six.fire(0, [0, 2, 3])
    #expect(firing(six) == [1, 0, 1, 1, 0, 0])
    six.fire(0, [0, 1, 2, 4])
    #expect(firing(six) == [2, 1, 2, 1, 1, 0])
    let snapshot = six.snapshot(ofRow: 0)
    #expect(snapshot.together(0, 2) == 2 && snapshot.together(2, 0) == 2)
    #expect(snapshot.together(3, 4) == 0 && snapshot.together(1, 4) == 1)
  }

  @Test func `a summary lists edges between different engrams of positive weight`() {
    var counts = Array(repeating: Array(repeating: Int32(2), count: 4), count: 4)
    for i in 0..<4 { counts[i][i] = 4 }
    counts[1][3] = 0
    let snapshot = store([Array(repeating: .shortTerm, count: 4)], counts: counts).snapshot(ofRow: 0)
    #expect(snapshot.edges.count == 4 * 4 - 4 - 1)
    let first = snapshot.edges[0]
    #expect(first.source == 0 && first.target == 1 && first.count == 2 && first.weight == 0.5)
    #expect(!snapshot.edges.contains { $0.source == 1 && $0.target == 3 })
    #expect(snapshot.identifiers(of: .shortTerm) == [0, 1, 2, 3])
  }

  @Test func `equal contents are equal, and one firing makes them different`() {
    let one = store([[.working, .working]])
    var other = one
    #expect(one == other)
    other.fire(0, [1])
    #expect(one != other)
  }

  /// The packages' tutorial: four reminded, then slot 0 and nobody, and a gain of five for each.
  @Test(arguments: [Behaviour.reference10, .reference11])
  func `the tutorial reminds of slot 0 in its second step`(behaviour: Behaviour) {
    let configuration = sizes(
      behaviour, engrams: 8, shortTerm: 4, longTerm: 4, capacity: 16, depth: 5, lifespan: 3, gain: 1)
    var memory = EngramMemory(configuration, level: .longTerm, rows: 2)
    // Slot 0 is far from what comes, so that it is not among the nearest four.
    let first = (0..<16).map { Float($0 % 8 == 0 ? 2 : 1 - Float($0 % 8) / 8) }
    let occasion = Occasion(seed: 1, step: 1, segment: 1, examples: [0, 1])
    _ = memory.remind(Tensor([2, 8, 1], first), tieBreak: .addressed(occasion))
    memory.memorize(weight_BN: [])
    #expect(memory.snapshot(ofRow: 1).lifespans == Array(repeating: 2, count: 8))
    #expect(memory.snapshot(ofRow: 1).identifiers(of: .shortTerm).count == 8)

    let second = Tensor([2, 8, 1], Array(repeating: 0.1, count: 16))
    let reminded = memory.remind(second, tieBreak: .addressed(occasion))
    #expect(memory.trace?.remindedSlots.width == 6)
    #expect(memory.trace.map { lists($0.remindedSlots) } == [[-1, 0, 4, 5, 6, 7], [-1, 0, 4, 5, 6, 7]])
    #expect(reminded.visible == [5, 5])
    memory.memorize(weight_BN: Array(repeating: 5.0 / 6, count: 12))
    let after = memory.snapshot(ofRow: 0)
    expectClose(
      after.lifespans, [6, 1, 1, 1, 6, 6, 6, 6] + Array(repeating: 2, count: 8), within: 1e-5)
  }

  @Test func `a row that was reminded of nobody sees all its zero vectors`() {
    let configuration = sizes(
      .reference11, engrams: 1, shortTerm: 1, longTerm: 0, capacity: 4, depth: 0, lifespan: 2, gain: 1)
    var memory = EngramMemory(configuration, level: .shortTerm, rows: 2)
    let occasion = Occasion(seed: 1, step: 1, segment: 1, examples: [0, 1])
    _ = memory.remind(Tensor([2, 1, 1], [5, 5]), tieBreak: .addressed(occasion))
    memory.memorize(weight_BN: [])
    _ = memory.remind(Tensor([2, 1, 1], [5, 5]), tieBreak: .addressed(occasion))
    memory.memorize(weight_BN: [0, 4])
    // The first engram of row 0 is gone; its empty slot is nearer to 0 than the engram at 5 is.
    let reminded = memory.remind(Tensor([2, 1, 1], [0, 5]), tieBreak: .addressed(occasion))
    #expect(memory.trace.map { lists($0.remindedSlots) } == [[-1, -1], [-1, 0]])
    #expect(reminded.visible == [2, 1])
    #expect(reminded.vectors_BND.values == [0, 0, 5, 0])
  }
}
