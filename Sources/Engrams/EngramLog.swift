/// What one step did to one row.
struct EngramStep {
  var step: Int32 = 0
  var row: Int32 = 0
  var example: Int32 = -1
  var segment: Int32 = -1
  var working: Int32 = 0
  var shortTerm: Int32 = 0
  var longTerm: Int32 = 0
  var firstBorn: Int32 = 0
  var found: Int32 = 0
  var remindedShortTerm: [Int32] = []
  var remindedLongTerm: [Int32] = []
  var ages: [Int32] = []
  var credit: [Float] = []
  var enteredLongTerm: [Int32] = []
  var died: [Int32] = []
  var diedAs: [UInt8] = []
}

/// Lists of different lengths, one a record, end to end: list r is `values[offsets[r]..<offsets[r + 1]]`.
package struct RaggedColumn<Element: Sendable & Equatable>: Sendable, Equatable {
  package private(set) var offsets: [Int32] = [0]
  package private(set) var values: [Element] = []

  package subscript(_ record: Int) -> ArraySlice<Element> {
    values[Int(offsets[record])..<Int(offsets[record + 1])]
  }

  mutating func append(_ list: [Element]) {
    values += list
    offsets.append(Int32(values.count))
  }
}

/// What happened in a memory, in columns: one record for each row and step, in the order of steps, then rows.
///
/// The step clock counts additions of working memory since the memory was made; an engram born at step b has age
/// t − b when it is reminded at step t. Identifiers count up from 0 in each row and are never used again.
package struct EngramLog: Sendable, Equatable {
  /// t = 1, 2, …
  package private(set) var step: [Int32] = []
  /// Row of the batch.
  package private(set) var row: [Int32] = []
  /// Number of the row's example in the data, and the segment; −1 when tie breaks were injected.
  package private(set) var example: [Int32] = []
  package private(set) var segment: [Int32] = []
  /// Engrams of working memory during the step (all of them move on at its end).
  package private(set) var working: [Int32] = []
  /// Engrams of short-term and of long-term memory after the step.
  package private(set) var shortTerm: [Int32] = []
  package private(set) var longTerm: [Int32] = []
  /// Identifier of the first of the step's working memory; the others follow it.
  package private(set) var firstBorn: [Int32] = []
  /// How many long-term engrams the search met.
  package private(set) var found: [Int32] = []
  /// Identifiers of the reminded.
  package private(set) var remindedShortTerm = RaggedColumn<Int32>()
  package private(set) var remindedLongTerm = RaggedColumn<Int32>()
  /// Of the reminded, short-term then long-term ones: age, and lifespan gained in this step.
  package private(set) var ages = RaggedColumn<Int32>()
  package private(set) var credit = RaggedColumn<Float>()
  /// Identifiers that entered long-term memory at the end of the step.
  package private(set) var enteredLongTerm = RaggedColumn<Int32>()
  /// Identifiers that were forgotten, and what they were then (raw values of `EngramKind`).
  package private(set) var died = RaggedColumn<Int32>()
  package private(set) var diedAs = RaggedColumn<UInt8>()

  package init() {}

  package var count: Int { step.count }

  mutating func append(_ happened: EngramStep) {
    step.append(happened.step)
    row.append(happened.row)
    example.append(happened.example)
    segment.append(happened.segment)
    working.append(happened.working)
    shortTerm.append(happened.shortTerm)
    longTerm.append(happened.longTerm)
    firstBorn.append(happened.firstBorn)
    found.append(happened.found)
    remindedShortTerm.append(happened.remindedShortTerm)
    remindedLongTerm.append(happened.remindedLongTerm)
    ages.append(happened.ages)
    credit.append(happened.credit)
    enteredLongTerm.append(happened.enteredLongTerm)
    died.append(happened.died)
    diedAs.append(happened.diedAs)
  }
}
