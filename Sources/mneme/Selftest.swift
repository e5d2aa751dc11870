import ArgumentParser
import Harness

/// `mneme selftest`: does this program, on this machine, compute what it should?
struct SelftestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Check this program on this machine against numbers that others computed.",
    discussion: """
        mneme selftest oracles Tests/HarnessTests/Reference
        mneme selftest oracles Tests/HarnessTests/Reference --json
        mneme selftest functions --threads 2
      """,
    subcommands: [SelftestOracles.self, SelftestFunctions.self])
}

/// `mneme selftest oracles DIR`
struct SelftestOracles: Performing {
  static let configuration = CommandConfiguration(
    commandName: "oracles",
    abstract: "Compute everything in a folder of oracle files again, and compare.",
    discussion: """
      Prints the largest difference of every quantity beside what it may be, and which files were left out and why. \
      Exit status: 0 all within tolerance, 1 something is not, 2 a file could not be read or none was replayed.

        mneme selftest oracles Tests/HarnessTests/Reference
      """)

  @Argument(help: "The folder of .h5 files.")
  var folder: String

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let summary = OracleSummary(try replayOracles(in: folder))
    surroundings.output(json ? summary.json : summary.text)
    if !summary.failed.isEmpty { return .finding }
    return summary.unreadable.isEmpty && summary.replayed > 0 ? .done : .unable
  }
}
