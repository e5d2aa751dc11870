package import Records
import Synchronization
package import Tensors

/// What a function gave at every float, or at every so manyth: a digest of all bits, and how good they are.
package struct FunctionSweep: Sendable {
  package let function: String
  /// Nil where the function knows no instruction sets.
  package let instructionSet: String?
  package let inputs: Int
  /// SHA-256 of all results in the order of the inputs' bit patterns.
  package let digest: Digest
  /// Errors and order; nil where only the bits were asked for.
  package let behaviour: FunctionStretch?
  package let seconds: Double

  /// Floats that one thread takes at a time.
  private static let piece = 1 << 20

  /// Computes with the processor of here and now. `step` 1 takes every float.
  init(of function: FunctionUnderTest, step: Int, measuring: Bool) {
    let processor = Processor.current
    let pieces = FunctionSweep.pieces(of: function, step: step)
    var (builder, behaviour, count) = (DigestBuilder(), FunctionStretch?.none, 0)
    seconds =
      ContinuousClock().measure {
        // As many pieces at a time as there are threads: they are digested in order, so none may run ahead.
        for first in stride(from: 0, to: pieces.count, by: processor.workers.threads) {
          let window = pieces[first..<min(first + processor.workers.threads, pieces.count)]
          let done = Mutex<[Int: (bytes: [UInt8], stretch: FunctionStretch?)]>([:])
          processor.workers.share(window.count, cost: 1 << 20) { range in
            for number in range {
              let piece = window[first + number]
              let inputs = floats(fromPattern: piece.lowerBound, to: piece.upperBound, every: step)
              let values = function.values(inputs)
              let stretch =
                measuring
                ? FunctionStretch(inputs: inputs, values: values, truth: function.truth, unit: function.unit)
                : nil
              let bytes = canonicalBytes(values)
              done.withLock { $0[number] = (bytes, stretch) }
            }
          }
          for number in window.indices {
            guard let piece = done.withLock({ $0[number - first] }) else { continue }
            builder.update(piece.bytes)
            count += piece.bytes.count / 4
            guard let stretch = piece.stretch else { continue }
            if behaviour == nil { behaviour = stretch } else { behaviour?.append(stretch) }
          }
        }
      } / .seconds(1)
    self.function = function.name
    instructionSet = function.kernel == nil ? nil : processor.instructionSet.description
    (inputs, digest, self.behaviour) = (count, builder.finish(), behaviour)
  }

  /// Where the bit patterns of the inputs lie, ascending, in pieces of one sign each; every one begins at an input.
  private static func pieces(of function: FunctionUnderTest, step: Int) -> [Range<Int>] {
    [0, 1 << 31].flatMap { sign -> [Range<Int>] in
      let start = (sign + step - 1) / step * step
      let end = sign + (function.limit.map { Int($0.bitPattern) + 1 } ?? 1 << 31)
      return stride(from: start, to: end, by: piece * step).map { $0..<min($0 + piece * step, end) }
    }
  }
}
