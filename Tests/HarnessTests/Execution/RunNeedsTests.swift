import Archive
import Harness
import Records
import Testing

@Suite struct RunNeedsTests {
  @Test func `memory is that of runs with the same sizes, whatever their seed or training`() {
    var needs = RunNeeds()
    needs.add(specification(seed: 1).storedSettings, peakBytes: 100)
    needs.add(specification(seed: 2).storedSettings, peakBytes: 300)
    needs.add(specification(seed: 3).storedSettings, peakBytes: 200)
    #expect(needs.memory(of: specification(seed: 4)) == 300)
    #expect(needs.memory(of: specification(length: 24, seed: 4)) == nil)
  }

  @Test func `a store tells what its runs needed, also those that no manifest names here`() throws {
    let bench = try TemporaryStore()
    for seed in 1...2 { try bench.publish(try bench.assignment(seed: seed).run) }
    _ = try bench.assignment(seed: 3)
    let wanted = specification(seed: 7)
    let needs = try bench.store.needs(of: [wanted])
    #expect(try #require(needs.memory(of: wanted)) > 1 << 20)
    #expect(try #require(needs.bytes(of: wanted)) > 1000)
    #expect(needs.costs.seconds(of: wanted) != nil)
    #expect(
      try bench.store.needs(of: [specification(length: 24)]).memory(of: specification(length: 24)) == nil)
  }
}
