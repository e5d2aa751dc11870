import Foundation
import Harness
import Models
import Records
import Subprocess
import SystemPackage
import Tensors
import Testing

/// `mneme selftest bits`, small: the program beside the tests, as a person calls it.
@Suite struct BitsCommandTests {
  private static func selftest(_ arguments: String...) async throws -> Finished {
    let result = try await Subprocess.run(
      .path(FilePath(Workbench.program)), arguments: Arguments(["selftest", "bits"] + arguments),
      input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return Finished(
      status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
  }

  @Test(.timeLimit(.minutes(10))) func `nothing differs on this machine`() async throws {
    let finished = try await Self.selftest("--quick", "--kills", "5")
    #expect(finished.status == .exited(0), "\(finished.output)\(finished.errors)")
    let lines = finished.output.split(separator: "\n").map { String($0) }
    let head = try #require(lines.first { $0.hasPrefix("varied ") })
    for model in modelCatalogue { #expect(head.contains(model.name)) }
    for instructions in InstructionSet.allCases {
      let isAvailable = InstructionSet.available.contains(instructions)
      let row = try #require(lines.first { $0.hasPrefix("\(instructions) kernels, 3 threads") })
      let outcome = isAvailable ? "same" : "not run: no \(instructions)"
      #expect(row.components(separatedBy: outcome).count == modelCatalogue.count + 1)
    }
    for words in [
      "left every 2 steps", "documents read one by one", "a batch of several groups",
      "published by a process", "published with 3 jobs",
      "killed 5 times", "golden digests, by this",
    ] {
      let row = try #require(lines.first { $0.hasPrefix(words) })
      #expect(row.components(separatedBy: "same").count == modelCatalogue.count + 1, "\(row)")
    }
    #expect(lines.last?.contains(" same, 0 different, ") == true)
    #expect(lines[0].contains(BitsReport.build + " build, numerics-"))
    #expect(finished.errors.contains("killed 1 of 1"))
  }

  @Test func `a number of kills that cannot be is refused`() async throws {
    let refused = try await Self.selftest("--kills", "-1")
    #expect(refused.status == .exited(2))
  }

  @Test func `other numerics are seen, and named by tensor, element and bits`() async throws {
    var selftest = BitsSelftest(.quick, kills: 0, program: Workbench.program)
    selftest.parts = [.processors]
    let honest = selftest.training
    // As if three threads added up in another order: another seed gives other bits, everywhere.
    selftest.training = { specification, processor in
      guard processor.workers.threads == 3 else { return try honest(specification, processor) }
      var settings = specification.storedSettings
      settings["seed"] = .integer(2)
      return try honest(try Specification(canonicalBytes: settings.canonicalBytes), processor)
    }
    let report = try await selftest.run(progress: { _ in }, isToLeave: { false })
    #expect(report.status == .finding)
    #expect(report.counts.different == modelCatalogue.count * InstructionSet.available.count)
    #expect(report.counts.same > 0)
    #expect(
      report.text.contains(
        /\(1\) .* kernels, 3 threads, transformer: parameter [a-z0-9._]+, element [0-9]+: expected 0x[0-9a-f]{8}, found 0x[0-9a-f]{8}/
      ))
  }

  @Test func `asked to leave, it has no table`() async throws {
    var selftest = BitsSelftest(.quick, kills: 0, program: Workbench.program)
    selftest.parts = [.processors]
    await #expect(throws: BitsError.self) {
      _ = try await selftest.run(progress: { _ in }, isToLeave: { true })
    }
  }

  @Test func `a program that cannot be started is no pass`() async throws {
    var selftest = BitsSelftest(.quick, kills: 5, program: "/nowhere/mneme")
    selftest.parts = [.campaigns, .kills]
    let report = try await selftest.run(progress: { _ in }, isToLeave: { false })
    #expect(report.status == .unable && report.counts.same == 0)
    #expect(report.counts.failed == report.tables[0].rows.count * modelCatalogue.count)
    #expect(report.tables[0].rows[0].varied == "published by /nowhere/mneme")
  }
}
