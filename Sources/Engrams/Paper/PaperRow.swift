import Tensors

/// The memory of one sequence.
///
/// Slots are in order of creation, and the three memories are stretches of them:
///
///     0 … long-term … shortTermStart … short-term … workingStart … working … slots
///
/// so that moving an engram on is moving a border. The dead keep their slots until they outnumber the living;
/// then all slots are laid out anew, which makes forgetting cost a constant for each engram that ever lived.
struct PaperRow {
  let configuration: EngramConfiguration
  let level: MemoryLevel
  /// Whether anybody wants to know what happened.
  let keepsLog: Bool

  /// By slot. Vectors never change after creation.
  private(set) var vectors: [Float] = []
  private(set) var identifiers: [Int32] = []
  private(set) var births: [Int32] = []
  var lifespans: [Float] = []
  var living = SlotSet()
  var association = Association()

  var shortTermStart = 0
  var workingStart = 0
  var shortTermCount = 0
  var longTermCount = 0

  /// t: additions of working memory so far.
  private(set) var step: Int32 = 0
  private var nextIdentifier: Int32 = 0
  /// D; fixed by the first working memory.
  private(set) var width = 0

  /// Slots that are being compared with working memory, ascending.
  var candidates: [Int] = []
  /// Slots reminded in this step: short-term ones ascending, then long-term ones ascending.
  var reminded: [Int] = []
  /// How many of them are of short-term memory, and how many long-term engrams were met.
  var remindedShortTerm = 0
  var found = 0
  /// Whether a score was NaN.
  var metNaN = false
  /// Whether `remind` was called and `memorize` was not.
  private var isRemembering = false
  var happened = EngramStep()

  init(_ configuration: EngramConfiguration, level: MemoryLevel, keepsLog: Bool) {
    self.configuration = configuration
    self.level = level
    self.keepsLog = keepsLog
  }

  var slots: Int { identifiers.count }
  var working: Range<Int> { workingStart..<slots }
  var livingCount: Int { longTermCount + shortTermCount + (slots - workingStart) }

  var associationBytes: Int { association.bytes }
  var stateBytes: Int {
    association.bytes + living.words.count * 8 + vectors.count * 4 + identifiers.count * 4 + births.count * 4
      + lifespans.count * 4
  }

  /// Appends working memory: `count` engrams of `width` numbers, all with the initial lifespan.
  mutating func add(_ working: ArraySlice<Float>, count: Int, width: Int) {
    require(!isRemembering, "a memory was reminded twice in one step: memorize comes between")
    require(
      slots == 0 || width == self.width,
      "engrams of width \(width) do not fit a memory of width \(self.width)")
    isRemembering = true
    if slots - livingCount > livingCount + 64 || !association.hasRoom { compact() }
    self.width = width
    step += 1
    for slot in slots..<slots + count { living.insert(slot) }
    vectors += working
    identifiers.append(contentsOf: nextIdentifier..<nextIdentifier + Int32(count))
    births.append(contentsOf: repeatElement(step, count: count))
    lifespans.append(contentsOf: repeatElement(Float(configuration.initialLifespan), count: count))
    association.add(count)
    association.beginStep()
    nextIdentifier += Int32(count)
  }

  /// Ends the step, so that the next working memory may come.
  mutating func endStep() -> EngramStep {
    isRemembering = false
    reminded = []
    defer { happened = EngramStep() }
    return happened
  }

  func age(_ slot: Int) -> Int32 { step - births[slot] }

  func kind(_ slot: Int) -> EngramKind {
    slot >= workingStart ? .working : slot >= shortTermStart ? .shortTerm : .longTerm
  }

  /// `[n, D]` of the given slots.
  func vectors(of slots: [Int]) -> [Float] {
    if let first = slots.first, let last = slots.last, last - first + 1 == slots.count {
      return Array(vectors[first * width..<(last + 1) * width])
    }
    var chosen: [Float] = []
    chosen.reserveCapacity(slots.count * width)
    for slot in slots { chosen += vectors[slot * width..<(slot + 1) * width] }
    return chosen
  }

  /// The vectors of the reminded.
  func offerReminded() -> ChosenRows { ChosenRows(vectors, reminded) }

  var snapshot: EngramSnapshot {
    let slots = living.slots
    return EngramSnapshot(
      vectors: vectors(of: slots), kinds: slots.map { kind($0) }, lifespans: slots.map { lifespans[$0] },
      ages: slots.map { age($0) }, identifiers: slots.map { identifiers[$0] },
      counts: slots.flatMap { i in slots.map { Int32(association.count(i, $0)) } })
  }

  /// Lays the living out without gaps.
  private mutating func compact() {
    let survivors = living.slots
    vectors = vectors(of: survivors)
    identifiers = survivors.map { identifiers[$0] }
    births = survivors.map { births[$0] }
    lifespans = survivors.map { lifespans[$0] }
    association.keep(survivors)
    shortTermStart = longTermCount
    workingStart = longTermCount + shortTermCount
    living = SlotSet()
    for slot in survivors.indices { living.insert(slot) }
  }
}
