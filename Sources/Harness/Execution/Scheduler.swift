package import Archive
import Records

/// Brings runs to their end: starts as many at a time as there are slots, in the order given, watches them,
/// repeats what failed by accident, and never loses one.
///
/// Everything happens in one loop over one stream of events, so there is nothing to lock and no order of
/// events that was not thought of. A clock in the stream looks ten times a second after requests to stop,
/// runs that other invocations hold, and the picture on the screen.
package actor Scheduler {
  /// How runs are brought to their end; none of it changes a result.
  package struct Policy: Sendable {
    /// Runs at a time.
    package var slots: Int
    /// Whether one failure keeps others from being started.
    package var failsFast = false
    /// How long workers may take to save their checkpoints.
    package var grace = Duration.seconds(30)
    /// The pause before a first repetition; each further one is four times as long.
    package var backoff = Duration.seconds(1)

    package init(slots: Int) { self.slots = slots }
  }

  enum Event: Sendable {
    case heard(Digest, Report)
    case ended(Digest, Ending)
    case tick
  }

  let store: Store
  let executor: any Executor
  let policy: Policy
  let interruptions: @Sendable () -> Int
  let clock = ContinuousClock()
  let (events, source) = AsyncStream.makeStream(of: Event.self)

  var printer: ProgressPrinter
  var estimate: Estimate
  /// Not begun, or to be repeated.
  var waiting: [Waiting] = []
  var running: [Running] = []
  /// Held by other processes.
  var elsewhere: [Assignment] = []
  var outcome = ScheduleOutcome()
  /// Published before this invocation.
  let reused: Int
  let total: Int
  var isStopping = false
  var killTime: ContinuousClock.Instant?
  var lastLook: ContinuousClock.Instant?
  var lastShow: ContinuousClock.Instant?
  var lastEstimate: ContinuousClock.Instant?
  /// Seconds until everything is done, as last estimated.
  var remaining: Double?
  var obeyed = 0

  /// A run that can be started.
  struct Waiting: Sendable {
    let assignment: Assignment
    var notBefore: ContinuousClock.Instant?
    /// Attempts that failed by accident so far.
    var accidents = 0
  }

  /// - Parameter reused: how many runs were published before, for the counts that are shown.
  /// - Parameter interruptions: how often somebody asked this process to leave.
  package init(
    _ assignments: [Assignment], reused: Int = 0, in store: Store, executor: any Executor, policy: Policy,
    costs: Costs = Costs(), printer: ProgressPrinter, interruptions: @escaping @Sendable () -> Int
  ) {
    (self.store, self.executor, self.policy, self.printer) = (store, executor, policy, printer)
    self.interruptions = interruptions
    estimate = Estimate(costs)
    waiting = assignments.map { Waiting(assignment: $0) }
    self.reused = reused
    total = assignments.count + reused
  }

  /// Runs everything; returns when nothing is left to do or to wait for.
  package func run() async -> ScheduleOutcome {
    let clockwork = Task { [source] in
      while !Task.isCancelled {
        source.yield(.tick)
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
    defer { clockwork.cancel() }
    fillSlots()
    if !isFinished {
      for await event in events {
        switch event {
        case .heard(let run, let report): hear(report, of: run)
        case .ended(let run, let ending): conclude(run, ending)
        case .tick: tick()
        }
        fillSlots()
        if isFinished { break }
      }
    }
    printer.finish()
    outcome.left += waiting.map(\.assignment) + elsewhere
    return outcome
  }

  private var isFinished: Bool {
    running.isEmpty && (isStopping || (waiting.isEmpty && elsewhere.isEmpty))
  }

  private func fillSlots() {
    let now = clock.now
    while !isStopping, running.count < policy.slots,
      let next = waiting.firstIndex(where: { $0.notBefore.map { $0 <= now } ?? true })
    {
      start(waiting.remove(at: next))
    }
  }

  private func start(_ next: Waiting) {
    let assignment = next.assignment
    let (requests, asker) = AsyncStream.makeStream(of: StopRequest.self)
    running.append(Running(assignment, accidents: next.accidents, asker: asker, at: clock.now))
    printer.detail("\(assignment.label): started, run \(assignment.run.short)")
    Task { [executor, source] in
      let ending = await executor.execute(assignment, requests: requests) { report in
        source.yield(.heard(assignment.run, report))
      }
      source.yield(.ended(assignment.run, ending))
    }
  }
}

/// What came of a schedule.
package struct ScheduleOutcome: Sendable {
  /// A run that failed, and where its log is.
  package struct Failure: Sendable {
    package let assignment: Assignment
    package let failure: FailureClass
    package let message: String
    package let log: String?
  }

  /// Computed and published by this invocation.
  package var done: [Assignment] = []
  /// Found published: another process had finished them.
  package var foundDone: [Assignment] = []
  package var failed: [Failure] = []
  /// Neither done nor failed.
  package var left: [Assignment] = []
  /// How often somebody asked to leave.
  package var interruptions = 0
}
