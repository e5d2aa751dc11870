import Expectations
import Models
import Networks
import Tasks
import Tensors
import Testing

@testable import Harness

@Suite struct StepProfileTests {
  private static func sizes() -> StepSizes {
    var sizes = StepSizes(.quick64)
    (sizes.width, sizes.innerWidth, sizes.layers, sizes.heads) = (8, 24, 2, 2)
    (sizes.segmentLength, sizes.memoryLength, sizes.segments) = (16, 16, 4)
    (sizes.batch, sizes.vocabulary) = (3, 5)
    return sizes
  }

  private func profile(
    _ model: String, _ omission: Omission = .nothing, times: Int = 2, threads: Int = 1
  ) throws -> StepProfile {
    let run = try Self.sizes().specification(of: model)
    return Processor.$current.withValue(Processor(.best, threads: threads)) {
      StepProfile(of: run, times: times, omission: omission)
    }
  }

  @Test(arguments: StepSizes.models, [Omission.nothing, .everythingNeedless])
  func `the useful operations of a step's calls are those that the step counts`(
    model: String, omission: Omission
  ) throws {
    let found = try profile(model, omission)
    #expect(found.operations > 0)
    #expect(found.kernels.reduce(0) { $0 + $1.operations } == found.operations)
    let run = try Self.sizes().specification(of: model)
    let step = StepMeasurement(of: run, times: 1, omission: omission, module: false)
    #expect(found.operations == step[StepMeasurement.step]?.operations)
  }

  @Test(arguments: StepSizes.models, [1, 2])
  func `a step repeated calls the same again, and no call takes less than its least`(
    model: String, threads: Int
  ) throws {
    let found = try profile(model, times: 3, threads: threads)
    #expect(found.threads == threads && found.bestRate > 1e6)
    #expect(found.undisturbedRate >= found.bestRate)
    #expect(found.seconds > 0 && found.plainSeconds > 0 && found.least > 0)
    for kernel in found.kernels {
      #expect(!kernel.differs && kernel.calls > 0, "\(kernel.name)")
      #expect(kernel.least >= 0 && kernel.least <= kernel.seconds, "\(kernel.name)")
    }
    #expect(Set(found.kernels.map(\.name)).isSubset(of: KernelTiming.names))
    let names = found.kernels.map(\.name)
    for name in ["matmul", "adam", "layer_norm", "sum_of_squares"] { #expect(names.contains(name)) }
    #expect(found.kernels.map(\.seconds) == found.kernels.map(\.seconds).sorted(by: >))
    // What each share of a batch computes for itself is added to what is useful.
    #expect(found.kernels.reduce(0) { $0 + $1.operations } >= found.operations)
  }

  @Test(arguments: [1, 3]) func `kernels and what is between them are the whole step of all threads`(
    threads: Int
  ) throws {
    let found = try profile("memoria", times: 1, threads: threads)
    let kernels = found.kernels.reduce(0) { $0 + $1.seconds }
    let whole = Double(threads) * found.seconds
    #expect(abs(kernels + found.betweenKernels - whole) < 1e-9 * whole)
    #expect(found.betweenKernels > 0)
    // Of one step, the least is what it took.
    #expect(abs(found.least - kernels) < 1e-9 * kernels)
  }

  @Test(arguments: [(1, 0.3), (2, 0.6)])
  func `the part of a bound is at the rate of one thread for the time of all`(threads: Int, part: Double) {
    let found = StepProfile(
      kernels: [], seconds: 1, plainSeconds: 1, clockSeconds: 0, betweenKernels: 1, operations: 60,
      threads: threads, bestRate: 100, undisturbedRate: 120)
    #expect(found.fraction(of: 2, for: 60, at: found.bestRate) == part)
  }

  /// Parameters and both moments of the optimizer after three steps, of which two move.
  private func learned(_ model: String) throws -> [[Float]] {
    let run = try Self.sizes().specification(of: model)
    func learned<M: SequenceModel>(_ model: M.Type) -> [[Float]] {
      func learned<T: LearningTask>(on task: T.Type) -> [[Float]] {
        var trainee = Trainee<M, T>(
          run.configuration(of: M.self), on: T(run.configuration(of: T.self)), run.training, seed: run.seed)
        for _ in 0..<3 { _ = trainee.trainStep() }
        let (parameters, optimizer) = (trainee.parameters, trainee.optimizer)
        return parameters.all.map { $0.value.values } + optimizer.first.map(\.values)
          + optimizer.second.map(\.values)
      }
      let task = run.task
      return learned(on: task)
    }
    let type = run.model
    return learned(type)
  }

  @Test(arguments: StepSizes.models, [1, 3])
  func `timed kernels leave the same parameters and moments`(model: String, threads: Int) throws {
    let processor = Processor(.best, threads: threads)
    let expected = try Processor.$current.withValue(processor) { try learned(model) }
    var found: [[Float]] = []
    let timing = KernelTiming(of: processor)
    let recording = timing.recording { found = (try? learned(model)) ?? [] }
    #expect(recording.calls.count == threads && recording.calls.joined().count > 100)
    #expect(found.count == expected.count && found.contains { $0.contains { $0 != 0 } })
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      expectSameBits(found, expected, "\(model), array \(index) on \(threads) threads")
    }
  }
}
