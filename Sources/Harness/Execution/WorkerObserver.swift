import Archive
import Records

/// What a worker does after every step: looks whether it should leave, says where it is, and asks for
/// checkpoints.
///
/// None of it changes a number: clocks decide when something is said or saved, never what is computed.
struct WorkerObserver: TrainingObserver {
  let claim: Claim
  let checkpointInterval: Duration
  /// Whether somebody wants this process to go.
  let isToLeave: @Sendable () -> Bool
  let say: (WorkerMessage) -> Void

  /// What kept the live log from being written. The run ends on it: the disk that refuses a line refuses a
  /// result.
  private(set) var trouble: ArchiveError?
  /// What computing took, once it is over.
  private(set) var cost: AttemptCost?

  private let clock = ContinuousClock()
  private var lastCheckpoint: ContinuousClock.Instant
  private var lastMessage: ContinuousClock.Instant?
  private var lastRecord: ContinuousClock.Instant?

  init(
    claim: Claim, checkpointInterval: Duration, isToLeave: @escaping @Sendable () -> Bool,
    say: @escaping (WorkerMessage) -> Void
  ) {
    (self.claim, self.checkpointInterval) = (claim, checkpointInterval)
    (self.isToLeave, self.say) = (isToLeave, say)
    lastCheckpoint = clock.now
  }

  mutating func progressed(_ progress: TrainingProgress) -> TrainingRequest {
    let now = clock.now
    let isLast = progress.step == progress.steps
    if lastMessage.map({ now - $0 >= .milliseconds(100) }) ?? true || isLast {
      lastMessage = now
      say(.progress(WorkerMessage.Position(progress)))
    }
    if lastRecord.map({ now - $0 >= .seconds(1) }) ?? true {
      lastRecord = now
      do throws(ArchiveError) { try claim.say("step", WorkerMessage.Position(progress).facts) } catch {
        trouble = error
      }
    }
    if trouble != nil || isToLeave() { return .stop }
    guard now - lastCheckpoint >= checkpointInterval, progress.phase == .training else { return .proceed }
    return .checkpoint
  }

  mutating func save(_ checkpoint: Checkpoint) throws {
    try FaultPoint.beforeCheckpoint.pass(claim.path)
    try claim.save(checkpoint)
    try FaultPoint.afterCheckpoint.pass(claim.path)
    lastCheckpoint = clock.now
    try claim.say("checkpoint", ["step": .integer(Int(checkpoint.step))])
    say(.saved(step: Int(checkpoint.step)))
  }

  mutating func ended(_ cost: AttemptCost) { self.cost = cost }
}

extension WorkerMessage.Position {
  /// The same, as a worker says it.
  init(_ progress: TrainingProgress) {
    let phase =
      switch progress.phase {
      case .training: "training"
      case .evaluating(let split): "evaluating \(split)"
      }
    self.init(step: progress.step, steps: progress.steps, loss: progress.loss, phase: phase)
  }

  /// As the live log keeps it.
  var facts: [String: Value] {
    var facts: [String: Value] = ["step": .integer(step), "steps": .integer(steps), "phase": .text(phase)]
    if let loss { facts["loss"] = .real(loss) }
    return facts
  }
}
