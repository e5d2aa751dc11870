import Models
import Networks
import Tasks
import Tensors

/// Where one process found the time of a run's training steps to go, kernel by kernel: what `mneme bench profile` asks its
/// children for.
///
/// One step is computed again and again, the first of the run: its rate is 0, so that nothing moves and every call is the
/// same work each time. What a call took above the least it ever took is then the machine's doing, not the work's.
package struct StepProfile: Codable, Sendable, Equatable {
  /// Those that are called, the longest first.
  let kernels: [KernelTimes]
  /// Of a step, in seconds; and of one without a clock around every kernel.
  let seconds, plainSeconds: Double
  /// What reading the clock once takes; every call's time is without it.
  let clockSeconds: Double
  /// What all threads together spend in no kernel, in seconds of a step: in Swift, reading
  /// the clock, waiting for each other.
  let betweenKernels: Double
  /// Floating-point operations of matrix products that the shapes of a step ask for.
  let operations: Double
  let threads: Int
  /// Floating-point operations a second of the fastest of this run's matrix products, on all threads together: the median
  /// of its rates between the steps.
  let bestRate: Double
  /// The same of its fastest try: what calls at their fastest are measured by.
  let undisturbedRate: Double

  /// What the kernels of a step take where each call is as fast as it ever was, in seconds of all threads together.
  var least: Double { kernels.reduce(0) { $0 + $1.least } }

  /// The part of `seconds`, of all threads together, that operations would take at a rate of all threads.
  func fraction(of seconds: Double, for operations: Double, at rate: Double) -> Double {
    operations / (rate / Double(threads)) / seconds
  }
}

extension StepProfile {
  /// Measures with the processor of here and now; each number is the median of `times` steps, after two that warm up.
  /// Steps without a clock are computed in turn with them.
  package init(of specification: Specification, times: Int, omission: Omission) {
    func profile<M: SequenceModel>(_ model: M.Type) -> StepProfile {
      func profile<T: LearningTask>(on task: T.Type) -> StepProfile {
        var trainee = Trainee<M, T>(
          specification.configuration(of: M.self), on: T(specification.configuration(of: T.self)),
          specification.training, seed: specification.seed)
        trainee.omission = omission
        return StepProfile(&trainee, times: times, beside: ProductShape.steps(of: specification))
      }
      let task = specification.task
      return profile(on: task)
    }
    let model = specification.model
    self = profile(model)
  }

  private init<M: SequenceModel, T: LearningTask>(
    _ trainee: inout Trainee<M, T>, times: Int, beside shapes: [ProductShape]
  ) {
    require(
      trainee.schedule(0) == 0, "the first step of this run moves its parameters, so it cannot be repeated")
    func step() {
      trainee.resume(at: 0)
      _ = trainee.trainStep()
    }
    let timing = KernelTiming(of: .current)
    operations = UsefulOperations.counted(step)
    _ = timing.recording(step)
    let (clock, fastest) = (ContinuousClock(), Products.fastest(of: shapes))
    var (plain, products, recordings): ([Double], [Timing], [KernelTiming.Recording]) = ([], [], [])
    for _ in 0..<times {
      plain.append(clock.measure(step).inSeconds)
      recordings.append(timing.recording(step))
      products.append(fastest.timed(tries: 3))
    }
    let threads = Processor.current.workers.threads
    let tick = recordings.reduce(0) { $0 + $1.seconds } / Double(recordings.reduce(0) { $0 + $1.ticks })
    kernels = KernelTimes.all(in: recordings.map(\.calls), secondsPerTick: tick)
    clockSeconds = Double(KernelTiming.reading) * tick
    betweenKernels = median(
      recordings.map { recording in
        let inKernels = recording.calls.joined().reduce(0) { $0 + $1.ticks }
        return Double(threads) * recording.seconds - Double(inKernels) * tick
      })
    (seconds, plainSeconds) = (median(recordings.map(\.seconds)), median(plain))
    self.threads = threads
    bestRate = fastest.operations / median(products.map(\.median))
    undisturbedRate = products.reduce(0) { max($0, fastest.operations / $1.fastest) }
  }
}
