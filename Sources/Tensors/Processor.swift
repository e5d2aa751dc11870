package import CKernels

/// The instruction sets that kernels are compiled for. Results never depend on the choice; speed does.
package enum InstructionSet: Int32, Sendable, CaseIterable, CustomStringConvertible {
  case portable = 0
  case avx2 = 1
  case avx512 = 2

  /// Those that this machine runs, slowest first.
  package static var available: [InstructionSet] { allCases.filter { kernels_for($0.rawValue) != nil } }

  /// The fastest that this machine runs.
  package static var best: InstructionSet {
    InstructionSet(rawValue: isa_best()) ?? .portable
  }

  package var description: String { String(cString: isa_name(rawValue)) }
}

/// How numbers are computed: by which kernels, on how many threads.
///
/// Neither changes a bit of any result, so the choice is no part of a model or a run: it is made once for a process,
/// or for the extent of a closure:
///
///     Processor.$current.withValue(Processor(.avx2, threads: 3)) { … }
///
/// This is the seam for other devices: everything above calls `kernels` through operations, and reads an element only
/// by copying (`Tensor.values`).
///
/// Its sendability is unchecked: the table is a constant of C, and `Workers` guards itself.
package final class Processor: @unchecked Sendable {
  @TaskLocal package static var current = Processor(.best, threads: 1)

  package let kernels: kernel_table
  package let workers: Workers
  package let instructionSet: InstructionSet
  /// The same on one thread, for work that was shared out already; nil where this is it.
  private let alone: Processor?

  package init(_ instructionSet: InstructionSet, threads: Int) {
    guard let table = kernels_for(instructionSet.rawValue) else {
      fatalError(
        "this machine does not run \(instructionSet) kernels; it runs "
          + InstructionSet.available.map(\.description).joined(separator: ", "))
    }
    set_floating_point_environment()
    keep_freed_memory()
    self.kernels = table.pointee
    self.workers = Workers(threads: threads)
    self.instructionSet = instructionSet
    alone = threads > 1 ? Processor(instructionSet, threads: 1) : nil
  }

  /// The same threads, with kernels that also write down how long each call took: for `KernelTiming`.
  init(timing other: Processor) {
    guard let table = timed_kernels_for(other.instructionSet.rawValue) else {
      fatalError("this machine does not run \(other.instructionSet) kernels, timed or not")
    }
    kernels = table.pointee
    workers = other.workers
    instructionSet = other.instructionSet
    alone = other.alone.map { Processor(timing: $0) }
  }

  /// How many parts whole computations may be cut into, to be computed side by side: one a thread, unless somebody looks
  /// at every operation.
  package var separateParts: Int {
    Scrutiny.current == nil && !UsefulOperations.areCounted ? workers.threads : 1
  }

  /// Calls `body` with every part, each on one thread: operations inside share nothing out, and no thread waits for
  /// another before the end.
  package func separately<Part>(_ parts: inout [Part], _ body: (inout Part) -> Void) {
    guard let alone, parts.count > 1 else {
      for index in parts.indices { body(&parts[index]) }
      return
    }
    parts.withUnsafeMutableBufferPointer { parts in
      workers.share(parts.count, cost: 1 << 32) { range in
        Processor.$current.withValue(alone) {
          for index in range { body(&parts[index]) }
        }
      }
    }
  }
}

/// Hands back to the system the memory of freed tensors, which is kept for the next ones otherwise.
package func returnFreedMemory() {
  Arena.returnFree()
  return_freed_memory()
}

/// The kernels in use here and now.
var kernels: kernel_table { Processor.current.kernels }
