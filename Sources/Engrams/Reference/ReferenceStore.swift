/// The released memory's tables: every row of the batch has the same number of slots.
///
///     | empty … | long-term … | short-term … | working … |
///
/// Slots are in order of creation. A row with fewer engrams is filled up on the left with empty slots: kind none,
/// vector 0, lifespan, age, identifier and all counts −1.
package struct ReferenceStore: Sendable, Equatable {
  package let rows: Int
  /// M
  package private(set) var slots = 0
  /// D
  private(set) var width = 0
  /// `[B, M, D]`
  package private(set) var vectors: [Float] = []
  /// `[B, M]`
  package var kinds: [EngramKind] = []
  package var lifespans: [Float] = []
  package private(set) var ages: [Int32] = []
  package private(set) var identifiers: [Int32] = []
  /// `[B, M, M]`: times fired together.
  package var counts: [Int32] = []
  /// Of the next engram, in every row.
  package private(set) var nextIdentifier: Int32 = 0

  /// No engrams.
  package init(rows: Int) { self.rows = rows }

  /// The slots of a kind, ascending.
  package func slots(of kind: EngramKind) -> IndexTable {
    IndexTable(
      paddingLeft: (0..<rows).map { row in (0..<slots).filter { kinds[row * slots + $0] == kind } })
  }

  /// `[n, D]` of a row's slots; the zero vector for nobody.
  package func vectors(_ row: Int, _ chosen: some Sequence<Int>) -> [Float] {
    var vectors: [Float] = []
    for slot in chosen {
      if slot < 0 {
        vectors.append(contentsOf: repeatElement(0, count: width))
      } else {
        let start = (row * slots + slot) * width
        vectors += self.vectors[start..<start + width]
      }
    }
    return vectors
  }

  /// Appends `[B, count, D]` as working memory. The new counts are 0, against empty slots too.
  package mutating func add(_ working: [Float], count: Int, width: Int, lifespan: Float) {
    self.width = width
    var added = ReferenceStore(rows: rows)
    added.width = width
    added.slots = slots + count
    for row in 0..<rows {
      let old = row * slots..<(row + 1) * slots
      added.vectors += vectors[old.lowerBound * width..<old.upperBound * width]
      added.vectors += working[row * count * width..<(row + 1) * count * width]
      added.kinds += kinds[old] + repeatElement(.working, count: count)
      added.lifespans += lifespans[old] + repeatElement(lifespan, count: count)
      added.ages += ages[old] + repeatElement(0, count: count)
      added.identifiers += identifiers[old] + (0..<Int32(count)).map { nextIdentifier + $0 }
      for slot in old {
        added.counts += counts[slot * slots..<(slot + 1) * slots] + repeatElement(0, count: count)
      }
      added.counts.append(contentsOf: repeatElement(0, count: count * added.slots))
    }
    added.nextIdentifier = nextIdentifier + Int32(count)
    self = added
  }

  /// Keeps the given slots; nobody becomes an empty slot.
  package mutating func keep(_ chosen: IndexTable) {
    var kept = ReferenceStore(rows: rows)
    (kept.width, kept.slots, kept.nextIdentifier) = (width, chosen.width, nextIdentifier)
    for row in 0..<rows {
      kept.vectors += vectors(row, chosen[row])
      for slot in chosen[row] {
        let index = row * slots + slot
        kept.kinds.append(slot < 0 ? .none : kinds[index])
        kept.lifespans.append(slot < 0 ? -1 : lifespans[index])
        kept.ages.append(slot < 0 ? -1 : ages[index])
        kept.identifiers.append(slot < 0 ? -1 : identifiers[index])
        for other in chosen[row] {
          kept.counts.append(slot < 0 || other < 0 ? -1 : counts[index * slots + other])
        }
      }
    }
    self = kept
  }

  /// All pairs of a row's slots, each with itself too, fire together once.
  package mutating func fire(_ row: Int, _ active: Set<Int>) {
    for slot in active {
      for other in active { counts[(row * slots + slot) * slots + other] += 1 }
    }
  }

  /// Everybody loses a step of life, empty slots too.
  package mutating func growOlder() {
    for index in lifespans.indices {
      lifespans[index] -= 1
      ages[index] += 1
    }
  }

  func kind(_ row: Int, _ slot: Int) -> EngramKind { kinds[row * slots + slot] }
  func count(_ row: Int, _ slot: Int, _ other: Int) -> Int32 { counts[(row * slots + slot) * slots + other] }

  /// A row with its empty slots.
  package func snapshot(ofRow row: Int) -> EngramSnapshot {
    let range = row * slots..<(row + 1) * slots
    return EngramSnapshot(
      vectors: Array(vectors[range.lowerBound * width..<range.upperBound * width]),
      kinds: Array(kinds[range]),
      lifespans: Array(lifespans[range]), ages: Array(ages[range]), identifiers: Array(identifiers[range]),
      counts: Array(counts[range.lowerBound * slots..<range.upperBound * slots]))
  }
}
