import Archive
import Glibc
import Records

extension Scheduler {
  /// Takes in what a worker said.
  func hear(_ report: Report, of run: Digest) {
    guard let place = running.firstIndex(where: { $0.assignment.run == run }) else { return }
    let label = running[place].assignment.label
    switch report {
    case .line(let line):
      running[place].lines = running[place].lines.suffix(19) + [line]
    case .peak(let bytes): running[place].peakBytes = max(bytes, running[place].peakBytes ?? 0)
    case .message(.claimed(let attempt)):
      running[place].attempt = attempt
      printer.detail("\(label): started, run \(run.short)")
    case .message(.began(let step, let refused)):
      (running[place].firstStep, running[place].savedStep) = (step, step)
      running[place].view.step = step
      for sentence in refused { printer.note("\(label): a checkpoint was refused: \(sentence)") }
      let start = "\(label): \(step > 0 ? "goes on from step \(step)" : "begins anew")"
      // Of damage a person hears, also where it cost nothing but time.
      if !refused.isEmpty { printer.note(start) } else if step > 0 { printer.detail(start) }
    case .message(.progress(let position)):
      running[place].move(to: position, at: clock.now)
      show()
    case .message(.saved(let step)): running[place].savedStep = step
    case .message(.foundNoSpace): running[place].foundNoSpace = true
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
    let (verdict, end) = verdict(on: ended, ending, seconds: seconds)
    if ended.attempt != nil { outcome.computingSeconds += seconds }
    learn(from: ended, end)
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
      elsewhere.append(ended.origin)
      printer.detail("\(assignment.label): another process has it")
    case .stopped:
      outcome.leave(assignment, halt ?? .interrupted)
      printer.detail("\(assignment.label): stopped at step \(ended.savedStep)")
    case .failed(let failure, let message): fail(ended, failure, message)
    }
    printer.forget(ended.view.label)
    show()
  }

  /// Runs of the same sizes will hold as much memory.
  private func learn(from ended: Running, _ end: AttemptEnd?) {
    guard let peak = end?.peakBytes ?? ended.peakBytes else { return }
    memory[ended.origin.sizes] = max(peak, memory[ended.origin.sizes] ?? 0)
  }

  /// What the store says of an attempt that is over; an attempt that failed without a word gets its end
  /// written here.
  ///
  /// A store that cannot be read is this run's failure: the others may still be lucky.
  private func verdict(on ended: Running, _ ending: Ending, seconds: Double) -> (Verdict, AttemptEnd?) {
    let directory = store.run(ended.assignment.run)
    let evidence = evidenceOfMemory(ended, ending)
    do throws(ArchiveError) {
      let end = try ended.attempt.flatMap { number throws(ArchiveError) in
        try directory.attempts().first { $0.number == number }?.end
      }
      var verdict = Verdict(
        ending, state: try directory.state(), end: end, said: ended.said, wasAsked: ended.wasAsked,
        wantOfMemory: evidence)
      if case .failed(.crash, let message) = verdict, let attempt = ended.attempt,
        let words = RunLog.fatalWords(at: "\(directory.attemptPath(attempt))/log")
      {
        verdict = .failed(.crash, "\(message): \(words)")
      }
      if case .failed(let failure, let message) = verdict, let attempt = ended.attempt, end == nil {
        do throws(ArchiveError) {
          try directory.end(
            attempt: attempt, failure: failure, message: message, seconds: seconds, peakBytes: ended.peakBytes
          )
        } catch {
          // The disk that was too full for a result may be too full for this: what failed stays what failed.
          verdict = .failed(failure, "\(message); its end could not be written: \(error)")
        }
      }
      return (verdict, end)
    } catch {
      return (.failed(FailureClass(of: error), error.description), nil)
    }
  }

  /// What shows that a killed run was killed for want of memory: the kernel counted a kill that no other run
  /// explains, or the run held nearly all there is.
  private func evidenceOfMemory(_ ended: Running, _ ending: Ending) -> String? {
    guard ending == .signalled(SIGKILL) || ending == .exited(128 + SIGKILL), !ended.wasAsked else {
      return nil
    }
    if let before = ended.kills, let now = policy.machine.kills, now > max(before, explainedKills) {
      explainedKills = max(before, explainedKills) + 1
      return "the kernel ended a process for that meanwhile"
    }
    guard let peak = ended.peakBytes, let limit = policy.machine.limit, peak >= limit / 20 * 19 else {
      return nil
    }
    return "it held \(Quantity.text(bytes: peak)) of \(Quantity.text(bytes: limit))"
  }

  private func fail(_ ended: Running, _ failure: FailureClass, _ message: String) {
    let assignment = ended.assignment
    if ended.foundNoSpace, failure == .io {
      pause(message)
      return outcome.leave(assignment, .noSpace)
    }
    let retry = policy.retries.retry(
      of: assignment.run, after: failure, ended.origin.tally, allowed: assignment.resources.retries,
      hasProgressed: ended.savedStep > ended.firstStep)
    if let retry, !isStopping {
      var again = ended.origin
      (again.tally, again.notBefore, again.passed) = (retry.tally, clock.now + retry.pause, 0)
      if ended.view.steps > 0 { again.rest = 1 - Double(ended.savedStep) / Double(ended.view.steps) }
      wait(again)
      let sentence = message.hasSuffix(".") ? message : message + "."
      let most = retry.most.map { " of \($0)" } ?? ""
      let pause = retry.pause > .zero ? " in \(NumberText.seconds(retry.pause.inSeconds))" : " at once"
      printer.note(
        "\(assignment.label): \(failure.rawValue): \(sentence) Retry \(retry.number)\(most)\(pause)")
      return
    }
    let log = ended.attempt.map { "\(store.run(assignment.run).attemptPath($0))/log" }
    outcome.failed.append(
      ScheduleOutcome.Failure(assignment: assignment, failure: failure, message: message, log: log))
    printer.note("\(assignment.label): failed (\(failure.rawValue)): \(message)")
    for line in ended.lines where !line.contains(message) { printer.note("  | \(line)") }
    if let log { printer.note("  its log: mneme logs \(assignment.run.short)  (\(log))") }
    if policy.failsFast { stop("one run failed, and --fail-fast was given", .failFast) }
    suspect(failure, message, of: assignment.run)
  }

  /// Stops where the first runs all failed in one way: the next ones would, too.
  private func suspect(_ failure: FailureClass, _ message: String, of run: Digest) {
    // Where a run is, and at which step or number, is no part of how it failed.
    let cause = message.replacing(store.run(run).path, with: "").replacing(run.hex, with: "")
      .replacing(run.short, with: "").replacing(/[0-9]+/, with: "#")
    causes.append("\(failure.rawValue): \(cause)")
    guard causes.count == Scheduler.suspicion, Set(causes).count == 1, outcome.done.isEmpty else { return }
    outcome.hasCommonCause = true
    guard !policy.keepsGoing, !(waiting.isEmpty && running.isEmpty) else { return }
    stop(
      "the first \(Scheduler.suspicion) runs failed in the same way; common cause? --keep-going goes on all the same",
      .commonCause)
  }
}
