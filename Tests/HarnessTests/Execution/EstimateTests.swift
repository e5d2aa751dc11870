import Harness
import Testing

@Suite struct EstimateTests {
  let small = specification(examples: 8, seed: 1)
  let alike = specification(examples: 8, seed: 2)
  let large = specification(examples: 16, seed: 1)

  @Test func `nothing measured, nothing said`() {
    #expect(Estimate().seconds(of: small) == nil)
  }

  @Test func `alike runs take as long as each other`() {
    var estimate = Estimate()
    estimate.measured(small, seconds: 10)
    #expect(estimate.seconds(of: alike) == 10)
  }

  @Test func `an unlike run takes its work at the pace of the others`() {
    var estimate = Estimate()
    estimate.measured(small, seconds: 10)
    #expect(estimate.seconds(of: large) == 20)
  }

  @Test func `a model without memory works on no more segments in a longer document`() {
    var estimate = Estimate()
    estimate.measured(small, seconds: 10)
    #expect(estimate.seconds(of: specification(length: 120)) == 10)
  }

  private func remaining(
    _ running: [Double?], _ waiting: [Double?], _ offer: Offer, _ need: Need = Need()
  ) -> Double? {
    Estimate.remaining(
      running: running.map { (need, $0) }, waiting: waiting.map { (need, $0) }, offer: offer)
  }

  @Test func `runs at a time share what is waiting`() {
    let waiting: [Double?] = [20, 10, 10]
    #expect(remaining([], waiting, Offer(jobs: 1)) == 40)
    #expect(remaining([], waiting, Offer(jobs: 2)) == 20)
    #expect(remaining([5, 1], [10], Offer(jobs: 2)) == 11)
    #expect(remaining([nil], [], Offer(jobs: 2)) == nil)
    #expect(remaining([1], [nil], Offer(jobs: 2)) == nil)
  }

  @Test func `what there is too little of decides`() {
    let gpu = Need(slots: ["gpu": 1])
    #expect(remaining([10], [10, 10], Offer(jobs: 8, slots: ["gpu": 1]), gpu) == 30)
    #expect(remaining([], [10, 10, 10, 10], Offer(jobs: 8, memory: 100), Need(memory: 50)) == 20)
  }

  @Test func `what earlier invocations measured counts`() {
    var costs = Costs()
    costs.add(small.storedSettings, seconds: 7)
    #expect(Estimate(costs).seconds(of: alike) == 7)
  }
}
