import Archive
import Records

/// A run that was started and has not ended.
struct Running: Sendable {
  let assignment: Assignment
  let accidents: Int
  let asker: AsyncStream<StopRequest>.Continuation
  let started: ContinuousClock.Instant
  var view: ProgressView.Run
  var attempt: Int?
  var wasAsked = false
  /// The step at which the pace began to be measured, and when.
  var pace: (step: Int, at: ContinuousClock.Instant)?
  /// The step of the newest checkpoint that it began with or saved.
  var savedStep = 0
  /// The failure that it told of.
  var said: (failure: FailureClass, message: String)?
  var firstStep = 0
  /// The last lines that were no messages.
  var lines: [String] = []

  init(
    _ assignment: Assignment, accidents: Int, asker: AsyncStream<StopRequest>.Continuation,
    at now: ContinuousClock.Instant
  ) {
    (self.assignment, self.accidents, self.asker, started) = (assignment, accidents, asker, now)
    view = ProgressView.Run(label: ProgressView.Run.short(assignment.label))
  }

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

extension Scheduler {
  /// Takes in what a worker said.
  func hear(_ report: Report, of run: Digest) {
    guard let place = running.firstIndex(where: { $0.assignment.run == run }) else { return }
    let label = running[place].assignment.label
    switch report {
    case .line(let line):
      running[place].lines = running[place].lines.suffix(19) + [line]
    case .message(.claimed(let attempt)): running[place].attempt = attempt
    case .message(.began(let step, let refused)):
      (running[place].firstStep, running[place].savedStep) = (step, step)
      running[place].view.step = step
      if step > 0 { printer.detail("\(label): goes on from step \(step)") }
      for sentence in refused { printer.note("\(label): a checkpoint was refused: \(sentence)") }
    case .message(.progress(let position)):
      running[place].move(to: position, at: clock.now)
      show()
    case .message(.saved(let step)): running[place].savedStep = step
    case .message(.ended(_, let failure, let message)):
      running[place].said = failure.map { ($0, message ?? "it said no more") }
    }
  }

  /// An attempt is over: what came of it, and what next.
  func conclude(_ run: Digest, _ ending: Ending) {
    guard let place = running.firstIndex(where: { $0.assignment.run == run }) else { return }
    let ended = running.remove(at: place)
    ended.asker.finish()
    let (assignment, seconds) = (ended.assignment, (clock.now - ended.started).inSeconds)
    let verdict = verdict(on: ended, ending, seconds: seconds)
    switch verdict {
    case .done:
      if ended.attempt == nil {
        outcome.foundDone.append(assignment)
      } else {
        outcome.done.append(assignment)
        let share = 1 - (ended.view.steps > 0 ? Double(ended.firstStep) / Double(ended.view.steps) : 0)
        if share > 0.5 { estimate.measured(assignment.specification, seconds: seconds / share) }
      }
      printer.detail("\(assignment.label): done in \(NumberText.seconds(seconds))")
    case .elsewhere:
      elsewhere.append(assignment)
      printer.detail("\(assignment.label): another process has it")
    case .stopped:
      outcome.left.append(assignment)
      printer.detail("\(assignment.label): stopped at step \(ended.savedStep)")
    case .failed(let failure, let message): fail(ended, verdict, failure, message)
    }
    printer.forget(ended.view.label)
    show()
  }

  /// What the store says of an attempt that is over; an attempt that failed without a word gets its end
  /// written here.
  ///
  /// A store that cannot be read is this run's failure: the others may still be lucky.
  private func verdict(on ended: Running, _ ending: Ending, seconds: Double) -> Verdict {
    let directory = store.run(ended.assignment.run)
    do throws(ArchiveError) {
      let end = try ended.attempt.flatMap { number throws(ArchiveError) in
        try directory.attempts().first { $0.number == number }?.end
      }
      var verdict = Verdict(
        ending, state: try directory.state(), end: end, said: ended.said, wasAsked: ended.wasAsked)
      if case .failed(.crash, let message) = verdict, let attempt = ended.attempt,
        let words = RunLog.fatalWords(at: "\(directory.attemptPath(attempt))/log")
      {
        verdict = .failed(.crash, "\(message): \(words)")
      }
      if case .failed(let failure, let message) = verdict, let attempt = ended.attempt, end == nil {
        do throws(ArchiveError) {
          try directory.end(attempt: attempt, failure: failure, message: message, seconds: seconds)
        } catch {
          // The disk that was too full for a result may be too full for this: what failed stays what failed.
          verdict = .failed(failure, "\(message); its end could not be written: \(error)")
        }
      }
      return verdict
    } catch {
      return .failed(FailureClass(of: error), error.description)
    }
  }

