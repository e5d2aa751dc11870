import CKernels
import Expectations
import Glibc
import Tensors
import Testing

@Suite struct ProcessorTests {
  @Test func `the best instruction set is one that this machine runs`() {
    #expect(InstructionSet.available.contains(.best))
    #expect(InstructionSet.available.contains(.portable))
    #expect(InstructionSet.allCases.map(\.description) == ["portable", "avx2", "avx512"])
  }

  @Test func `a choice holds for the extent of a closure`() {
    let before = Processor.current.instructionSet
    Processor.$current.withValue(Processor(.portable, threads: 2)) {
      #expect(Processor.current.instructionSet == .portable)
      #expect(Processor.current.workers.threads == 2)
    }
    #expect(Processor.current.instructionSet == before)
  }

  @Test(arguments: [1, 2, 3, 7], [0, 1, 2, 3, 5, 1000])
  func `outputs are shared out once each`(threads: Int, count: Int) {
    let workers = Workers(threads: threads)
    for cost in [0, 1, 100, 1 << 20] {
      var times = [Int](repeating: 0, count: count)
      times.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let times = buffer
        workers.share(count, cost: cost) { range in
          for index in range { times[index] += 1 }
        }
      }
      #expect(times.allSatisfy { $0 == 1 }, "\(threads) threads, cost \(cost): \(times)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `every thread computes with the kernels that were chosen`(instructionSet: InstructionSet) {
    let processor = Processor(instructionSet, threads: 3)
    var found = [InstructionSet?](repeating: nil, count: 3)
    Processor.$current.withValue(processor) {
      found.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let found = buffer
        processor.workers.share(3, cost: 1 << 20) { range in
          for index in range { found[index] = Processor.current.instructionSet }
        }
      }
    }
    #expect(found == [instructionSet, instructionSet, instructionSet])
  }

  /// More parts than threads, as many, and fewer.
  @Test(arguments: [1, 2, 3], [1, 2, 7])
  func `parts are computed side by side, each on one thread`(threads: Int, parts: Int) {
    let processor = Processor(.best, threads: threads)
    var found = (0..<parts).map { (number: $0, sum: Float(0), threads: 0) }
    Processor.$current.withValue(processor) {
      processor.separately(&found) { part in
        part.threads = Processor.current.workers.threads
        part.sum = Tensor([70_000], repeating: Float(part.number)).sum().scalar
      }
      #expect(Processor.current.separateParts == threads)
    }
    for (number, part) in found.enumerated() {
      #expect(part.number == number && part.sum == 70_000 * Float(number))
      #expect(part.threads == (parts == 1 ? threads : 1))
    }
  }

  @Test func `nothing is computed in parts while somebody looks at every operation`() {
    Processor.$current.withValue(Processor(.best, threads: 3)) {
      _ = UsefulOperations.counted { #expect(Processor.current.separateParts == 1) }
      _ = Scrutiny.firstNonFinite(parameters: []) { #expect(Processor.current.separateParts == 1) }
    }
  }

  @Test func `what is made once is made once, by whichever thread`() {
    let made = MadeOnce<Int, Tensor>()
    var calls = (0..<12).map { (key: $0 % 3, value: Float(0), made: 0) }
    let processor = Processor(.best, threads: 4)
    processor.separately(&calls) { call in
      var count = 0
      let key = call.key
      let tensor = made.value(for: key) {
        count += 1
        return Tensor([1], [Float(key)])
      }
      (call.value, call.made) = (tensor.scalar, count)
    }
    #expect(calls.allSatisfy { $0.value == Float($0.key) })
    #expect(calls.reduce(0) { $0 + $1.made } == 3)
  }

  @Test func `pools are made and end again and again`() {
    for round in 0..<200 {
      let workers = Workers(threads: 1 + round % 4)
      if round.isMultiple(of: 3) { workers.share(4, cost: 1 << 20) { _ in } }
    }
  }

  /// With one thread, which is the caller's own; and with three, of which none but the caller's rounds otherwise.
  @Test(arguments: [1, 3])
  func `a thread that rounds otherwise computes nothing`(threads: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [threads] in
      let workers = Workers(threads: threads)
      workers.share(3, cost: 1 << 20) { _ in }
      fesetround(FE_UPWARD)
      workers.share(3, cost: 1 << 20) { _ in }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a thread's floating-point environment was changed; results would differ"))
  }

  @Test func `threads of a pool start with the environment that kernels assume`() {
    // The thread that makes the pool rounds otherwise, and new threads inherit that from it.
    fesetround(FE_UPWARD)
    let workers = Workers(threads: 3)
    set_floating_point_environment()
    fesetround(FE_TONEAREST)
    var standard = [Int32](repeating: 0, count: 3)
    standard.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let standard = buffer
      workers.share(3, cost: 1 << 20) { range in
        for index in range { standard[index] = floating_point_environment_is_standard() }
      }
    }
    #expect(standard.allSatisfy { $0 != 0 })
  }

  @Test func `a pool that is at work takes no other work`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let workers = Workers(threads: 2)
      workers.share(2, cost: 1 << 20) { _ in workers.share(2, cost: 1 << 20) { _ in } }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a pool of threads was given work while it was working"))
  }

  @Test func `a thread of the pool whose rounding was changed stops the program`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let workers = Workers(threads: 2)
      let caller = pthread_self()
      for _ in 0..<2 {
        workers.share(2, cost: 1 << 20) { _ in
          if pthread_equal(caller, pthread_self()) == 0 { fesetround(FE_UPWARD) }
        }
      }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a thread's floating-point environment was changed; results would differ"))
  }

  @Test func `a computation is led in the standard environment or not at all`() async {
    set_floating_point_environment()
    requireStandardFloatingPoint()
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      fesetround(FE_TOWARDZERO)
      requireStandardFloatingPoint()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("a thread's floating-point environment was changed; results would differ"))
  }
}
