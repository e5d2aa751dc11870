import Archive

/// A run that can be started.
struct Waiting: Sendable {
  let assignment: Assignment
  /// Its place in the table.
  let place: Int
  /// Runs of one number do the same work, and hold as much memory.
  let work: Int
  let sizes: Int
  /// How much of it is still to be computed, from 0 to 1: less than all where a checkpoint is.
  var rest: Double
  var notBefore: ContinuousClock.Instant?
  var tally = RetryRules.Tally()
  /// How often others began while there was no room for it.
  var passed = 0
}

/// A run that was started and has not ended.
struct Running: Sendable {
  let origin: Waiting
  let asker: AsyncStream<StopRequest>.Continuation
  let started: ContinuousClock.Instant
  let need: Need
  /// What the kernel had counted when it began.
  let kills: Int?
  var view: ProgressView.Run
  var attempt: Int?
  var wasAsked = false
  /// The step at which the pace began to be measured, and when.
  var pace: (step: Int, at: ContinuousClock.Instant)?
  /// The step of the newest checkpoint that it began with or saved.
  var savedStep = 0
  /// The failure that it told of.
  var said: (failure: FailureClass, message: String)?
  /// Whether it found the disk full.
  var foundNoSpace = false
  /// The most bytes that its process was seen to hold.
  var peakBytes: Int?
  var firstStep = 0
  /// The last lines that were no messages.
  var lines: [String] = []

  init(
    _ origin: Waiting, need: Need, kills: Int?, asker: AsyncStream<StopRequest>.Continuation,
    at now: ContinuousClock.Instant
  ) {
    (self.origin, self.need, self.kills, self.asker, started) = (origin, need, kills, asker, now)
    view = ProgressView.Run(label: ProgressView.Run.short(origin.assignment.label))
  }

  var assignment: Assignment { origin.assignment }

  /// What it takes, as far as it is known by now.
  var taken: Need { Need(slots: need.slots, memory: need.memory ?? peakBytes) }

  mutating func ask(_ request: StopRequest) {
    wasAsked = true
    asker.yield(request)
  }

  /// Takes in where the run is.
  mutating func move(to position: WorkerMessage.Position, at now: ContinuousClock.Instant) {
    (view.step, view.steps, view.phase) = (position.step, position.steps, position.phase)
    view.loss = position.loss ?? view.loss
    guard let pace, position.step > pace.step else {
      if pace == nil { pace = (position.step, now) }
      return
    }
    let seconds = (now - pace.at).inSeconds
    guard seconds > 0.2, position.phase == "training" else { return }
    view.stepsPerSecond = Double(position.step - pace.step) / seconds
    view.remaining = view.stepsPerSecond.map { Double(position.steps - position.step) / $0 }
  }
}
