import Archive
import Harness
import Testing

@Suite struct RetryRulesTests {
  private let run = specification().run

  /// The pauses of all retries that follow one and the same failure, in seconds.
  private func pauses(
    _ failure: FailureClass, allowed: Int = 0, hasProgressed: Bool = false, _ rules: RetryRules = RetryRules()
  ) -> [Double] {
    var (tally, pauses) = (RetryRules.Tally(), [Double]())
    while pauses.count < 20,
      let retry = rules.retry(of: run, after: failure, tally, allowed: allowed, hasProgressed: hasProgressed)
    {
      tally = retry.tally
      pauses.append(retry.pause.inSeconds)
    }
    return pauses
  }

  @Test(arguments: [FailureClass.killed, .io])
  func `the surroundings get three more chances, after 1, 4 and 16 seconds or a quarter off`(
    failure: FailureClass
  ) {
    let pauses = pauses(failure)
    #expect(pauses.count == 3)
    for (pause, wanted) in zip(pauses, [1.0, 4, 16]) { #expect(abs(pause / wanted - 1) <= 0.25) }
  }

  @Test func `a pause is the run's own and always the same`() {
    #expect(pauses(.killed) == pauses(.killed))
    let rules = RetryRules()
    let others = (1...20).compactMap { seed in
      rules.retry(
        of: specification(seed: seed).run, after: .killed, .init(), allowed: 0, hasProgressed: false)?.pause
    }
    #expect(Set(others).count == 20)
  }

  @Test(arguments: [FailureClass.crash, .error, .noResult])
  func `what the run did itself is tried again as often as it says, and by itself never`(
    failure: FailureClass
  ) {
    #expect(pauses(failure).isEmpty)
    #expect(pauses(failure, allowed: 2).count == 2)
  }

  @Test func `accidents are on nobody's account`() throws {
    let rules = RetryRules()
    var tally = RetryRules.Tally()
    for _ in 1...3 {
      let retry = rules.retry(of: run, after: .killed, tally, allowed: 1, hasProgressed: false)
      tally = try #require(retry).tally
    }
    #expect(rules.retry(of: run, after: .crash, tally, allowed: 1, hasProgressed: false)?.number == 1)
    #expect(rules.retry(of: run, after: .killed, tally, allowed: 1, hasProgressed: false) == nil)
  }

  @Test func `time goes on as long as it brings the run further`() {
    #expect(pauses(.timeout, hasProgressed: true) == [Double](repeating: 0, count: 20))
    #expect(pauses(.timeout, allowed: 9).isEmpty)
  }

  @Test func `memory is tried again only where it was asked for, and what diverged never`() {
    #expect(pauses(.outOfMemory, allowed: 9, hasProgressed: true).isEmpty)
    var rules = RetryRules()
    rules.retriesOutOfMemory = true
    #expect(pauses(.outOfMemory, rules).count == 3)
    #expect(pauses(.diverged, allowed: 9, hasProgressed: true, rules).isEmpty)
  }
}
