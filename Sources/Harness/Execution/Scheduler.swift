package import Archive
package import Records

/// Brings runs to their end: starts as many at a time as there is room for, in the order given, watches them,
/// repeats what failed by accident, and never loses one.
///
/// Everything happens in one loop over one stream of events, so there is nothing to lock and no order of
/// events that was not thought of. A clock in the stream looks ten times a second after requests to stop,
/// runs that other invocations hold, and the picture on the screen.
package actor Scheduler {
  /// How runs are brought to their end; none of it changes a result.
  package struct Policy: Sendable {
    /// What there is for all runs together.
    package var offer: Offer
    /// Whether one failure keeps others from being started.
    package var failsFast = false
    /// Whether failures that look like one go on being made.
    package var keepsGoing = false
    /// Whether runs of other processes are waited for.
    package var waits = true
    package var retries = RetryRules()
    /// Nothing is begun that cannot end within this time, and what goes on then is stopped; nil for no limit.
    package var timeBudget: Duration?
    /// How long workers may take to save their checkpoints.
    package var grace = Duration.seconds(30)
    /// Where to look when a run was killed.
    package var machine = MachineMemory()

    package init(_ offer: Offer) { self.offer = offer }

    package init(jobs: Int) { self.init(Offer(jobs: jobs)) }
  }

  enum Event: Sendable {
    case heard(Digest, Report)
    case ended(Digest, Ending)
    case tick
  }

  /// Runs that failed alike before anything went well: one thing may be wrong with all of them.
  static let suspicion = 3

  let store: Store
  let executor: any Executor
  let policy: Policy
  let packing: Packing
  let interruptions: @Sendable () -> Int
  let statusRequests: @Sendable () -> Int
  let clock = ContinuousClock()
  let began: ContinuousClock.Instant
  let (events, source) = AsyncStream.makeStream(of: Event.self)

  var printer: ProgressPrinter
  var estimate: Estimate
  /// The memory of runs by the number of their sizes, where it was measured.
  var memory: [Int?]
  /// Not begun, or to be repeated; in the order of the table.
  var waiting: [Waiting] = []
  var running: [Running] = []
  /// Held by other processes.
  var elsewhere: [Waiting] = []
  var outcome = ScheduleOutcome()
  /// Published before this invocation.
  let reused: Int
  let total: Int
  /// Why nothing more is begun.
  var halt: Halt?
  /// Whether what goes on was asked to leave.
  var isStopping = false
  /// How the first runs failed.
  var causes: [String] = []
  /// Kills for want of memory that were put down to some run, as the kernel counts.
  var explainedKills = 0
  var killTime: ContinuousClock.Instant?
  var lastLook: ContinuousClock.Instant?
  var lastShow: ContinuousClock.Instant?
  var lastEstimate: ContinuousClock.Instant?
  /// Seconds until everything is done, as last estimated.
  var remaining: Double?
  var obeyed = 0
  var answered = 0

  /// - Parameter reused: how many runs were published before, for the counts that are shown.
  /// - Parameter rests: how much is still to be computed of runs that have a checkpoint, from 0 to 1.
  /// - Parameter interruptions: how often somebody asked this process to leave.
  /// - Parameter statusRequests: how often somebody asked how far it is.
  package init(
    _ assignments: [Assignment], reused: Int = 0, rests: [Digest: Double] = [:], in store: Store,
    executor: any Executor, policy: Policy, costs: Costs = Costs(), needs: RunNeeds = RunNeeds(),
    printer: ProgressPrinter, interruptions: @escaping @Sendable () -> Int,
    statusRequests: @escaping @Sendable () -> Int = { 0 }
  ) {
    (self.store, self.executor, self.policy, self.printer) = (store, executor, policy, printer)
    (self.interruptions, self.statusRequests) = (interruptions, statusRequests)
    packing = Packing(policy.offer)
    estimate = Estimate(costs)
    began = clock.now
    self.reused = reused
    total = assignments.count + reused
    var (works, sizes): (Numbering, Numbering) = (Numbering(), Numbering())
    memory = []
    for (place, assignment) in assignments.enumerated() {
      let settings = assignment.specification.storedSettings
      let size = sizes.number(of: RunNeeds.sizes(of: settings))
      if size == memory.count { memory.append(needs.memory(of: assignment.specification)) }
      waiting.append(
        Waiting(
          assignment: assignment, place: place, work: works.number(of: Costs.work(of: settings)), sizes: size,
          rest: rests[assignment.run] ?? 1))
    }
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
    startWhatFits()
    if !isFinished {
      for await event in events {
        switch event {
        case .heard(let run, let report): hear(report, of: run)
        case .ended(let run, let ending): conclude(run, ending)
        case .tick: tick()
        }
        startWhatFits()
        if isFinished { break }
      }
    }
    printer.finish()
    for rest in waiting { outcome.leave(rest.assignment, halt ?? .interrupted) }
    for rest in elsewhere { outcome.leave(rest.assignment, halt ?? .elsewhere) }
    return outcome
  }

  private var isFinished: Bool {
    running.isEmpty && (halt != nil || (waiting.isEmpty && (elsewhere.isEmpty || !policy.waits)))
  }

  private func startWhatFits() {
    let now = clock.now
    while halt == nil, !waiting.isEmpty {
      let next = packing.next(among: waiting.count, beside: running.map(\.taken)) { place in
        let run = waiting[place]
        return Packing.Candidate(
          need(of: run), isDue: run.notBefore.map { $0 <= now } ?? true, passed: run.passed)
      }
      guard let next else { return }
      let run = waiting.remove(at: next.place)
      if let seconds = lateness(of: run, at: now) {
        outcome.leave(run.assignment, .timeBudget)
        printer.detail(
          "\(run.assignment.label): not begun, it would take \(duration(seconds)) by what alike runs took")
        continue
      }
      for place in next.passes { waiting[place].passed += 1 }
      start(run)
    }
  }

  /// What a run takes: its memory as measured, else as asked for; after it was ended for want of memory, half as
  /// much again each time, and all there is where nothing is known.
  private func need(of run: Waiting) -> Need {
    let resources = run.assignment.resources
    var bytes = memory[run.sizes] ?? resources.memory
    if run.tally.memory > 0 {
      for _ in 0..<run.tally.memory { bytes = bytes.map { $0 + $0 / 2 } }
      bytes = bytes ?? policy.offer.memory
    }
    return Need(slots: resources.slots, memory: bytes)
  }

  /// The seconds that a run takes by what is known, where they are more than the budget has left.
  private func lateness(of run: Waiting, at now: ContinuousClock.Instant) -> Double? {
    guard let budget = policy.timeBudget,
      let seconds = estimate.seconds(of: run.assignment.specification).map({ $0 * run.rest })
    else { return nil }
    return seconds > (budget - (now - began)).inSeconds ? seconds : nil
  }

  private func start(_ next: Waiting) {
    let assignment = next.assignment
    let (requests, asker) = AsyncStream.makeStream(of: StopRequest.self)
    running.append(
      Running(next, need: need(of: next), kills: policy.machine.kills, asker: asker, at: clock.now))
    Task { [executor, source] in
      let ending = await executor.execute(assignment, requests: requests) { report in
        source.yield(.heard(assignment.run, report))
      }
      source.yield(.ended(assignment.run, ending))
    }
  }

  /// Puts a run back to those that wait, at its place in the table.
  func wait(_ run: Waiting) {
    waiting.insert(run, at: waiting.firstIndex { $0.place > run.place } ?? waiting.count)
  }
}

/// Numbers settings in the order in which they are first seen.
private struct Numbering {
  private var numbers: [Settings: Int] = [:]

  mutating func number(of settings: Settings) -> Int {
    if let number = numbers[settings] { return number }
    let number = numbers.count
    numbers[settings] = number
    return number
  }
}
