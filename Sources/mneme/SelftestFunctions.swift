import ArgumentParser
import Harness
import Records
import Tensors

/// `mneme selftest functions`
struct SelftestFunctions: Speaking {
  static let configuration = CommandConfiguration(
    commandName: "functions",
    abstract:
      "Compute exp, log, tanh, erf and their kin at every float, and compare with the truth and the record.",
    discussion: """
      For each function: the largest error against double precision, and where; whether a larger number ever gives a \
      smaller result; a SHA-256 of all results, which must be the same with every instruction set, and the recorded \
      one. All floats take about half an hour on one thread; the portable kernels, slower still, take part in that \
      only when they are asked for. Exit status: 0 all as it should be, 1 something is not, 2 it could not be done.

        mneme selftest functions --threads 2
        mneme selftest functions --sparse 65537
        mneme selftest functions sin cos
        mneme selftest functions --instructions portable --json
      """)

  @Argument(help: ArgumentHelp("Only these; all if none is named.", valueName: "function"))
  var functions: [String] = []

  @OptionGroup var processor: ProcessorOptions

  @Option(
    help: ArgumentHelp(
      "Take every nth float only, with all instruction sets; 65537 has a record.", valueName: "n"))
  var sparse: Int?

  @Flag(help: "Print a list of objects for programs.")
  var json = false

  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    let known = FunctionUnderTest.all.map(\.name)
    for name in functions where !known.contains(name) {
      let meant = nearest(name, among: known).map { " Did you mean \($0)?" } ?? ""
      throw ValidationError(
        "There is no function \(name); expected \(known.joined(separator: ", ")).\(meant)")
    }
    if let sparse, !(2...1 << 24).contains(sparse) {
      throw ValidationError("--sparse is \(sparse); expected 2 to \(1 << 24).")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    let asked = FunctionUnderTest.all.filter { functions.isEmpty || functions.contains($0.name) }
    let selftest = FunctionSelftest(
      of: asked, step: sparse ?? 1, sets: sets, threads: processor.threads, records: FunctionRecord.all
    ) { surroundings.note($0 + "\n") }
    surroundings.output(json ? selftest.json : surroundings.folded(selftest.text))
    return selftest.isSound ? .done : .finding
  }

  private var sets: [InstructionSet] {
    if processor.instructionSet != nil { return [processor.processor.instructionSet] }
    let available = InstructionSet.available
    return sparse == nil && available.count > 1 ? available.filter { $0 != .portable } : available
  }
}
