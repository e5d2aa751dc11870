import Archive
import Records

extension Scheduler {
  /// What is looked at ten times a second.
  func tick() {
    let (now, asked) = (clock.now, interruptions())
    if asked > obeyed {
      (obeyed, outcome.interruptions) = (asked, asked)
      if asked == 1 {
        stop(
          "asked to leave: runs finish their step and save a checkpoint. Once more leaves at once",
          .interrupted)
      } else {
        (isStopping, halt) = (true, halt ?? .interrupted)
        for place in running.indices { running[place].ask(.die) }
      }
    }
    if let budget = policy.timeBudget, now - began >= budget {
      stop("the time budget of \(duration(budget.inSeconds)) is spent: runs save a checkpoint", .timeBudget)
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
    if statusRequests() > answered {
      answered = statusRequests()
      tell(at: now)
    }
    show()
  }

  /// Nothing is begun any more, and what goes on is asked to leave; only the first reason counts.
  func stop(_ why: String, _ reason: Halt) {
    guard !isStopping else { return }
    (isStopping, halt) = (true, halt ?? reason)
    killTime = clock.now + policy.grace
    for place in running.indices { running[place].ask(.leave) }
    printer.note("\(why) (at most \(duration(policy.grace.inSeconds)) for \(running.count) running).")
  }

  /// Nothing is begun any more on a full disk; what goes on may still find room, and is not disturbed.
  func pause(_ message: String) {
    printer.note(message)
    guard halt == nil else { return }
    halt = .noSpace
    outcome.freeBytes = store.freeBytes
    printer.note("nothing more is begun; \(counted(running.count, "run")) go on.")
  }

  /// Runs that other processes held: done by now, still held, or free again.
  private func lookElsewhere() {
    for run in elsewhere {
      let assignment = run.assignment
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
      default: wait(run)
      }
      elsewhere.removeAll { $0.assignment.run == assignment.run }
    }
  }
}
