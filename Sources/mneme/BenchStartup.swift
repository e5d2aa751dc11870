import ArgumentParser
import Harness

/// `mneme bench startup`
struct BenchStartup: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "startup",
    abstract:
      "Measure starting, and planning, printing, listing and watching a large manifest that is finished.",
    discussion: """
      A store of finished runs is made in a temporary folder, without training; then this program is started again and \
      again, and whole processes are timed.

        mneme bench startup
        mneme bench startup --runs 10000 --json
      """)

  @Option(help: ArgumentHelp("Runs of the manifest; twenty cells have equally many.", valueName: "number"))
  var runs = 1000
  @OptionGroup var repetition: RepetitionOptions
  @OptionGroup var output: BenchOutput
  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    guard (1...100_000).contains(runs) else {
      throw ValidationError("--runs is \(runs); expected 1 to 100000.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let saved = try output.saved()
    let benchmark = try await StartupBenchmark(
      runs: runs, times: repetition.times, program: LocalExecutor.ownProgram
    ) { surroundings.note($0 + "\n") }
    try output.print(benchmark.table, beside: saved, surroundings)
    return .done
  }
}