  private func fail(_ ended: Running, _ verdict: Verdict, _ failure: FailureClass, _ message: String) {
    let assignment = ended.assignment
    // Time that brought no checkpoint further would not be enough the next time either.
    let isWorthIt = failure != .timeout || ended.savedStep > ended.firstStep
    if verdict.isAccident, isWorthIt, !isStopping, ended.accidents < assignment.resources.retries {
      var pause = policy.backoff
      for _ in 0..<min(ended.accidents, 3) { pause *= 4 }
      waiting.insert(
        Waiting(assignment: assignment, notBefore: clock.now + pause, accidents: ended.accidents + 1), at: 0)
      let sentence = message.hasSuffix(".") ? message : message + "."
      printer.note(
        "\(assignment.label): \(failure.rawValue): \(sentence) Retry \(ended.accidents + 1) of "
          + "\(assignment.resources.retries) in \(NumberText.seconds(pause.inSeconds))")
      return
    }
    let log = ended.attempt.map { "\(store.run(assignment.run).attemptPath($0))/log" }
    outcome.failed.append(
      ScheduleOutcome.Failure(assignment: assignment, failure: failure, message: message, log: log))
    printer.note("\(assignment.label): failed (\(failure.rawValue)): \(message)")
    for line in ended.lines where !line.contains(message) { printer.note("  | \(line)") }
    if let log { printer.note("  its log: mneme logs \(assignment.run.short)  (\(log))") }
    if policy.failsFast, !isStopping { stop("one run failed, and --fail-fast was given") }
  }

  /// What is looked at ten times a second.
  func tick() {
    let (now, asked) = (clock.now, interruptions())
    if asked > obeyed {
      (obeyed, outcome.interruptions) = (asked, asked)
      if asked == 1, !isStopping {
        stop("asked to leave: runs finish their step and save a checkpoint. Once more leaves at once")
      } else if asked > 1 {
        isStopping = true
        for place in running.indices { running[place].ask(.die) }
      }
    }
    if let killTime, now >= killTime {
      self.killTime = nil
      for place in running.indices { running[place].ask(.die) }
      printer.note("the runs that had not left yet were ended; they go on from their last checkpoint")
    }
    if lastLook.map({ now - $0 >= .seconds(1) }) ?? true {
      lastLook = now
      lookElsewhere()
    }
    show()
  }

  private func stop(_ why: String) {
    isStopping = true
    killTime = clock.now + policy.grace
    for place in running.indices { running[place].ask(.leave) }
    printer.note("\(why) (at most \(duration(policy.grace.inSeconds)) for \(running.count) running).")
  }

  /// Runs that other processes held: done by now, still held, or free again.
  private func lookElsewhere() {
    for assignment in elsewhere {
      // What cannot be looked at is tried: the attempt will say what is wrong.
      switch (try? store.run(assignment.run).state()) ?? .interrupted {
      case .running: continue
      case .done:
        outcome.foundDone.append(assignment)
        printer.detail("\(assignment.label): done by another process")
      case .failed(let failure, _) where !failure.isAccident:
        outcome.failed.append(
          ScheduleOutcome.Failure(
            assignment: assignment, failure: failure, message: "in another process", log: nil))
        printer.note("\(assignment.label): failed (\(failure.rawValue)) in another process")
      default: waiting.insert(Waiting(assignment: assignment), at: 0)
      }
      elsewhere.removeAll { $0.run == assignment.run }
    }
  }

  /// Puts the picture of this moment on the screen.
  func show() {
    let now = clock.now
    if let lastShow, now - lastShow < .milliseconds(100) { return }
    lastShow = now
    var view = ProgressView()
    view.running = running.map(\.view)
    view.done = reused + outcome.done.count + outcome.foundDone.count
    (view.total, view.failed, view.elsewhere) = (total, outcome.failed.count, elsewhere.count)
    // The rest of the time is worth a second look once a second, and only where somebody sees it.
    if printer.isLive, lastEstimate.map({ now - $0 >= .seconds(1) }) ?? true {
      lastEstimate = now
      remaining = remainingSeconds(at: now)
    }
    view.remaining = remaining
    if isStopping {
      let rest = killTime.map { ", at most \(duration(($0 - now).inSeconds))" } ?? ""
      view.notice = "stopping\(rest)"
    } else if running.isEmpty, !elsewhere.isEmpty {
      view.notice = "waiting for other processes"
    }
    printer.show(view, at: now)
  }

  /// Seconds until everything is done, as far as it can be told.
  private func remainingSeconds(at now: ContinuousClock.Instant) -> Double? {
    // What runs that are going will have taken tells about those that are not, too.
    var estimate = estimate
    for run in running where run.view.phase == "training" {
      guard let pace = run.view.stepsPerSecond, pace > 0 else { continue }
      estimate.measured(run.assignment.specification, seconds: Double(run.view.steps) / pace)
    }
    let rests = running.map { run -> Double? in
      if let remaining = run.view.remaining { return remaining }
      return estimate.seconds(of: run.assignment.specification).map {
        max(0, $0 - (now - run.started).inSeconds)
      }
    }
    return estimate.remaining(
      running: rests, waiting: waiting.map(\.assignment.specification), slots: policy.slots)
  }
}
