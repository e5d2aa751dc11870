import Foundation

/// `attempt.json`: who began to compute a run, where, when, with what. In no hash.
package struct AttemptStart: Codable, Sendable, Equatable {
  package var attempt: Int
  /// UTC, ISO 8601 with milliseconds.
  package var started: String
  /// Seconds of the machine's monotonic clock, which `end.json` has too.
  package var monotonic: Double
  package var host: String
  package var pid: Int32
  package var arguments: [String]
  package var manifest: String?
  package var code: String?
  package var gitCommit: String?
  package var gitDirty: Bool?
  package var toolchain: String?
  package var cpu: String
  package var kernel: String
  package var hdf5: String
  package var threads: Int
  /// The instruction set of the kernels, `avx2`; nil in records that are older than this field.
  package var instructions: String?
  /// Seconds between the beats by which other machines see that it goes on; nil where it gives none.
  package var leaseSeconds: Double?
  /// The job of a cluster that it is part of: `slurm 17_3, restart 1, on n2`; nil outside of any.
  package var job: String?

  enum CodingKeys: String, CodingKey {
    case attempt, started, monotonic, host, pid, arguments, manifest, code, toolchain, cpu, kernel, hdf5,
      threads, instructions, job
    case leaseSeconds = "lease_seconds"
    case gitCommit = "git_commit"
    case gitDirty = "git_dirty"
  }
}

/// What the caller knows about an attempt; the rest of `attempt.json` the machine says.
package struct Provenance: Sendable, Equatable {
  package var arguments: [String]
  package var threads: Int
  /// The instruction set of the kernels.
  package var instructions: String?
  /// The hash of the manifest that asked for the run.
  package var manifest: String?
  /// The `code` hash of the program.
  package var code: String?
  package var gitCommit: String?
  package var gitDirty: Bool?
  package var toolchain: String?
  /// Seconds between beats; nil for none.
  package var leaseSeconds: Double?
  /// The job of a cluster.
  package var job: String?

  package init(
    arguments: [String], threads: Int, manifest: String? = nil, code: String? = nil, gitCommit: String? = nil,
    gitDirty: Bool? = nil, toolchain: String? = nil
  ) {
    (self.arguments, self.threads, self.manifest, self.code) = (arguments, threads, manifest, code)
    (self.gitCommit, self.gitDirty, self.toolchain) = (gitCommit, gitDirty, toolchain)
  }
}

/// Why an attempt gave no result.
package enum FailureClass: String, Codable, Sendable, CaseIterable {
  case outOfMemory = "oom"
  case killed
  case timeout
  case io
  case crash
  case error
  case diverged
  case noResult = "no-result"

  /// Whether the surroundings failed and not the run: then, and only then, another attempt may well succeed.
  package var isAccident: Bool {
    switch self {
    case .killed, .io, .timeout: true
    case .outOfMemory, .crash, .error, .diverged, .noResult: false
    }
  }
}

/// How an attempt ended.
package enum Outcome: String, Codable, Sendable {
  /// The result is published.
  case done
  /// It was asked to stop, and left a checkpoint.
  case stopped
  case failed
}

/// What the computing of one attempt took, by its own account; `end.json` keeps it under `cost`.
package struct AttemptCost: Codable, Sendable, Equatable {
  /// Wall time of optimizer steps and of evaluations.
  package let trainingSeconds: Double
  package let evaluationSeconds: Double
  /// Optimizer steps that this attempt computed.
  package let steps: Int
  /// Training seconds over steps; nil without a step.
  package let secondsPerStep: Double?
  /// The most bytes that a batch carried from one segment to the next, and those of its associations among them.
  package let stateBytes: Int
  package let associationBytes: Int

  package init(
    trainingSeconds: Double, evaluationSeconds: Double, steps: Int, stateBytes: Int, associationBytes: Int
  ) {
    (self.trainingSeconds, self.evaluationSeconds) = (trainingSeconds, evaluationSeconds)
    (self.steps, self.stateBytes, self.associationBytes) = (steps, stateBytes, associationBytes)
    secondsPerStep = steps > 0 ? trainingSeconds / Double(steps) : nil
  }

  enum CodingKeys: String, CodingKey {
    case steps
    case trainingSeconds = "training_seconds"
    case evaluationSeconds = "evaluation_seconds"
    case secondsPerStep = "seconds_per_step"
    case stateBytes = "state_bytes"
    case associationBytes = "association_bytes"
  }
}

/// `end.json`: how and when an attempt ended, and what it took. In no hash.
package struct AttemptEnd: Codable, Sendable, Equatable {
  package var attempt: Int
  package var outcome: Outcome
  package var failure: FailureClass?
  /// What went wrong, in a sentence.
  package var message: String?
  /// UTC, ISO 8601 with milliseconds.
  package var ended: String
  package var monotonic: Double
  /// Wall time from start to end.
  package var seconds: Double
  package var userSeconds: Double?
  package var systemSeconds: Double?
  /// The most memory the process had at once.
  package var peakBytes: Int?
  /// The checkpoint it went on from, as a path below the run's folder; nil for a start from nothing.
  package var resumedFrom: String?
  /// Whether the file of final weights was published with the result; nil without a result, and in records that
  /// are older than this field.
  package var keptWeights: Bool?
  /// What computing took; nil where the process could not say it any more, and in records that are older than this
  /// field.
  package var cost: AttemptCost?

  package init(
    attempt: Int, outcome: Outcome, failure: FailureClass? = nil, message: String? = nil, ended: String,
    monotonic: Double, seconds: Double, userSeconds: Double? = nil, systemSeconds: Double? = nil,
    peakBytes: Int? = nil, resumedFrom: String? = nil, keptWeights: Bool? = nil, cost: AttemptCost? = nil
  ) {
    (self.attempt, self.outcome, self.failure, self.message) = (attempt, outcome, failure, message)
    (self.ended, self.monotonic, self.seconds) = (ended, monotonic, seconds)
    (self.userSeconds, self.systemSeconds) = (userSeconds, systemSeconds)
    (self.peakBytes, self.resumedFrom, self.keptWeights) = (peakBytes, resumedFrom, keptWeights)
    self.cost = cost
  }

  enum CodingKeys: String, CodingKey {
    case attempt, outcome, failure, message, ended, monotonic, seconds, cost
    case userSeconds = "user_seconds"
    case systemSeconds = "system_seconds"
    case peakBytes = "peak_bytes"
    case resumedFrom = "resumed_from"
    case keptWeights = "kept_weights"
  }
}

/// One attempt at a run, as its files tell it.
package struct Attempt: Sendable, Equatable {
  package let number: Int
  package let path: String
  /// Nil where the file is missing: the process died between making the folder and writing it. Nil where it is damaged.
  package let start: AttemptStart?
  /// Nil where the attempt did not end: it goes on, or it was interrupted. Nil where the record of its end is damaged.
  package let end: AttemptEnd?
  /// What of these two cannot be read, or is another attempt's. No result depends on either.
  package let damage: [RunDirectory.Damage]

  /// Whether it ended, and how is not known any more.
  package var hasLostEnd: Bool { damage.contains { name(of: $0.path) == Attempt.endName } }

  static let startName = "attempt.json"
  static let endName = "end.json"
}
