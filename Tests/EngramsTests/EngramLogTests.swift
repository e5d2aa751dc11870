import Engrams
import Tensors
import Testing

@Suite struct `The log` {
  /// Whoever reads the log alone must find the memory's own account of itself.
  @Test(arguments: [sizes(gain: 3), sizes(.reference11, gain: 3)])
  func `tells who lives where, and how old the reminded are`(configuration: EngramConfiguration) {
    let rows = 2
    var history = History(configuration, rows: rows, seed: 4, examples: [12, 30])
    var births = [[Int32: Int32]](repeating: [:], count: rows)
    var dead = [Set<Int32>](repeating: [], count: rows)
    var longTerm = [Set<Int32>](repeating: [], count: rows)
    for step in 1...25 {
      history.live()
      let log = history.memory.log
      #expect(log.count == step * rows)
      for row in 0..<rows {
        let record = log.count - rows + row
        #expect(log.step[record] == Int32(step) && log.row[record] == Int32(row))
        #expect(log.example[record] == [12, 30][row] && log.segment[record] == Int32(step))
        for id in log.firstBorn[record]..<log.firstBorn[record] + log.working[record] {
          #expect(births[row][id] == nil)
          births[row][id] = Int32(step)
        }
        let reminded = Array(log.remindedShortTerm[record]) + Array(log.remindedLongTerm[record])
        #expect(log.ages[record].elementsEqual(reminded.map { Int32(step) - (births[row][$0] ?? 0) }))
        #expect(log.credit[record].count == reminded.count)
        #expect(log.remindedLongTerm[record].allSatisfy { longTerm[row].contains($0) })
        #expect(log.remindedShortTerm[record].allSatisfy { !longTerm[row].contains($0) })
        #expect(log.remindedLongTerm[record].count <= Int(log.found[record]))

        longTerm[row].formUnion(log.enteredLongTerm[record])
        #expect(log.died[record].count == log.diedAs[record].count)
        for id in log.died[record] { #expect(dead[row].insert(id).inserted && births[row][id] != nil) }
        longTerm[row].subtract(log.died[record])

        let snapshot = history.memory.snapshot(ofRow: row)
        let living = snapshot.identifiers.filter { $0 >= 0 }
        #expect(Set(living) == Set(births[row].keys).subtracting(dead[row]))
        #expect(Set(snapshot.identifiers(of: .longTerm)) == longTerm[row])
        #expect(Int(log.longTerm[record]) == longTerm[row].count)
        #expect(Int(log.shortTerm[record]) == snapshot.identifiers(of: .shortTerm).count)
      }
    }
    #expect(longTerm.allSatisfy { !$0.isEmpty })
    #expect(!history.memory.log.remindedLongTerm.values.isEmpty)
  }

  @Test func `is kept only when asked for, and changes nothing`() {
    var silent = EngramMemory(sizes(), level: .longTerm, rows: 1)
    var telling = EngramMemory(sizes(), level: .longTerm, rows: 1, keepsLog: true)
    var dice = Dice(8)
    for segment in 1...12 {
      let working = Tensor([1, 3, 4], dice.floats(12, in: -1...1))
      let tieBreak = TieBreak.addressed(Occasion(seed: 1, step: 1, segment: segment, examples: [0]))
      let places = silent.remind(working, tieBreak: tieBreak).visible[0]
      _ = telling.remind(working, tieBreak: tieBreak)
      let weights = dice.floats(places, in: 0...1)
      silent.memorize(weight_BN: weights)
      telling.memorize(weight_BN: weights)
    }
    #expect(silent.log == EngramLog())
    #expect(telling.log.count == 12)
    #expect(silent.snapshot(ofRow: 0) == telling.snapshot(ofRow: 0))
  }

  @Test func `ragged columns give back what went in`() {
    var history = History(sizes(), seed: 6)
    for _ in 1...10 { history.live() }
    let column = history.memory.log.remindedShortTerm
    #expect(column.offsets.count == 11 && column.offsets[0] == 0)
    #expect((0..<10).flatMap { Array(column[$0]) } == column.values)
  }
}
