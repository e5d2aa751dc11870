import Foundation
import Tensors

/// The instruction sets that this machine lacks are told once, so that a log says what was not tried.
private let lackingIsTold: Void = {
  let lacking = InstructionSet.allCases.filter { !InstructionSet.available.contains($0) }
  guard !lacking.isEmpty else { return }
  let names = lacking.map(\.description).joined(separator: ", ")
  FileHandle.standardError.write(Data("not run on this machine, which lacks them: \(names) kernels\n".utf8))
}()

/// What `body` gives with every instruction set of this machine, on one, two and three threads; the portable kernels on
/// one thread come first.
///
/// Each call has processors of its own: a pool of threads serves one caller at a time, and tests run in parallel.
package func onEveryProcessor<Outcome>(_ body: () throws -> Outcome) rethrows -> [(
  name: String, outcome: Outcome
)] {
  _ = lackingIsTold
  var outcomes: [(name: String, outcome: Outcome)] = []
  for instructionSet in InstructionSet.available {
    for threads in 1...3 {
      let processor = Processor(instructionSet, threads: threads)
      let outcome = try Processor.$current.withValue(processor, operation: body)
      outcomes.append((name: "\(instructionSet) on \(threads) threads", outcome: outcome))
    }
  }
  return outcomes
}
