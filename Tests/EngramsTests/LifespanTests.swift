import Engrams
import Tensors
import Testing

@Suite struct `Lifespans` {
  @Test(arguments: 1...10)
  func `handed out in a step are α times the number of reminded engrams`(seed: Int) {
    var history = History(sortingSizes, rows: 3, seed: seed)
    for _ in 1...25 { history.live() }
    let log = history.memory.log
    var handedOut = 0
    for record in 0..<log.count {
      let reminded = log.remindedShortTerm[record].count + log.remindedLongTerm[record].count
      let total = log.credit[record].reduce(0, +)
      #expect(log.credit[record].count == reminded)
      #expect(log.ages[record].count == reminded)
      guard reminded > 0 else { continue }
      // All weights may be nothing; then nothing is handed out.
      #expect(total == 0 || abs(total - 4 * Float(reminded)) < 1e-3 * Float(reminded))
      handedOut += total > 0 ? 1 : 0
    }
    #expect(handedOut > 60)
  }

  @Test func `are not handed out when nobody was attended to`() {
    var history = History(sizes(), seed: 3)
    history.live()
    let episode = history.episode()
    _ = history.remind(Episode(working_BWD: episode.working_BWD) { _, _ in 0 })
    history.memorize(Episode(working_BWD: []) { _, _ in 0 })
    #expect(history.memory.log.credit[1].allSatisfy { $0 == 0 })
    #expect(history.memory.snapshot(ofRow: 0).lifespans == [2, 2, 2, 3, 3, 3])
  }

  @Test(arguments: 1...10)
  func `change by the gain less one, and the dead are those at or below zero`(seed: Int) {
    var history = History(sizes(), seed: seed)
    var before: [Int32: Float] = [:]
    for _ in 1...25 {
      history.live()
      let (log, snapshot) = (history.memory.log, history.memory.snapshot(ofRow: 0))
      let record = log.count - 1
      let reminded = Array(log.remindedShortTerm[record]) + Array(log.remindedLongTerm[record])
      let gains = Dictionary(uniqueKeysWithValues: zip(reminded, log.credit[record]))
      let after = Dictionary(uniqueKeysWithValues: zip(snapshot.identifiers, snapshot.lifespans))
      for born in 0..<log.working[record] { before[log.firstBorn[record] + born] = 4 }
      for (id, lifespan) in before {
        let expected = lifespan + (gains[id] ?? 0) - 1
        if let now = after[id] {
          #expect(now > 0 && abs(now - expected) < 1e-5)
        } else {
          #expect(expected <= 1e-5)
          #expect(log.died[record].contains(id))
        }
      }
      #expect(log.died[record].allSatisfy { after[$0] == nil })
      before = after
    }
  }

