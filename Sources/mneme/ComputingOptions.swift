import ArgumentParser
import Harness

/// With what one run is computed, for every command that has runs computed. No result depends on it.
struct ComputingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads of one run. Results do not depend on it.", valueName: "number"))
  var threads: Int?

  @OptionGroup var instructions: InstructionsOption

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads is \(threads ?? 0); expected 1 to 1024.")
    }
  }

  /// The arguments that say the same to another invocation.
  var arguments: [String] { (threads.map { ["--threads", "\($0)"] } ?? []) + instructions.arguments }
}

/// How often a run saves what it has.
struct CheckpointOption: ParsableArguments {
  @Option(
    name: .customLong("checkpoint-seconds"),
    help: ArgumentHelp(
      "Time between checkpoints; results do not depend on it. Usually what the manifest says, else 60.",
      valueName: "seconds"))
  var seconds: Double?

  func validate() throws {
    guard seconds.map({ $0.isFinite && $0 >= 0 && $0 <= 1e6 }) ?? true else {
      throw ValidationError("--checkpoint-seconds is \(seconds ?? 0); expected 0 to a million.")
    }
  }

  /// The arguments that say the same to another invocation.
  var arguments: [String] { seconds.map { ["--checkpoint-seconds", "\($0)"] } ?? [] }
}

/// An amount of memory as it is typed: `512MiB`, `8GiB`.
struct MemoryAmount {
  /// Nil where none was asked for.
  let bytes: Int?

  /// - Parameter text: what follows `--memory`; nil where it was not given.
  init(_ text: String?) throws {
    bytes = text.flatMap(Quantity.bytes)
    guard text == nil || bytes != nil else {
      throw ValidationError("--memory is \(text ?? ""); expected an amount such as 512MiB or 8GiB.")
    }
  }
}
