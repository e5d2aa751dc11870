import Records

extension Scheduler {
  /// Puts the picture of this moment on the screen.
  func show() {
    let now = clock.now
    if let lastShow, now - lastShow < .milliseconds(100) { return }
    lastShow = now
    // The rest of the time is worth a second look once a second, and only where somebody sees it.
    if printer.isLive, lastEstimate.map({ now - $0 >= .seconds(1) }) ?? true {
      lastEstimate = now
      remaining = remainingSeconds(at: now)
    }
    printer.show(view(at: now), at: now)
  }

  /// Says in words how far everything is, because somebody asked.
  func tell(at now: ContinuousClock.Instant) {
    remaining = remainingSeconds(at: now)
    for line in view(at: now).lines(width: 120, height: 100) { printer.note(line) }
  }

  private func view(at now: ContinuousClock.Instant) -> ProgressView {
    var view = ProgressView()
    view.running = running.map(\.view)
    view.done = reused + outcome.done.count + outcome.foundDone.count
    (view.total, view.failed, view.elsewhere) = (total, outcome.failed.count, elsewhere.count)
    (view.waiting, view.left) = (waiting.count, outcome.left.count)
    view.remaining = remaining
    if isStopping {
      let rest = killTime.map { ", at most \(duration(($0 - now).inSeconds))" } ?? ""
      view.notice = "stopping\(rest)"
    } else if halt == .noSpace {
      view.notice = "the disk is full"
    } else if running.isEmpty, !elsewhere.isEmpty {
      view.notice = "waiting for other processes"
    }
    return view
  }

  /// Seconds until everything is done, as far as it can be told.
  private func remainingSeconds(at now: ContinuousClock.Instant) -> Double? {
    // What runs that are going will have taken tells about those that are not, too.
    var estimate = estimate
    for run in running where run.view.phase == "training" {
      guard let pace = run.view.stepsPerSecond, pace > 0 else { continue }
      estimate.measured(run.assignment.specification, seconds: Double(run.view.steps) / pace)
    }
    let rests = running.map { run -> (need: Need, seconds: Double?) in
      if let remaining = run.view.remaining { return (run.taken, remaining) }
      let whole = estimate.seconds(of: run.assignment.specification).map { $0 * run.origin.rest }
      return (run.taken, whole.map { max(0, $0 - (now - run.started).inSeconds) })
    }
    var seconds: [Int: Double?] = [:]
    let waits = waiting.map { run -> (need: Need, seconds: Double?) in
      let whole = seconds[run.work] ?? estimate.seconds(of: run.assignment.specification)
      seconds[run.work] = .some(whole)
      return (
        Need(slots: run.assignment.resources.slots, memory: memory[run.sizes]), whole.map { $0 * run.rest }
      )
    }
    return Estimate.remaining(running: rests, waiting: waits, offer: policy.offer)
  }
}
