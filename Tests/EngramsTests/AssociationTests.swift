import Engrams
import Testing

@Suite struct `Associations` {
  /// A table of counts beside the bits, through births, deaths and more steps than a word has bits.
  @Test(arguments: 1...6)
  func `count as a table does, whoever leaves`(seed: Int) {
    var dice = Dice(seed)
    var association = Association()
    var counts: [[Int]] = []
    var strongest = SlotSets()
    for step in 1...300 {
      let dying = step % 7 == 0 || !association.hasRoom
      if dying {
        let survivors = counts.indices.filter { _ in Int.random(in: 0..<5, using: &dice) > 0 }
        association.keep(survivors)
        counts = survivors.map { i in survivors.map { counts[i][$0] } }
      }
      let born = Int.random(in: 0...6, using: &dice)
      association.add(born)
      for index in counts.indices { counts[index] += Array(repeating: 0, count: born) }
      let size = counts.count + born
      counts += Array(repeating: Array(repeating: 0, count: size), count: born)
      association.beginStep()
      let active = (0..<size).filter { _ in Int.random(in: 0..<4, using: &dice) == 0 }
      for i in active {
        association.fire(i)
        for j in active { counts[i][j] += 1 }
      }
      guard step % 10 == 0 else { continue }
      for i in 0..<size {
        for j in 0..<size { #expect(association.count(i, j) == counts[i][j]) }
        var candidates = SlotSet()
        let chosen = (0..<size).filter { $0 != i && Int.random(in: 0..<2, using: &dice) == 0 }
        for slot in chosen { candidates.insert(slot) }
        let most = chosen.map { counts[i][$0] }.max() ?? 0
        let expected = most > 0 ? chosen.filter { counts[i][$0] == most } : []
        association.strongest(from: [i], among: candidates, into: &strongest)
        #expect(strongest.slots(of: 0) == expected)
      }
    }
    #expect(counts.count > 20)
  }

  /// More engrams than are counted at once, in groups that fire together; some come late.
  @Test(arguments: 1...2)
  func `the strongest of many are found for all who ask, as a table finds them`(seed: Int) {
    var (association, dice, strongest) = (Association(), Dice(seed), SlotSets())
    let size = 1_300
    var counts = [[Int]](repeating: Array(repeating: 0, count: size), count: size)
    association.add(size / 2)
    var steps = 0
    func live() {
      association.beginStep()
      steps += 1
      let group = Int.random(in: 0..<7, using: &dice)
      let active = (0..<(steps < 20 ? size / 2 : size)).filter {
        $0 % 7 == group ? dice.next() % 3 > 0 : dice.next() % 60 == 0
      }
      for i in active {
        association.fire(i)
        for j in active { counts[i][j] += 1 }
      }
    }
    for _ in 1..<20 { live() }
    association.add(size - size / 2)
    for _ in 1...40 { live() }
    for _ in 1...3 {
      var candidates = SlotSet()
      let chosen = (0..<size).filter { _ in dice.next() % 4 > 0 }
      for slot in chosen { candidates.insert(slot) }
      let asking = (0..<40).map { _ in Int.random(in: 0..<size, using: &dice) }
      association.strongest(from: asking, among: candidates, into: &strongest)
      for (place, i) in asking.enumerated() {
        let most = chosen.map { counts[i][$0] }.max() ?? 0
        let expected = most > 0 ? chosen.filter { counts[i][$0] == most } : []
        #expect(strongest.slots(of: place) == expected, "engram \(i)")
      }
    }
  }

  @Test func `counts of many steps are put into a table, and stay what they were`() {
    var (association, dice) = (Association(), Dice(7))
    var counts = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    var bytes: [Int] = []
    var strongest = SlotSets()
    association.add(4)
    for step in 1...20_000 {
      if !association.hasRoom {
        // The last engram leaves, and another comes.
        association.keep([0, 1, 2])
        association.add(1)
        for i in 0..<4 { (counts[i][3], counts[3][i]) = (0, 0) }
      }
      association.beginStep()
      let active = (0..<4).filter { _ in Int.random(in: 0..<3, using: &dice) == 0 }
      for i in active {
        association.fire(i)
        for j in active { counts[i][j] += 1 }
      }
      bytes.append(association.bytes)
      guard step % 97 == 0 else { continue }
      for i in 0..<4 {
        for j in 0..<4 { #expect(association.count(i, j) == counts[i][j], "step \(step)") }
        var others = SlotSet()
        for j in 0..<4 where j != i { others.insert(j) }
        let asking = [3, i, 0]
        association.strongest(from: asking, among: others, into: &strongest)
        for (place, asked) in asking.enumerated() {
          let most = others.slots.map { counts[asked][$0] }.max() ?? 0
          let expected = most > 0 ? others.slots.filter { counts[asked][$0] == most } : []
          #expect(strongest.slots(of: place) == expected, "step \(step)")
        }
      }
    }
    #expect((bytes.last ?? 0) <= (bytes.prefix(3_000).max() ?? 0), "no more than after 3,000 steps")
  }

  @Test func `steps at which nobody left alive fired are let go`() {
    var association = Association()
    association.add(2)
    var bytes: [Int] = []
    for _ in 1...5000 {
      if !association.hasRoom {
        association.keep([1])
        association.add(1)
      }
      association.beginStep()
      association.fire(1)
      bytes.append(association.bytes)
    }
    #expect(bytes.max() ?? 0 < 4000)
  }

  @Test func `take a small part of a table's bytes`() {
    // 32 steps of 128 engrams, nobody forgotten.
    var association = Association()
    for _ in 1...32 {
      association.add(128)
      association.beginStep()
    }
    #expect(association.bytes * 1000 < 4 * 4096 * 4096)
  }
}
