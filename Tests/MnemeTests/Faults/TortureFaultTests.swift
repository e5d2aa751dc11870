import FaultSuite
import Foundation
import Harness
import Subprocess
import Testing

/// Death at random moments.
@Suite(.enabled(if: FaultFigures.isAsked, "slow: `make test-faults`"))
struct TortureFaultTests {
  @Test(.timeLimit(.minutes(15)))
  func `after 200 kills of workers, schedulers and both every byte is that of the undisturbed runs`()
    async throws
  {
    let bench = try Workbench(examples: 40, seeds: [1, 2, 3])
    let tortured = try await bench.mneme(
      ["torture", bench.manifest, "--kills", "200", "--seed", "3", "--json"])
    #expect(tortured.status == .exited(0), "\(tortured.output)\(tortured.errors)")
    let told = try #require(
      try JSONSerialization.jsonObject(with: Data(tortured.output.utf8)) as? [String: Any])
    func figure(_ key: String) throws -> Int { try #require(told[key] as? Int, "\(key)") }
    #expect(try figure("kills.total") == 200)
    for (victim, words) in [("worker", "a worker"), ("scheduler", "the scheduler"), ("both", "both")] {
      let kills = try figure("kills.\(victim)")
      #expect(kills > 30, "\(victim)")
      try FaultFigures.count("kill -9 at a random moment", "of \(words)", kills)
    }
    let phases = [
      ("starting", "starting"), ("training", "training"), ("checkpoint", "writing a checkpoint"),
      ("publishing", "publishing"),
    ]
    for (phase, words) in phases {
      try FaultFigures.count(
        "kill -9 at a random moment", "(worker was \(words))", try figure("phases.\(phase)"))
    }
    #expect(try figure("phases.checkpoint") > 5 && figure("resumed.checkpoint") > 5)
    #expect(try figure("numbers.read") > 0)
    let zeroes = [
      ("results.lost", "finished runs lost"), ("files.different", "files that differ"),
      ("numbers.wrong", "wrong numbers read meanwhile"), ("fsck.damage", "damage by fsck --deep"),
    ]
    for (key, words) in zeroes {
      #expect(try figure(key) == 0, "\(key)")
      try FaultFigures.count("after those kills", words, try figure(key))
    }
    let totals = [
      ("files.compared", "files compared byte by byte"), ("numbers.read", "numbers read meanwhile"),
      ("resumed.checkpoint", "attempts resumed from a checkpoint"), ("rounds", "stores brought to the end"),
    ]
    for (key, words) in totals { try FaultFigures.count("after those kills", words, try figure(key)) }
  }
}
