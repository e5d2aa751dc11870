import Foundation
package import Tensors

/// How a person wants runs to be carried out; in no hash.
package struct RunOptions: Sendable {
  /// Runs at a time; nil for as many as there are processors for.
  package var jobs: Int?
  /// Threads of one run; nil for what the manifest asks for, else 1.
  package var threads: Int?
  /// Of the kernels; nil for the fastest that the machine runs.
  package var instructions: InstructionSet?
  /// Seconds between checkpoints; nil for what the manifest asks for, else 60.
  package var checkpointSeconds: Double?
  package var failsFast = false
  /// Whether failures that look like one go on being made.
  package var keepsGoing = false
  /// Whether runs that failed by themselves are tried again.
  package var retriesFailed = false
  /// Whether runs that memory ended are tried again, with more of it.
  package var retriesOutOfMemory = false
  /// Things that there are only so many of, by name.
  package var slots: [String: Int] = [:]
  /// Bytes for all runs together; nil for what the machine has.
  package var memory: Int?
  /// Seconds of one attempt; nil for what the manifest says.
  package var timeout: Int?
  /// Seconds for everything; nil for no limit.
  package var timeBudget: Int?
  /// Runs to be begun at most; nil for no limit.
  package var maxRuns: Int?
  /// Whether runs of other processes are waited for.
  package var waits = true
  /// Which runs of the manifest are meant.
  package var selection: RunSelection?

  package init() {}

  /// How many runs go at a time: `jobs`, else as many as the processors have threads for.
  package func jobs(threads: Int) -> Int {
    jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / max(1, threads))
  }

  /// What all runs have together.
  package func offer(threads: Int, machine: MachineMemory) -> Offer {
    Offer(jobs: jobs(threads: threads), slots: slots, memory: memory ?? machine.limit)
  }

  /// What each run may use: as the manifest asks, where the command line does not say otherwise.
  package func resources(_ asked: Resources) -> RunResources {
    var resources = RunResources(asked, threads: threads)
    resources.instructions = instructions
    if let checkpointSeconds { resources.checkpointInterval = .seconds(checkpointSeconds) }
    if let timeout { resources.timeout = .seconds(timeout) }
    return resources
  }

  /// How a scheduler is to go about it.
  package func policy(threads: Int, machine: MachineMemory = MachineMemory()) -> Scheduler.Policy {
    var policy = Scheduler.Policy(offer(threads: threads, machine: machine))
    (policy.failsFast, policy.keepsGoing, policy.waits) = (failsFast, keepsGoing, waits)
    policy.retries.retriesOutOfMemory = retriesOutOfMemory
    policy.timeBudget = timeBudget.map { .seconds($0) }
    policy.machine = machine
    return policy
  }
}
