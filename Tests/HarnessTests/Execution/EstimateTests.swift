import Harness
import Testing

@Suite struct EstimateTests {
  let small = specification(examples: 8, seed: 1)
  let alike = specification(examples: 8, seed: 2)
  let large = specification(examples: 16, seed: 1)

  @Test func `nothing measured, nothing said`() {
    #expect(Estimate().seconds(of: small) == nil)
    #expect(Estimate().remaining(running: [], waiting: [small], slots: 1) == nil)
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

  @Test func `slots share what is waiting`() {
    var estimate = Estimate()
    estimate.measured(small, seconds: 10)
    let waiting = [large, small, small]
    #expect(estimate.remaining(running: [], waiting: waiting, slots: 1) == 40)
    #expect(estimate.remaining(running: [], waiting: waiting, slots: 2) == 20)
    #expect(estimate.remaining(running: [5, 1], waiting: [small], slots: 2) == 11)
    #expect(estimate.remaining(running: [nil], waiting: [], slots: 2) == nil)
  }

  @Test func `what earlier invocations measured counts`() {
    var costs = Costs()
    costs.add(small.storedSettings, seconds: 7)
    #expect(Estimate(costs).seconds(of: alike) == 7)
  }
}
