import Harness
import Testing

@Suite struct PackingTests {
  /// The order in which runs begin when those that go end in the order in which they began, one at a time.
  private func order(_ needs: [Need], _ offer: Offer) -> [Int] {
    let packing = Packing(offer)
    var waiting = needs.enumerated().map { (number: $0.offset, need: $0.element, passed: 0) }
    var (going, order): ([Need], [Int]) = ([], [])
    while order.count < needs.count {
      let next = packing.next(among: waiting.count, beside: going) {
        Packing.Candidate(waiting[$0].need, passed: waiting[$0].passed)
      }
      if let next {
        for place in next.passes { waiting[place].passed += 1 }
        let run = waiting.remove(at: next.place)
        going.append(run.need)
        order.append(run.number)
        let fits = going.count <= offer.jobs
        #expect(fits)
        for (name, count) in offer.slots {
          #expect(going.reduce(0) { $0 + ($1.slots[name] ?? 0) } <= count)
        }
      } else if going.isEmpty {
        return order
      } else {
        going.removeFirst()
      }
    }
    return order
  }

  @Test func `runs that need nothing begin in the order of the table`() {
    #expect(order([Need](repeating: Need(), count: 9), Offer(jobs: 3)) == Array(0..<9))
  }

  @Test func `a run without room is passed by those that have it`() {
    let (large, small) = (Need(slots: ["gpu": 1]), Need())
    #expect(order([large, large, small, small], Offer(jobs: 3, slots: ["gpu": 1])) == [0, 2, 3, 1])
  }

  @Test func `memory is packed as slots are, and what is unknown counts as nothing`() {
    let needs = [600, 600, nil, 300, 200].map { Need(memory: $0) }
    #expect(order(needs, Offer(jobs: 5, memory: 1000)) == [0, 2, 3, 1, 4])
  }

  @Test func `a large run is not passed for ever`() throws {
    let needs =
      [Need(memory: 100), Need(memory: 1000)] + [Need](repeating: Need(memory: 100), count: 40)
    let order = order(needs, Offer(jobs: 8, memory: 1000))
    #expect(order.count == needs.count)
    #expect(try #require(order.firstIndex(of: 1)) == 1 + Packing.patience)
  }

  @Test func `a run whose pause is not over is passed and loses nothing`() {
    let next = Packing(Offer(jobs: 1)).next(among: 2, beside: []) {
      Packing.Candidate(Need(), isDue: $0 == 1)
    }
    #expect(next?.place == 1 && next?.passes == [])
  }

  @Test func `memory that turned out to be too much goes alone`() {
    let packing = Packing(Offer(jobs: 4, memory: 1000))
    #expect(packing.fits(Need(memory: 1500), beside: []))
    #expect(!packing.fits(Need(memory: 1500), beside: [Need()]))
  }
}
