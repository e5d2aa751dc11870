package import Records
package import Tensors

/// One run to be computed: what to start, and what to know about it while it runs.
package struct Assignment: Sendable {
  package let specification: Specification
  /// The run's cell, for people: `model.memory=none seed=1`.
  package let label: String
  /// What it may use; nothing of it can change a result.
  package let resources: RunResources

  package init(_ specification: Specification, label: String, resources: RunResources) {
    (self.specification, self.resources) = (specification, resources)
    self.label = label.isEmpty ? specification.run.short : label
  }

  /// The run's id.
  package var run: Digest { specification.run }
}

/// What a run may use, everything decided: in no hash.
package struct RunResources: Sendable, Equatable {
  package var threads: Int
  /// Of the kernels; nil for the fastest that the machine runs.
  package var instructions: InstructionSet?
  /// Wall time of one attempt; nil for no limit.
  package var timeout: Duration?
  /// How often an attempt that crashed or ended with an error is repeated; what the surroundings did is not counted.
  package var retries: Int
  /// Bytes, where nothing was measured; nil where nothing is asked for.
  package var memory: Int?
  /// What it takes of things that there are only so many of.
  package var slots: [String: Int]
  package var checkpointInterval: Duration
  /// Whether the file of final weights is kept; their digest always is.
  package var keepsWeights: Bool

  /// What a manifest asks for, with `threads` in place of its own where the command line says so.
  package init(_ resources: Resources, threads: Int? = nil) {
    self.threads = threads ?? resources.threads ?? 1
    timeout = resources.timeout.map { .seconds($0) }
    retries = resources.retries ?? 0
    (memory, slots) = (resources.memory, resources.slots)
    checkpointInterval = .seconds(resources.checkpointSeconds ?? 60)
    keepsWeights = resources.keepWeights ?? true
  }
}

/// What may be asked of a run that was started.
package enum StopRequest: Sendable, Equatable {
  /// Finish the step, save a checkpoint, leave.
  case leave
  /// Leave now.
  case die
}

/// How a started run ended, as seen from outside. Says nothing about success: the store does.
package enum Ending: Sendable, Equatable {
  case exited(Int32)
  case signalled(Int32)
  /// It was stopped because its time was up.
  case timedOut
  /// It could not be started.
  case unstarted(String)
}

/// What is heard from a started run.
package enum Report: Sendable, Equatable {
  case message(WorkerMessage)
  /// Something the worker did not mean for its starter: kept, and shown if the run fails.
  case line(String)
  /// The most bytes that its process has held so far.
  case peak(Int)
}

/// A way of starting runs: processes on this machine now, jobs of a cluster later.
///
/// Correctness asks nothing of an executor. Whatever it starts, twice or never, the worker's claim on the
/// run and the publication of its result decide (harness.md 9).
package protocol Executor: Sendable {
  /// Starts one attempt and returns when it has ended.
  ///
  /// - Parameter requests: asks the attempt to stop; ends when nobody will ask any more.
  /// - Parameter report: called with every message of the worker, and with every other line that it wrote.
  func execute(
    _ assignment: Assignment, requests: AsyncStream<StopRequest>,
    report: @escaping @Sendable (Report) -> Void
  ) async -> Ending
}
