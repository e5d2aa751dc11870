import CKernels

extension Processor {
  /// Keeps every thread busy with fused multiply-adds in registers, which nothing can outrun.
  ///
  /// Returns how many floating-point operations that were, on all threads together: two for a multiply-add.
  package func multiplyAdd(rounds: Int) -> Double {
    var sinks = [Float](repeating: 0, count: 16 * workers.threads)
    var operations = [Double](repeating: 0, count: workers.threads)
    sinks.withUnsafeMutableBufferPointer { sinks in
      operations.withUnsafeMutableBufferPointer { operations in
        guard let sink = sinks.baseAddress, let count = operations.baseAddress else { return }
        workers.share(workers.threads, cost: 1 << 20) { range in
          for thread in range { count[thread] = kernels.fma_rounds(sink + 16 * thread, rounds) }
        }
      }
    }
    return operations.reduce(0, +)
  }
}
