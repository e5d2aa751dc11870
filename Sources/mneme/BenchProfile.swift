import ArgumentParser
import Foundation
import Harness
import Records
import Tensors

/// `mneme bench profile`
struct BenchProfile: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract:
      "Show where the time of a training step goes, kernel by kernel, and the least that it could take.",
    discussion: """
      The first step of a run, again and again, with a clock around every kernel, in turn with steps without one. Each \
      model has a process of its own. For each kernel: its calls, what they take of a step, and what they would take if \
      every call were as fast as it was in any of the steps. Useful operations are those of matrix products and \
      attention, from their shapes; of bound is the part of the time that they would take at the rate of the best product \
      of these shapes, measured in the same process.

        mneme bench profile --model memoria
        mneme bench profile --sizes paper-256 --full --threads 2
        mneme bench profile --model transformer --segment-length 64 --times 100
        mneme bench profile --json > saved.json
        mneme bench profile --against saved.json

      Below the kernels: what is between them, on all threads together; the whole step with the clock and without it; \
      and all kernels at their least, whose part of the bound is what a step would reach with these kernels if nothing \
      at all happened between them and nothing ever disturbed them; the bound is then that of the product's fastest \
      try. What reading the clock takes stands above the table and is in no call's time.
      """)

  @Option(help: "Only this model. May be repeated.") var model: [String] = []
  @OptionGroup var sizes: SizeOptions

  @Flag(help: "Compute everything, also what cannot reach a label, which a run leaves out.")
  var full = false

  @Option(
    help: ArgumentHelp(
      "How many steps are timed; the median counts, and of every call the fastest.", valueName: "number"))
  var times = 20
  @OptionGroup var processor: ProcessorOptions
  @OptionGroup var output: BenchOutput
  @OptionGroup var voice: VoiceOptions

  /// What this command asks its own processes for: one run, as the bytes of its settings.
  @Option(help: .hidden) var specification: String?

  func validate() throws { try RepetitionOptions.check(times) }

  private var omission: Omission { full ? .nothing : .everythingNeedless }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    if let specification { return try measure(specification, surroundings) }
    let saved = try output.saved()
    let sizes = sizes.sizes
    let subjects = try (model.isEmpty ? StepSizes.models : model).map {
      StepBenchmark.Subject($0, try sizes.specification(of: $0))
    }
    let conditions = StepBenchmark.Conditions(
      instructionSet: processor.chosen.description, threads: processor.threads, times: times,
      omission: omission)
    let benchmark = try await ProfileBenchmark(subjects, conditions, program: LocalExecutor.ownProgram) {
      surroundings.note($0 + "\n")
    }
    try output.print(benchmark.table(notes: [sizes.words]), beside: saved, surroundings)
    return .done
  }

  /// One run, in this process.
  private func measure(_ text: String, _ surroundings: Surroundings) throws -> ExitStatus {
    let run = try StepBenchmark.specification(hex: text)
    let found = Processor.$current.withValue(processor.processor) {
      StepProfile(of: run, times: times, omission: omission)
    }
    surroundings.output(String(decoding: try JSONEncoder().encode(found), as: UTF8.self) + "\n")
    return .done
  }
}
