import Foundation

/// The job of Slurm that this process is part of, by its environment.
package struct SlurmJob: Sendable, Equatable {
  /// `17_3`.
  package let id: String
  /// How often it was begun again after its machine was lost, or for want of time.
  package let restarts: Int
  package let node: String

  /// Nil outside of any job.
  package init?(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
    guard let job = variables["SLURM_JOB_ID"] else { return nil }
    if let array = variables["SLURM_ARRAY_JOB_ID"], let index = variables["SLURM_ARRAY_TASK_ID"] {
      id = "\(array)_\(index)"
    } else {
      id = job
    }
    restarts = variables["SLURM_RESTART_COUNT"].flatMap { Int($0) } ?? 0
    node = variables["SLURMD_NODENAME"] ?? "unknown"
  }

  /// For the records of attempts.
  package var sentence: String { "slurm \(id), restart \(restarts), on \(node)" }

  /// Puts the job into the queue again, to go on from its checkpoints.
  package func requeue() async throws {
    _ = try await EngineProgram(name: "scontrol", variables: [:], patience: .seconds(60)).answer([
      "requeue", id,
    ])
  }
}
