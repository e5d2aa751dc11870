import CKernels

/// One call of a kernel, as it was timed.
package struct KernelCall: Sendable, Equatable {
  /// Which one: an index of `KernelTiming.names`.
  package let kernel: Int
  /// How long it took, by the processor's own clock, whose reading is taken off.
  package let ticks: UInt64
  /// Floating-point operations of matrix products and attention that the shapes ask for, as `UsefulOperations` counts
  /// them; 0 for other kernels.
  package let operations: Int

  package init(kernel: Int, ticks: UInt64, operations: Int) {
    (self.kernel, self.ticks, self.operations) = (kernel, ticks, operations)
  }
}

/// Where time goes, kernel by kernel: computes as a processor does, on the same threads and to the same bits, and writes
/// down how long every call of a kernel took.
///
///     let timing = KernelTiming(of: .current)
///     let found = timing.recording { … }
///
/// Reading the clock makes all of it slower, by two readings a call. Nobody else's computing is touched: it has kernels
/// without a clock.
package struct KernelTiming: Sendable {
  /// What was called while something was computed.
  package struct Recording: Sendable {
    /// By thread, in the order of the calls. Work is shared out by counts alone, so the same work gives the same lists.
    package let calls: [[KernelCall]]
    /// How long all of it took, by the clock that calls are timed with, and in seconds.
    package let ticks: UInt64
    package let seconds: Double
  }

  /// Of all kernels, as CKernels.h has them.
  package static let names = (0..<kernel_count()).map { String(cString: kernel_name($0)) }

  /// Ticks between two readings of the clock, one right after the other: as many are counted too many of every call.
  package static let reading: UInt64 = {
    let pairs = (0..<1001).map { _ in
      let start = kernel_clock()
      return kernel_clock() - start
    }
    return pairs.sorted()[pairs.count / 2]
  }()

  private let processor: Processor

  package init(of processor: Processor) { self.processor = Processor(timing: processor) }

  /// Runs `body`, and returns what every thread called meanwhile.
  package func recording(_ body: () -> Void) -> Recording {
    eachThread { _ in
      require(begin_kernel_log() != 0, "a thread's calls of kernels are being written down for somebody else")
    }
    let (start, first) = (ContinuousClock.now, kernel_clock())
    Processor.$current.withValue(processor, operation: body)
    let (ticks, seconds) = (kernel_clock() - first, start.duration(to: .now) / .seconds(1))
    var calls = [[KernelCall]](repeating: [], count: processor.workers.threads)
    calls.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let calls = buffer
      eachThread { calls[$0] = endedLog() }
    }
    return Recording(calls: calls, ticks: ticks, seconds: seconds)
  }

  /// Calls `body` once on every thread, with its number.
  private func eachThread(_ body: (Int) -> Void) {
    let workers = processor.workers
    // So dear that each thread gets one.
    workers.share(workers.threads, cost: 1 << 32) { range in
      for thread in range { body(thread) }
    }
  }

  private func endedLog() -> [KernelCall] {
    var count = 0
    return UnsafeBufferPointer(start: end_kernel_log(&count), count: count).map {
      let ticks = $0.ticks - min($0.ticks, KernelTiming.reading)
      return KernelCall(kernel: Int($0.kernel), ticks: ticks, operations: $0.operations)
    }
  }
}
