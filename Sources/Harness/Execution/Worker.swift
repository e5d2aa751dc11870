package import Archive
import Records
import Tensors

/// One process, one run: claims it, goes on from its newest checkpoint, computes, publishes.
///
/// Success is a published result and nothing else. Whatever happens on the way, what was published before
/// stays, and whoever claims the run next goes on from the last checkpoint to the same bits.
package struct Worker {
  private let run: RunDirectory
  private let resources: RunResources
  private let provenance: Provenance
  private let isToLeave: @Sendable () -> Bool
  private let say: (WorkerMessage) -> Void
  private let keepLog: (String) throws -> Void

  /// - Parameter isToLeave: asked after every step.
  /// - Parameter keepLog: called with the path of the attempt's log before anything is computed.
  /// - Parameter say: hears where the worker is.
  package init(
    _ run: RunDirectory, resources: RunResources, provenance: Provenance,
    isToLeave: @escaping @Sendable () -> Bool, keepLog: @escaping (String) throws -> Void,
    say: @escaping (WorkerMessage) -> Void
  ) {
    (self.run, self.resources, self.provenance) = (run, resources, provenance)
    (self.isToLeave, self.keepLog, self.say) = (isToLeave, keepLog, say)
  }

  /// Works until the run is done, has failed, or is to be left.
  ///
  /// Throws only what came before the claim or kept it from being made, and says it too: then nothing was begun.
  package func work() throws -> ExitStatus {
    let specification = try Specification(canonicalBytes: try run.settings().canonicalBytes)
    let claim: Claim
    do throws(ArchiveError) {
      switch try run.claim(provenance) {
      case .busy: return .busy
      case .done: return .done
      case .claimed(let made): claim = made
      }
    } catch {
      tellOfNoSpace(error)
      say(.ended(.failed, failure: FailureClass(of: error), message: error.description))
      throw error
    }
    say(.claimed(attempt: claim.attempt))
    let lease = LeaseKeeper(of: claim, every: provenance.leaseSeconds)
    defer { lease.end() }
    var observer = WorkerObserver(
      claim: claim, checkpointInterval: resources.checkpointInterval,
      isToLeave: { [isToLeave] in isToLeave() || lease.isLost }, say: say)
    do {
      try keepLog("\(claim.path)/log")
      try FaultPoint.afterClaim.pass(claim.path)
      let end = try compute(specification, claim, &observer)
      return write(end, observer.cost, claim)
    } catch {
      tellOfNoSpace(error)
      if case ArchiveError.superseded = error {
        return write(End(.stopped, nil, "\(error)", status: .busy), observer.cost, claim)
      }
      return write(End(.failed, FailureClass(of: error), "\(error)", status: .finding), observer.cost, claim)
    }
  }

  private func tellOfNoSpace(_ error: any Error) {
    if case ArchiveError.noSpace(_, let bytes) = error { say(.foundNoSpace(bytes: bytes)) }
  }

  /// How an attempt ends.
  private struct End {
    let outcome: Outcome
    let failure: FailureClass?
    let message: String?
    let status: ExitStatus

    init(_ outcome: Outcome, _ failure: FailureClass? = nil, _ message: String? = nil, status: ExitStatus) {
      (self.outcome, self.failure, self.message, self.status) = (outcome, failure, message, status)
    }
  }

  private func compute(
    _ specification: Specification, _ claim: Claim, _ observer: inout WorkerObserver
  ) throws -> End {
    let (checkpoint, refused) = try claim.newestCheckpoint()
    say(.began(step: Int(checkpoint?.step ?? 0), refused: refused.map { "\($0.reason)" }))
    let processor = Processor(resources.instructions ?? .best, threads: resources.threads)
    let outcome = try Processor.$current.withValue(processor) {
      try train(specification, resumingFrom: checkpoint, observer: &observer)
    }
    switch outcome {
    case .finished(let result, let weights):
      try publish(result, weights, claim)
      return End(.done, status: .done)
    case .stopped(let checkpoint):
      if let trouble = observer.trouble { throw trouble }
      try observer.save(checkpoint)
      return End(.stopped, nil, "asked to leave at step \(checkpoint.step)", status: .stopped)
    case .diverged(let step, let what):
      return End(.failed, .diverged, "step \(step): \(what)", status: .finding)
    }
  }

  private func publish(_ result: RunResult, _ weights: [NamedArray], _ claim: Claim) throws {
    try FaultPoint.beforeWeights.pass(run.weightsPath)
    try claim.publish(result, weights: resources.keepsWeights ? weights : nil)
    try FaultPoint.afterResult.pass(run.resultPath)
    try run.removeCheckpoints()
    try FaultPoint.beforeEnd.pass(claim.path)
  }

  /// Writes down how the attempt ended. A disk that takes no end takes none; the exit status tells all the
  /// same.
  private func write(_ end: End, _ cost: AttemptCost?, _ claim: Claim) -> ExitStatus {
    do {
      try claim.end(end.outcome, failure: end.failure, message: end.message, cost: cost)
      say(.ended(end.outcome, failure: end.failure, message: end.message))
    } catch {
      let both = [end.message, "its end could not be written: \(error)"].compactMap(\.self).joined(
        separator: "; ")
      say(.ended(end.outcome, failure: end.failure, message: both))
    }
    return end.status
  }
}

/// How a command ends, as diff(1) does: the numbers are the process's exit statuses.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done, or no difference.
  case done = 0
  /// A negative finding: a run failed, something differs.
  case finding = 1
  /// It could not be done or compared; never a pass.
  case unable = 2
  /// Stopped with work left.
  case stopped = 3
  /// Somebody else holds it.
  case busy = 75
  /// Left at once, on a second request.
  case interrupted = 130

  /// What it means, in a few words.
  package var meaning: String {
    switch self {
    case .done: "done, or no difference"
    case .finding: "a finding: a run failed, something differs or is damaged"
    case .unable: "it could not be done or compared"
    case .stopped: "stopped with work left"
    case .busy: "another process has it"
    case .interrupted: "left at once, because it was asked twice"
    }
  }
}

extension FailureClass {
  /// What kind of failure an error is that ended a run.
  init(of error: any Error) {
    switch error {
    case ArchiveError.system, ArchiveError.noSpace, ArchiveError.library, ProcessError.system: self = .io
    default: self = .error
    }
  }
}