  @Test(arguments: 1...6)
  func `in the sorting sizes, end before long-term memory for whoever is never reminded`(seed: Int) {
    var history = History(sortingSizes, rows: 2, seed: seed)
    for _ in 1...40 { history.live() }
    let log = history.memory.log
    var remindedOnce = [Set<Int32>(), Set<Int32>()]
    var entered = 0
    for record in 0..<log.count {
      let row = Int(log.row[record])
      remindedOnce[row].formUnion(log.remindedShortTerm[record])
      for id in log.enteredLongTerm[record] { #expect(remindedOnce[row].contains(id)) }
      entered += log.enteredLongTerm[record].count
    }
    #expect(entered > 100)
  }

  @Test(arguments: 1...6)
  func `in the sorting sizes, last for four steps of short-term memory`(seed: Int) {
    var history = History(sortingSizes, seed: seed)
    for _ in 1...40 { history.live() }
    let log = history.memory.log
    for record in 0..<log.count {
      for id in log.enteredLongTerm[record] { #expect(log.step[record] - (id / 8 + 1) == 4) }
      for (id, kind) in zip(log.died[record], log.diedAs[record]) where kind == EngramKind.shortTerm.rawValue
      {
        // At the end of the step in which it would have moved on, and not earlier.
        #expect(log.step[record] - (id / 8 + 1) <= 4)
      }
    }
  }

  enum Attention: CaseIterable { case even, random, favourites }

  /// Appendix E.1: N_ltm → α (N_stm^rem + N_ltm^rem), when (initial lifespan − 1) · N_wm = C_stm.
  @Test(arguments: [1, 2], Attention.allCases)
  func `bound long-term memory in the long run`(seed: Int, attention: Attention) {
    let configuration = sizes(
      engrams: 4, shortTerm: 4, longTerm: 4, capacity: 16, depth: 5, lifespan: 5, gain: 4)
    var history = History(configuration, seed: seed)
    var dice = Dice(seed)
    var sizes: [Double] = []
    for step in 1...700 {
      let episode = history.episode()
      let reminded = history.remind(episode)
      let weights: [Float] = (0..<reminded.visible[0]).map { place in
        switch attention {
        case .even: 1
        case .random: Float.random(in: 0...1, using: &dice)
        case .favourites: place < 3 ? 1 : 0.01
        }
      }
      history.memorize(Episode(working_BWD: []) { _, place in weights[place] })
      if step > 400 { sizes.append(Double(history.memory.log.longTerm[step - 1])) }
    }
    let mean = sizes.reduce(0, +) / Double(sizes.count)
    #expect(mean <= 4 * (4 + 4) + 4)
    #expect(mean > 3)
  }
}

@Suite struct `Engrams` {
  @Test(arguments: 1...6)
  func `never change what they hold, nor come back`(seed: Int) {
    var history = History(sizes(gain: 3), rows: 2, seed: seed)
    var held = [[Int32: [Float]](), [Int32: [Float]]()]
    for _ in 1...40 {
      history.live()
      for row in 0..<2 {
        let snapshot = history.memory.snapshot(ofRow: row)
        for (place, id) in snapshot.identifiers.enumerated() {
          let vector = Array(snapshot.vectors[place * 4..<(place + 1) * 4])
          #expect(held[row][id] == nil || held[row][id] == vector)
          held[row][id] = vector
        }
        #expect(snapshot.identifiers == snapshot.identifiers.sorted())
        for id in held[row].keys where !snapshot.identifiers.contains(id) { held[row][id] = [.nan] }
      }
    }
  }

  @Test(arguments: 1...6)
  func `pass from working through short-term to long-term memory, oldest first`(seed: Int) {
    var history = History(sizes(gain: 3), seed: seed)
    for _ in 1...30 {
      let episode = history.episode()
      _ = history.remind(episode)
      let during = history.memory.snapshot(ofRow: 0)
      #expect(during.identifiers(of: .working).count == 3)
      history.memorize(episode)
      let after = history.memory.snapshot(ofRow: 0)
      #expect(after.identifiers(of: .working).isEmpty)
      #expect(after.identifiers(of: .shortTerm).count <= 9)
      #expect(after.kinds.map { $0.rawValue } == after.kinds.map { $0.rawValue }.sorted(by: >))
    }
  }

  @Test func `without long-term memory leave short-term memory for good`() {
    var history = History(sizes(gain: 8), level: .shortTerm, seed: 2)
    for _ in 1...30 { history.live() }
    let log = history.memory.log
    #expect(log.longTerm.allSatisfy { $0 == 0 })
    #expect(log.shortTerm.allSatisfy { $0 <= 9 })
    #expect(log.found.allSatisfy { $0 == 0 })
    #expect(log.enteredLongTerm.values.isEmpty)
    #expect(!log.died.values.isEmpty)
  }

  /// Appendix E.1, with the numbers of the paper's letters.
  @Test(arguments: 1...6)
  func `cost no more than the paper says`(seed: Int) {
    var history = History(sortingSizes, seed: seed)
    var before = history.memory.effort
    var (shortTerm, longTerm) = (0, 0)
    for step in 0..<40 {
      history.live()
      let (now, found) = (history.memory.effort, Int(history.memory.log.found[step]))
      #expect(now.shortTermDistances - before.shortTermDistances == 8 * shortTerm)
      #expect(shortTerm <= 32)
      #expect(now.longTermDistances - before.longTermDistances == 8 * found)
      #expect(found <= 16 * (5 + 1))
      #expect(now.startEdges - before.startEdges <= 16 * longTerm)
      #expect(now.walkEdges - before.walkEdges <= 16 * longTerm * 5)
      before = now
      shortTerm = Int(history.memory.log.shortTerm[step])
      longTerm = Int(history.memory.log.longTerm[step])
    }
    #expect(before.walkEdges > 0)
  }
}
