import ArgumentParser
import Foundation
import Harness
import Synchronization
import Testing

@testable import mneme

@Suite struct SelftestCommandTests {
  /// What a command line of `selftest functions` answers.
  private func answer(_ arguments: String...) async throws -> (status: Int32, output: String, errors: String)
  {
    let written = Mutex<(output: String, errors: String)>(("", ""))
    let surroundings = Surroundings(
      output: { text in written.withLock { $0.output += text } },
      errors: { text in written.withLock { $0.errors += text } }, surface: .quiet, interruptions: { 0 },
      executor: { store, manifest in LocalExecutor(store: store, manifest: manifest, parent: 1) })
    let parsed = try Mneme.parseAsRoot(["selftest", "functions"] + arguments)
    let command = try #require(parsed as? any Performing)
    let status = try await command.perform(surroundings).rawValue
    return written.withLock { (status, $0.output, $0.errors) }
  }

  @Test func `functions prints a line for each function, and what did not run`() async throws {
    let (status, output, errors) = try await answer("--sparse", "4194304", "--instructions", "portable")
    #expect(status == 0)
    let lines = output.split(separator: "\n")
    #expect(lines.first?.split(separator: " ").prefix(3) == ["function", "kernels", "inputs"])
    // 1,024 floats, and about half of them for sines.
    #expect(
      output.contains(/exp +portable +1024 +0\.[0-9]{4} ulp .* < 1\.0 +yes +[0-9a-f]{12} +no record/),
      "\(output)")
    #expect(output.contains(/sin +none +5[0-9]{2} .* < 0\.500001 +not asked/), "\(output)")
    #expect(lines.last?.hasPrefix("10 functions at every 4194304th float: near enough, in order, ") == true)
    #expect(
      errors.contains(
        #/^exp, portable: 0\.[0-9]{4} ulp at .*, turns back 0 times, [0-9a-f]{64}, 0\.[0-9]+ s\nlog, /#),
      "\(errors)")
    #expect(output.contains("avx2: not run: "))
  }

  @Test func `functions for programs is a list of objects`() async throws {
    let (status, output, _) = try await answer("--sparse", "4194304", "--instructions", "portable", "--json")
    #expect(status == 0)
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
    #expect(rows.count == 10)
    #expect(rows[0]["function"] as? String == "exp" && rows[0]["instructions"] as? String == "portable")
    #expect(rows[0]["sound"] as? Bool == true && rows[0]["reversals"] as? Int == 0)
    #expect((rows[0]["digest"] as? String)?.count == 64)
    #expect(rows[9]["instructions"] == nil && rows[9]["reversals"] == nil)
  }

  @Test(arguments: [["--sparse", "1"], ["--sparse", "0"], ["--instructions", "neon"], ["--threads", "0"]])
  func `what cannot be swept is refused`(arguments: [String]) {
    #expect(throws: (any Error).self) { try Mneme.parseAsRoot(["selftest", "functions"] + arguments) }
  }

  @Test func `a function that there is not is refused, with the nearest`() async throws {
    let error = #expect(throws: (any Error).self) {
      try Mneme.parseAsRoot(["selftest", "functions", "sine", "thanh"])
    }
    let said = error.map { Mneme.message(for: $0) } ?? ""
    #expect(said.contains("There is no function sine; expected exp, log, tanh, "), "\(said)")
    #expect(said.contains("Did you mean sin?"), "\(said)")
  }
}
