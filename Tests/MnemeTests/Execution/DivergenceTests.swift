import Archive
import Foundation
import Records
import Subprocess
import Testing

@Suite struct DivergenceTests {
  @Test
  func `a run that diverges fails with a sentence that status, show and logs repeat, and leaves no result`()
    async throws
  {
    let bench = try Workbench(examples: 40, rate: "1e18")
    let worked = try await bench.work(checkpointSeconds: 60)
    #expect(worked.status == .exited(1))
    let place = try bench.place()
    #expect(try place.state() == .failed(.diverged, attempts: 1))
    #expect(!FileManager.default.fileExists(atPath: place.resultPath))
    let message = try #require(try place.attempts().last?.end?.message)
    let match = try #require(
      message.wholeMatch(
        of: /step ([0-9]+): the (.+); first not finite: (.+), element [0-9]+ = (.+) \(segment [01]\)/),
      "\(message)")
    // What was good is kept, to be looked at and gone on from.
    let step = try #require(UInt64(match.1))
    #expect(step > 1)
    #expect(try place.checkpoints().map(\.step) == [step - 1])
    for command in [["status", bench.manifest], ["show", place.id.hex], ["logs", place.id.hex]] {
      let said = try await bench.mneme(command)
      // Logs are what the process wrote; how it ended stands beside them.
      let text = command[0] == "logs" ? said.errors : said.output
      #expect(text.contains(message), "\(command[0]): \(text)")
    }

    let again = try await bench.work(checkpointSeconds: 60)
    #expect(again.status == .exited(1))
    #expect(again.output.contains("\"step\":\(step - 1)}}"), "it did not go on from what was saved")
    #expect(try place.attempts().compactMap { $0.end?.message } == [message, message])
    #expect(try place.state() == .failed(.diverged, attempts: 2))
  }
}
