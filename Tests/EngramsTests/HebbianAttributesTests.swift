import Engrams
import Testing

/// Who is active at each step of a made-up history of `engrams` engrams.
private func activity(_ engrams: Int, steps: Int, seed: Int) -> [Set<Int>] {
  var dice = Dice(seed)
  return (0..<steps).map { _ in
    Set((0..<engrams).filter { _ in Int.random(in: 0..<3, using: &dice) == 0 })
  }
}

/// What an association knows after a history.
private func association(of history: some Sequence<Set<Int>>, engrams: Int) -> Association {
  var association = Association()
  association.add(engrams)
  for active in history { step(&association, active, engrams: engrams) }
  return association
}

private func step(_ association: inout Association, _ active: Set<Int>, engrams: Int) {
  if !association.hasRoom { association.keep(Array(0..<engrams)) }
  association.beginStep()
  for engram in active { association.fire(engram) }
}

/// E_{i→j} = Count_ij / Count_ii
private func weight(_ association: Association, _ i: Int, _ j: Int) -> Double {
  let fired = association.count(i, i)
  return fired > 0 ? Double(association.count(i, j)) / Double(fired) : 0
}

private let pairs = (0..<6).flatMap { i in (0..<6).filter { $0 != i }.map { (i, $0) } }

/// The six attributes of Appendix A, after Gerstner and Kistler (2002).
@Suite struct `The six Hebbian attributes` {
  @Test(arguments: 1...8)
  func `locality: an edge depends on the activity of its two ends alone`(seed: Int) {
    let history = activity(6, steps: 90, seed: seed)
    let elsewhere = activity(6, steps: 90, seed: seed + 1000)
    for (i, j) in pairs {
      let ends: Set = [i, j]
      let other = zip(history, elsewhere).map { $0.intersection(ends).union($1.subtracting(ends)) }
      let (a, b) = (association(of: history, engrams: 6), association(of: other, engrams: 6))
      #expect(weight(a, i, j) == weight(b, i, j))
    }
  }

  @Test(arguments: 1...8)
  func `cooperativity: an edge grows only when both ends are active`(seed: Int) {
    var now = association(of: [], engrams: 6)
    for active in activity(6, steps: 90, seed: seed) {
      let before = now
      step(&now, active, engrams: 6)
      for (i, j) in pairs where weight(now, i, j) > weight(before, i, j) {
        #expect(active.contains(i) && active.contains(j))
      }
      for (i, j) in pairs where active.contains(i) && active.contains(j) && weight(before, i, j) < 1 {
        #expect(weight(now, i, j) > weight(before, i, j))
      }
    }
  }

  @Test(arguments: 1...8)
  func `synaptic depression: an edge shrinks when its source fires without its target`(seed: Int) {
    var now = association(of: [], engrams: 6)
    for active in activity(6, steps: 90, seed: seed) {
      let before = now
      step(&now, active, engrams: 6)
      for (i, j) in pairs where active.contains(i) && !active.contains(j) {
        if before.count(i, j) > 0 {
          #expect(weight(now, i, j) < weight(before, i, j))
        } else {
          #expect(weight(now, i, j) == 0)
        }
      }
    }
  }

  @Test(arguments: 1...8)
  func `boundedness: edges never leave [0, 1]`(seed: Int) {
    var now = association(of: [], engrams: 6)
    for active in activity(6, steps: 90, seed: seed) {
      step(&now, active, engrams: 6)
      for (i, j) in pairs {
        #expect((0...1).contains(weight(now, i, j)))
        #expect(now.count(i, j) <= min(now.count(i, i), now.count(j, j)))
      }
    }
  }

  @Test(arguments: 1...8)
  func `competition: edges to others shrink when one grows`(seed: Int) {
    var now = association(of: [], engrams: 6)
    for active in activity(6, steps: 90, seed: seed) {
      let before = now
      step(&now, active, engrams: 6)
      for (i, j) in pairs where active.contains(i) && active.contains(j) {
        for k in 0..<6 where k != i && !active.contains(k) && before.count(i, k) > 0 {
          #expect(weight(now, i, k) < weight(before, i, k))
        }
      }
    }
  }

  @Test(arguments: 1...8)
  func `long-term stability: every past example counts, whenever it was`(seed: Int) {
    var dice = Dice(seed + 500)
    let history = activity(6, steps: 90, seed: seed)
    var now = association(of: [], engrams: 6)
    for active in history {
      let before = now
      step(&now, active, engrams: 6)
      for (i, j) in pairs { #expect(now.count(i, j) >= before.count(i, j)) }
    }
    let shuffled = association(of: history.shuffled(using: &dice), engrams: 6)
    for (i, j) in pairs { #expect(now.count(i, j) == shuffled.count(i, j)) }
  }

  @Test(arguments: 1...8)
  func `counts are symmetric, and the strongest edge has the largest count`(seed: Int) {
    let now = association(of: activity(6, steps: 40, seed: seed), engrams: 6)
    for (i, j) in pairs { #expect(now.count(i, j) == now.count(j, i)) }
    for i in 0..<6 {
      #expect(weight(now, i, i) == 1)
      var others = SlotSet()
      for j in 0..<6 where j != i { others.insert(j) }
      let largest = (0..<6).filter { $0 != i }.map { weight(now, i, $0) }.max() ?? 0
      var strongest = SlotSets()
      now.strongest(from: [i], among: others, into: &strongest)
      #expect(strongest.slots(of: 0) == (0..<6).filter { $0 != i && weight(now, i, $0) == largest })
    }
  }

  /// The same attributes, observed in a memory that lives, as far as engrams do.
  @Test(arguments: 1...8)
  func `hold in a living memory`(seed: Int) {
    var history = History(sizes(depth: 4, gain: 3), seed: seed)
    var before: [Int32: [Int32: Float]] = [:]
    for _ in 1...30 {
      let episode = history.episode()
      _ = history.remind(episode)
      let snapshot = history.memory.snapshot(ofRow: 0)
      var after: [Int32: [Int32: Float]] = [:]
      for i in 0..<snapshot.count {
        #expect(snapshot.weight(i, i) == 1)
        for j in 0..<snapshot.count {
          let weight = snapshot.weight(i, j)
          #expect((0...1).contains(weight))
          after[snapshot.identifiers[i], default: [:]][snapshot.identifiers[j]] = weight
        }
      }
      history.memorize(episode)
      let log = history.memory.log
      let record = log.count - 1
      let active = Set(
        Array(log.remindedShortTerm[record]) + Array(log.remindedLongTerm[record])
          + (0..<log.working[record]).map { log.firstBorn[record] + $0 })
      for (i, edges) in before {
        for (j, old) in edges where i != j {
          let new = after[i]?[j] ?? -1
          switch (active.contains(i), active.contains(j)) {
          case (true, true): #expect(old < 1 ? new > old : new == 1)
          case (true, false): #expect(old > 0 ? new < old : new == 0)
          case (false, _): #expect(new == old)
          }
        }
      }
      let survivors = Set(history.memory.snapshot(ofRow: 0).identifiers)
      before = after.filter { survivors.contains($0.key) }
        .mapValues { $0.filter { survivors.contains($0.key) } }
    }
  }
}
