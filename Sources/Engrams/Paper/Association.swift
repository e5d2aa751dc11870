import Tensors

/// Who fired with whom.
///
/// An engram fires at most once in a step, so the paper's table of counts need not be kept:
///
///     Count_ij = |fired_i ∩ fired_j|,   fired_i = the steps at which i fired
///
/// The firings are a matrix of bits, engrams by steps, kept twice. Along an engram it tells the steps at which the
/// engram fired; along a step it tells who fired then, and adding such rows of bits counts for 512 engrams at a time.
/// A step costs two bits for each engram and four bytes for each *pair* in a table: that is the saving. After so many
/// steps that the table would be smaller, what was counted is put into one, so that no document makes it grow for ever.
package struct Association: Sendable {
  /// Bit t of engram s is bit t mod 64 of `firedSteps[s · stepWords + t / 64]`, steps counted from the first kept.
  private var firedSteps: [UInt64] = []
  /// Bit s of step t is bit s mod 64 of `firedSlots[t · slotWords + s / 64]`.
  private var firedSlots: [UInt64] = []
  private var stepWords = 1
  private var slotWords = 1
  private var slots = 0
  private var steps = 0
  /// Count_ij before the first step kept, at i · settled + j, of the engrams that were there then.
  private var earlier: [Int32] = []
  private var settled = 0

  /// Nobody, and no step.
  package init() {}

  /// Whether another step has room; otherwise `keep` makes some.
  package var hasRoom: Bool { steps < stepWords * 64 }

  /// Bytes of both ways of keeping it.
  package var bytes: Int {
    (firedSteps.count + firedSlots.count) * MemoryLayout<UInt64>.size
      + earlier.count * MemoryLayout<Int32>.size
  }

  /// `count` engrams that have not fired yet.
  package mutating func add(_ count: Int) {
    slots += count
    firedSteps.append(contentsOf: repeatElement(0, count: count * stepWords))
    if slots > slotWords * 64 { widen(to: max(2 * slotWords, (slots + 63) / 64)) }
  }

  /// A step in which nobody has fired yet. `hasRoom` must be true.
  package mutating func beginStep() {
    require(hasRoom, "an association of \(steps) steps has no room for another: keep makes some")
    steps += 1
    firedSlots.append(contentsOf: repeatElement(0, count: slotWords))
  }

  /// Engram `slot` fires in the step that was begun last.
  package mutating func fire(_ slot: Int) {
    let step = steps - 1
    firedSteps[slot * stepWords + step / 64] |= 1 << UInt64(step % 64)
    firedSlots[step * slotWords + slot / 64] |= 1 << UInt64(slot % 64)
  }

  /// Count_ij
  package func count(_ i: Int, _ j: Int) -> Int {
    var count = i < settled && j < settled ? Int(earlier[i * settled + j]) : 0
    for word in 0..<stepWords {
      count += (firedSteps[i * stepWords + word] & firedSteps[j * stepWords + word]).nonzeroBitCount
    }
    return count
  }

  /// Those of `candidates` with the largest Count from each of `slots`; nobody where all counts are 0.
  ///
  /// `strongest` gets a set for each, in their order, and keeps the room of earlier ones.
  package func strongest(from slots: [Int], among candidates: SlotSet, into strongest: inout SlotSets) {
    strongest.widen(to: candidates.words.count)
    let company = Company(
      times: firedSteps, timeWords: stepWords, present: firedSlots, presentWords: slotWords)
    company.mostTogether(with: slots, among: candidates.words, rows: &strongest.words)
    for (place, slot) in slots.enumerated() where slot < settled {
      strongest.replace(place, by: strongestByTable(from: slot, among: candidates))
    }
  }

  /// The same of one that was there before the first step kept, one candidate after another.
  private func strongestByTable(from slot: Int, among candidates: SlotSet) -> SlotSet {
    var (ahead, most) = (SlotSet(), 0)
    for candidate in candidates.slots {
      let count = count(slot, candidate)
      if count > most { (ahead, most) = (SlotSet(), count) }
      if count == most && count > 0 { ahead.insert(candidate) }
    }
    return ahead
  }

  /// Forgets all engrams but `survivors` (ascending slots), who move up, and the earliest steps at which none of
  /// them fired; makes room for further steps. Costs as much as there are firings kept.
  package mutating func keep(_ survivors: [Int]) {
    var dropped = steps / 64
    for slot in survivors {
      var word = 0
      while word < dropped && firedSteps[slot * stepWords + word] == 0 { word += 1 }
      dropped = word
    }
    var kept = steps - 64 * dropped
    if kept > max(Association.leastSettled, Association.stepsOfAnEngram * survivors.count) {
      earlier = survivors.flatMap { i in survivors.map { Int32(count(i, $0)) } }
      settled = survivors.count
      (dropped, kept) = ((steps + 63) / 64, 0)
    } else if settled > 0 {
      let remaining = survivors.filter { $0 < settled }
      earlier = remaining.flatMap { i in remaining.map { earlier[i * settled + $0] } }
      settled = remaining.count
    }
    let needed = kept / 64 + 1
    let newStepWords = needed <= stepWords - dropped ? stepWords - dropped : needed + needed / 2
    var newFiredSteps = [UInt64](repeating: 0, count: survivors.count * newStepWords)
    slotWords = max(1, (survivors.count + 63) / 64)
    firedSlots = [UInt64](repeating: 0, count: kept * slotWords)
    for (slot, old) in survivors.enumerated() {
      for word in dropped..<(steps + 63) / 64 {
        var firings = firedSteps[old * stepWords + word]
        newFiredSteps[slot * newStepWords + word - dropped] = firings
        while firings != 0 {
          let step = (word - dropped) * 64 + firings.trailingZeroBitCount
          firings &= firings - 1
          firedSlots[step * slotWords + slot / 64] |= 1 << UInt64(slot % 64)
        }
      }
    }
    firedSteps = newFiredSteps
    stepWords = newStepWords
    slots = survivors.count
    steps = kept
  }

  /// Bits of so many steps, for one engram, take as much room as its row of a table for each engram there is, twice over.
  private static let stepsOfAnEngram = 32
  /// Fewer steps than this are never put into a table.
  private static let leastSettled = 128

  /// Lays the steps' rows out for `words` words of slots.
  private mutating func widen(to words: Int) {
    var wider = [UInt64](repeating: 0, count: steps * words)
    for step in 0..<steps {
      for word in 0..<slotWords { wider[step * words + word] = firedSlots[step * slotWords + word] }
    }
    firedSlots = wider
    slotWords = words
  }
}
