import Tensors

/// What numbers of a benchmark depend on besides the program and the sizes.
package struct BenchmarkConditions: Sendable, Equatable {
  let machine: String
  let instructionSet: String
  let threads: Int
  let build: String

  /// Those of the processor of here and now.
  package init() {
    let processor = Processor.current
    self.init(instructionSet: processor.instructionSet.description, threads: processor.workers.threads)
  }

  init(instructionSet: String, threads: Int) {
    machine = MeasuredCost.thisMachine
    (self.instructionSet, self.threads) = (instructionSet, threads)
    #if DEBUG
      build = "debug"
    #else
      build = "release"
    #endif
  }

  /// The line above every table.
  var words: String {
    "\(machine); \(instructionSet) kernels on \(counted(threads, "thread")); \(build) build; medians"
  }

  var cells: [String: BenchmarkTable.Cell] {
    [
      "machine": .text(machine), "instruction_set": .text(instructionSet),
      "threads": .number(Double(threads)),
      "build": .text(build),
    ]
  }
}
