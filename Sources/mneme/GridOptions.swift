import ArgumentParser
import Harness

/// Whether a very large grid is meant, for the commands that multiply out those of manifests.
struct GridOptions: ParsableArguments {
  @Flag(help: "Also a grid of more than 100000 runs, which is otherwise taken for a slip.")
  var really = false

  /// The arguments that say the same to another command.
  var arguments: [String] { really ? ["--really"] : [] }
}

/// A command that reads manifests, and so multiplies out their grids.
protocol ExpandingGrids: Speaking {
  var grid: GridOptions { get }
}

extension ExpandingGrids {
  mutating func run() async throws {
    let command = self
    let status = try await Grid.$isMeant.withValue(grid.really) { try await command.answer(.process) }
    throw ExitCode(status.rawValue)
  }
}
