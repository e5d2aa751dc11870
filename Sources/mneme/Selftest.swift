import ArgumentParser
import Harness

/// `mneme selftest`: does this program, on this machine, compute what it should?
struct SelftestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Check this program on this machine: against numbers that others computed, and against itself.",
    discussion: """
        mneme selftest bits
        mneme selftest oracles Tests/HarnessTests/Reference
        mneme selftest oracles Tests/HarnessTests/Reference --json
        mneme selftest functions --threads 2
      """,
    subcommands: [SelftestBits.self, SelftestFunctions.self, SelftestOracles.self])
}

/// `mneme selftest oracles DIR`
struct SelftestOracles: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "oracles",
    abstract: "Compute everything in a folder of oracle files again, and compare.",
    discussion: """
      Prints the largest difference of every quantity beside what it may be, and which files were left out and why. \
      Exit status: 0 all within tolerance, 1 something is not, 2 a file could not be read or none was replayed.

        mneme selftest oracles Tests/HarnessTests/Reference
      """)

  @Argument(help: "The folder of .h5 files.", completion: .directory)
  var folder: String

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  @OptionGroup var voice: VoiceOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let summary = OracleSummary(try replayOracles(in: folder))
    surroundings.output(json ? summary.json : surroundings.folded(summary.text))
    if !summary.failed.isEmpty { return .finding }
    return summary.unreadable.isEmpty && summary.replayed > 0 ? .done : .unable
  }
}

/// `mneme selftest bits`
struct SelftestBits: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "bits",
    abstract: "Prove that results do not depend on how they are computed.",
    discussion: """
      Trains every model in a small size again and again: on other threads and other kernels, stopped and resumed, in \
      worker processes side by side and in any order, killed at random moments; and compares every bit of parameters, \
      moments, memories, metrics and published files. Prints a table, and the first differing number of whatever \
      differs. Takes a minute or two; what this processor lacks is not run, and told. Exit status: 0 no difference, 1 a \
      difference, 2 something could not be compared.

        mneme selftest bits
        mneme selftest bits --kills 100 --json
        mneme selftest bits --quick --worker .build/debug/mneme
      """)

  @Option(help: ArgumentHelp("How many worker processes are killed and gone on from.", valueName: "number"))
  var kills = 5

  @Option(
    help: ArgumentHelp(
      "Another build of this program, whose workers are compared with this one; itself if not given.",
      valueName: "program"))
  var worker: String?

  @Flag(help: "Smaller and fewer trainings: seconds in place of minutes.")
  var quick = false

  @Flag(help: "Print an object for programs.")
  var json = false

  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    guard (0...100_000).contains(kills) else {
      throw ValidationError("--kills is \(kills); expected 0 to 100000.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    Interruptions.watch(leavingAt: 2)
    let selftest = BitsSelftest(
      quick ? .quick : .usual, kills: kills, program: worker ?? LocalExecutor.ownProgram)
    do {
      let report = try await selftest.run(
        progress: { surroundings.note("\($0)\n") }, isToLeave: { surroundings.interruptions() > 0 })
      surroundings.output(json ? report.json : surroundings.folded(report.text))
      return report.status
    } catch BitsError.interrupted {
      surroundings.errors("stopped before the end: no table\n")
      return .stopped
    }
  }
}
