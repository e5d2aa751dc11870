import Archive
import Foundation
import Records
import Testing

/// The Makefile, asked what it would do.
@Suite struct MakefileTests {
  private static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  private func make(_ arguments: [String]) throws -> (text: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // As if the program were built: no rule may want to build it here.
    process.arguments =
      ["make", "-C", Self.project, "--no-print-directory", "-o", ".build/release/mneme"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }

  @Test func `sorting-ablation is a run, a table, and its files`() throws {
    let plan = try make(["-n", "sorting-ablation"])
    #expect(plan.status == 0)
    #expect(plan.text.contains("mneme run Experiments/sorting-ablation.yaml"))
    #expect(plan.text.contains("mneme table Experiments/sorting-ablation.yaml\n"))
    #expect(
      plan.text.contains("-o Results/tables/sorting-ablation.md -o Results/tables/sorting-ablation.csv"))
  }

  @Test(arguments: [
    "help", "sorting", "sorting-cost", "rerun", "diff", "verify", "report", "test", "test-faults", "bench",
    "build",
    "setup",
    "lint", "check", "man",
  ])
  func `every verb is there, and told of`(verb: String) throws {
    #expect(try make(["-n", verb]).status == 0)
    #expect(try make(["-s", "help"]).text.contains("make \(verb) "))
  }

  @Test func `tests get the programs that they compare with and draw by`() throws {
    let plan = try make(["-n", "test-setup"])
    #expect(plan.status == 0)
    #expect(plan.text.contains("command -v gnuplot") && plan.text.contains("gnuplot-nox"))
  }

  @Test func `the commit that a program was made of stands in the records of its attempts`() async throws {
    let bench = try Workbench()
    let run = try bench.place().id.hex
    let program = "\(bench.folder)/mneme"
    do { try FileManager.default.linkItem(atPath: Workbench.program, toPath: program) } catch {
      try FileManager.default.copyItem(atPath: Workbench.program, toPath: program)
    }
    let made = try make(["--eval", "noted: ; @$(call note_sources,\(program))", "noted"])
    #expect(made.status == 0, "\(made.text)")
    let answer = try await output(of: program, ["worker", "--run", run, "--store", bench.store])
    let start = try #require(try bench.place().attempts().first?.start, "\(answer)")
    let head = try await output(of: "/usr/bin/env", ["git", "-C", Self.project, "rev-parse", "HEAD"])
    #expect(start.gitCommit == head.trimmingCharacters(in: .whitespacesAndNewlines))
    let changes = try await output(
      of: "/usr/bin/env",
      ["git", "-C", Self.project, "status", "--porcelain", "--", "Package.swift", "Sources"])
    #expect(start.gitDirty == !changes.isEmpty)
  }

  @Test(arguments: [["rerun"], ["rerun", "HASH="], ["diff"], ["diff", "A=x"], ["verify"], ["report"]])
  func `what is missing gets a sentence`(arguments: [String]) throws {
    let answer = try make(["-s"] + arguments)
    #expect(answer.status == 2)
    #expect(answer.text.contains("Say which: make "))
  }

  @Test func `no shell reads anything into a hash`() throws {
    let plan = try make(["-n", "rerun", "HASH=a'b\"$(shell echo pwned)`echo pwned`;echo pwned"])
    #expect(plan.status == 0)
    #expect(plan.text.contains("rerun --check -- \"$HASH\""))
    #expect(!plan.text.contains("pwned"))
  }
}
