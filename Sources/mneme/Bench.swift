import ArgumentParser
import Harness
import Tensors

/// `mneme bench`: how fast this machine is at what runs are made of.
struct BenchCommand: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this program is on this machine.",
    discussion: """
      Without a subcommand everything, on one thread, at quick sizes: matrix products, training steps of every model, \
      where their time goes, their scaling, and starting. It takes some minutes; nothing else should run meanwhile.

        mneme bench
        mneme bench matmul --threads 2
        mneme bench steps --sizes paper-256 --threads 2
        mneme bench profile --model memoria
        mneme bench scaling
        mneme bench startup
      """,
    subcommands: [BenchMatmul.self, BenchSteps.self, BenchProfile.self, BenchScaling.self, BenchStartup.self])

  @OptionGroup var voice: VoiceOptions

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let commands: [[String]] = [["matmul"], ["steps"], ["profile"], ["scaling"], ["startup"]]
    for (index, words) in commands.enumerated() {
      guard let command = try BenchCommand.parseAsRoot(words) as? any Performing else { continue }
      if index > 0 { surroundings.output("\n") }
      surroundings.output("mneme bench \(words.joined(separator: " "))\n")
      _ = try await command.perform(surroundings)
    }
    return .done
  }
}

/// With what is measured.
struct ProcessorOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads. Results never depend on it.", valueName: "number"))
  var threads = 1

  @Option(
    name: .customLong("instructions"),
    help: ArgumentHelp("portable, avx2 or avx512; the best of this machine if not given.", valueName: "set"))
  var instructionSet: String?

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads); expected 1 to 1024.")
    }
    guard let instructionSet else { return }
    let available = InstructionSet.available.map(\.description)
    guard available.contains(instructionSet) else {
      throw ValidationError(
        "--instructions is \(instructionSet); this machine runs \(available.joined(separator: ", ")).")
    }
  }

  var chosen: InstructionSet {
    InstructionSet.available.first { $0.description == instructionSet } ?? .best
  }

  var processor: Processor { Processor(chosen, threads: threads) }
}

/// How what was measured is printed.
struct BenchOutput: ParsableArguments {
  @Flag(help: "Print a list of objects for programs, with units in the names.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "What the same command once printed with --json: its numbers and the ratios are shown beside these.",
      valueName: "file"))
  var against: String?

  /// Read before anything is measured: a wrong file costs no minutes.
  func saved() throws -> SavedBenchmark? { try against.map { try SavedBenchmark(reading: $0) } }

  func print(_ table: BenchmarkTable, beside saved: SavedBenchmark?, _ surroundings: Surroundings) throws {
    let table = try saved.map { try table.beside($0) } ?? table
    surroundings.output(json ? table.json : surroundings.folded(table.text))
  }
}

/// How often something is measured.
struct RepetitionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How often each thing is timed; the median counts.", valueName: "number"))
  var times = 5

  func validate() throws { try RepetitionOptions.check(times) }

  static func check(_ times: Int) throws {
    guard (1...1001).contains(times) else {
      throw ValidationError("--times is \(times); expected 1 to 1001.")
    }
  }
}

/// A yardstick of the user's.
struct BesideOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A program that measures the same and prints JSON lines, run in turn with this one.",
      valueName: "command"))
  var beside: String?

  @Option(
    help: ArgumentHelp(
      "With --beside: how many processes of each, in turn; medians count. 3 if not given.",
      valueName: "number"))
  var rounds: Int?

  func validate() throws {
    guard let rounds else { return }
    guard beside != nil else { throw ValidationError("--rounds belongs to --beside; --times repeats alone.") }
    guard (1...101).contains(rounds) else {
      throw ValidationError("--rounds is \(rounds); expected 1 to 101.")
    }
  }

  var count: Int { beside == nil ? 1 : rounds ?? 3 }
}
