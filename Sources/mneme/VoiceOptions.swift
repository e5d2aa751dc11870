import ArgumentParser
import Harness

/// How much is said beside the results, the same for every command.
struct VoiceOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing but what was asked for, and errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say also what each step decided, and where things went.")
  var verbose = false

  func validate() throws {
    guard !quiet || !verbose else {
      throw ValidationError("--quiet and --verbose say the opposite; give one of them.")
    }
  }

  var chosen: Voice { quiet ? .quiet : verbose ? .verbose : .usual }

  /// The arguments that say the same to another invocation.
  var arguments: [String] { quiet ? ["--quiet"] : verbose ? ["--verbose"] : [] }
}

/// A command that can be told how much to say.
protocol Speaking: Performing {
  var voice: VoiceOptions { get }
}

extension Performing {
  /// Does the work as loudly as was asked.
  func answer(_ surroundings: Surroundings) async throws -> ExitStatus {
    let surroundings = surroundings.speaking((self as? any Speaking)?.voice.chosen ?? .usual)
    let clock = ContinuousClock()
    let start = clock.now
    let status = try await perform(surroundings)
    surroundings.detail(
      "exit status \(status.rawValue) (\(status.meaning)) after \(NumberText.seconds((clock.now - start) / .seconds(1)))\n"
    )
    return status
  }
}
