/// Stage 3: who lives longer, who is forgotten, who moves on (§3.4, Algorithm 3).
extension PaperRow {
  /// Works through the stage in the configured order. `weights` belong to the reminded, in their order.
  mutating func memorize(_ weights: ArraySlice<Float>) -> EngramStep {
    extendLifespans(by: weights)
    switch configuration.order {
    case .text:
      decreaseLifespans()
      removeDead()
      moveWorkingToShortTerm()
      moveShortTermToLongTerm()
    case .algorithm3:
      moveWorkingToShortTerm()
      decreaseLifespans()
      removeDead()
      moveShortTermToLongTerm()
    }
    happened.shortTerm = Int32(shortTermCount)
    happened.longTerm = Int32(longTermCount)
    return endStep()
  }

  /// Hands α · |M^rem| out among the reminded, by their share of attention:
  ///
  ///     Inc_i = w_i / Σ_k w_k · |M^rem| · α   (§3.4, step 2);  0 when nobody was attended to
  private mutating func extendLifespans(by weights: ArraySlice<Float>) {
    let total = weights.reduce(0.0) { $0 + Double($1) }
    let share = total > 0 ? Double(reminded.count) * configuration.lifespanGain / total : 0
    for (slot, weight) in zip(reminded, weights) {
      let increment = Float(Double(weight) * share)
      lifespans[slot] += increment
      if keepsLog { happened.credit.append(increment) }
    }
  }

  /// Every engram grows a step older, working memory too.
  private mutating func decreaseLifespans() {
    for slot in lifespans.indices { lifespans[slot] -= 1 }
  }

  private mutating func removeDead() {
    for slot in living.slots where lifespans[slot] <= 0 {
      switch kind(slot) {
      case .shortTerm: shortTermCount -= 1
      case .longTerm: longTermCount -= 1
      case .working, .none: break
      }
      forget(slot)
    }
  }

  private mutating func moveWorkingToShortTerm() {
    shortTermCount += living.count(in: working)
    workingStart = slots
  }

  /// The oldest beyond the capacity leave short-term memory; where there is no long-term memory they are forgotten.
  private mutating func moveShortTermToLongTerm() {
    while shortTermCount > configuration.shortTermCapacity {
      if living.contains(shortTermStart) {
        shortTermCount -= 1
        if level == .longTerm {
          longTermCount += 1
          if keepsLog { happened.enteredLongTerm.append(identifiers[shortTermStart]) }
        } else {
          forget(shortTermStart)
        }
      }
      shortTermStart += 1
    }
  }

  private mutating func forget(_ slot: Int) {
    living.remove(slot)
    guard keepsLog else { return }
    happened.died.append(identifiers[slot])
    happened.diedAs.append(kind(slot).rawValue)
  }

  /// Writes down who was reminded, for the log.
  mutating func report(_ occasion: Occasion, row: Int) {
    happened.step = step
    happened.row = Int32(row)
    happened.example = Int32(occasion.examples[row])
    happened.segment = Int32(occasion.segment)
    happened.working = Int32(working.count)
    happened.firstBorn = identifiers[workingStart]
    happened.found = Int32(found)
    happened.remindedShortTerm = reminded.prefix(remindedShortTerm).map { identifiers[$0] }
    happened.remindedLongTerm = reminded.dropFirst(remindedShortTerm).map { identifiers[$0] }
    happened.ages = reminded.map { age($0) }
  }
}
