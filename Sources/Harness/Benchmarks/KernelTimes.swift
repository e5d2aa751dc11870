import Tensors

/// What one kernel takes of a step, on all threads together.
package struct KernelTimes: Codable, Sendable, Equatable {
  /// As CKernels.h has it.
  let name: String
  /// Of a step.
  let calls: Int
  /// Of a step, the median.
  let seconds: Double
  /// Seconds of a step in which every call is as fast as it was in any of them.
  let least: Double
  /// Useful floating-point operations of a step.
  let operations: Double
  /// Whether steps differ in these calls or in what they ask for: then there is no call to follow from step to step, and
  /// `least` is all of them in the step where that was least.
  let differs: Bool
}

extension KernelTimes {
  /// The kernels that are called in some steps, the longest first.
  ///
  /// - steps: The calls of each step: by thread, in their order.
  static func all(in steps: [[[KernelCall]]], secondsPerTick: Double) -> [KernelTimes] {
    let lists = steps.map { threads in threads.map(byKernel) }
    return KernelTiming.names.indices.compactMap { kernel -> KernelTimes? in
      let steps = lists.map { threads in threads.map { $0[kernel] } }
      return KernelTimes(KernelTiming.names[kernel], steps, secondsPerTick: secondsPerTick)
    }.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
  }

  /// Lists of calls, one for each kernel that there is.
  private static func byKernel(_ calls: [KernelCall]) -> [[KernelCall]] {
    var lists = [[KernelCall]](repeating: [], count: KernelTiming.names.count)
    for call in calls { lists[call.kernel].append(call) }
    return lists
  }

  /// Nil for a kernel that is not called.
  private init?(_ name: String, _ steps: [[[KernelCall]]], secondsPerTick: Double) {
    guard steps.contains(where: { $0.contains { !$0.isEmpty } }) else { return nil }
    func ofSteps(_ number: ([KernelCall]) -> Double) -> [Double] {
      steps.map { threads in threads.reduce(0) { $0 + number($1) } }
    }
    let ticks = ofSteps { Double($0.reduce(0) { $0 + $1.ticks }) }
    let work = steps.map { threads in threads.map { $0.map(\.operations) } }
    differs = work.contains { $0 != work[0] }
    let least = differs ? ticks.min() ?? 0 : Double(KernelTimes.leastTicks(steps))
    self.name = name
    calls = Int(median(ofSteps { Double($0.count) }))
    seconds = median(ticks) * secondsPerTick
    self.least = least * secondsPerTick
    operations = median(ofSteps { Double($0.reduce(0) { $0 + $1.operations }) })
  }

  /// Every call of every thread in the step where it took least, added up.
  private static func leastTicks(_ steps: [[[KernelCall]]]) -> UInt64 {
    steps[0].indices.reduce(0) { sum, thread in
      steps[0][thread].indices.reduce(sum) { sum, call in
        sum + steps.reduce(.max) { min($0, $1[thread][call].ticks) }
      }
    }
  }
}
