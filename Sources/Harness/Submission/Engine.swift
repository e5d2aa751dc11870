package import Records

/// What starts processes somewhere: a cluster.
///
/// Correctness asks nothing of it. Whatever it starts, twice, late or never, the worker's claim and the publication of the
/// result decide; it may lose what it said it took, and its numbers may come to mean something else. So its jobs are
/// found by their tag, and believed to be what they say only as long as they are in its list (harness.md 10).
package protocol Engine: Sendable {
  /// `slurm`.
  var name: String { get }

  /// What there is, after looking whether it is there at all.
  func capabilities() async throws -> EngineCapabilities

  /// The words that an order is given with, without giving it.
  func arguments(for order: JobOrder) -> [String]

  /// Orders the jobs. Returns the engine's number of them.
  ///
  /// - Parameter lock: a descriptor that whatever does it keeps open until it is done, even if this process dies.
  /// - Throws: `EngineError`. After any, the jobs may still have been taken: only the list tells.
  func submit(_ order: JobOrder, lock: Int32) async throws -> String

  /// The jobs with these tags that wait or run.
  func jobs(tagged tags: [String]) async throws -> [EngineJob]

  /// Ends those of the jobs that have the tag now.
  func cancel(_ jobs: [EngineJob], tag: String) async throws
}

/// What an engine is like.
package struct EngineCapabilities: Sendable, Equatable {
  /// As it calls itself.
  package let version: String
  /// How many jobs one order may have.
  package let mostJobs: Int
}

/// What is to be started.
package struct JobOrder: Sendable, Equatable {
  /// What it is found by afterwards.
  package let tag: String
  package let plan: Digest
  package let jobs: Int
  /// Jobs at a time; nil for no limit.
  package let most: Int?
  package let threads: Int
  /// What a job's process is, to be followed by the number of the job as one more word.
  package let command: [String]
  /// Where jobs write.
  package let logFolder: String
  package let wishes: SlurmWishes
  /// MiB that a job may hold; nil for what is usual there.
  package let mebibytes: Int?

  package init(
    tag: String, plan: Digest, jobs: Int, most: Int?, threads: Int, command: [String], logFolder: String,
    wishes: SlurmWishes, mebibytes: Int?
  ) {
    (self.tag, self.plan, self.jobs, self.most, self.threads) = (tag, plan, jobs, most, threads)
    (self.command, self.logFolder, self.wishes) = (command, logFolder, wishes)
    self.mebibytes = mebibytes
  }
}

/// A job that waits or runs.
package struct EngineJob: Sendable, Equatable {
  /// As the engine writes it: `17_3`.
  package let id: String
  package let tag: String
  /// Its number within the order.
  package let index: Int
  /// `pending`, `running`, `completing`, or another of its words.
  package let state: String
  /// Why it waits, in the engine's words.
  package let reason: String
  package let nodes: String

  /// Whether nothing will come of it without a person.
  package var isHeld: Bool { state == "pending" && (reason.contains("Held") || reason.contains("held")) }

  /// Whether it may still compute something.
  package var isAlive: Bool { state != "completing" }

  /// `slurm 17_3 pending (Resources)`.
  package var sentence: String {
    let why =
      state == "running" ? (nodes.isEmpty ? "" : " on \(nodes)") : reason.isEmpty ? "" : " (\(reason))"
    return "slurm \(id) \(state)\(why)"
  }
}

/// What an engine did not do, or said that nobody understands.
package enum EngineError: Error, Equatable, CustomStringConvertible {
  case absent(program: String)
  case failed(program: String, status: String, words: String)
  case silent(program: String, seconds: Int)
  case malformed(program: String, found: String, expected: String)

  package var description: String {
    switch self {
    case .absent(let program):
      "Slurm is not here: there is no `\(program)` in PATH. Submit from a machine that has Slurm's commands, or compute "
        + "on this one with `mneme run`."
    case .failed(let program, let status, let words):
      "`\(program)` \(status)\(words.isEmpty ? ", and said nothing" : ": \(words)")"
    case .silent(let program, let seconds):
      "`\(program)` did not answer within \(seconds) s; Slurm's controller may be down."
    case .malformed(let program, let found, let expected):
      "`\(program)` answered \(found.isEmpty ? "nothing" : "“\(found)”"); expected \(expected)."
    }
  }
}

/// Why runs are not submitted.
package enum SubmissionError: Error, Equatable, CustomStringConvertible {
  case unknownEngine(String)
  case damaged(String, String)
  case noPlan(String, count: Int, store: String)
  case noIndex(Int, plan: String, jobs: Int)
  case busy(store: String)
  case unmeasured
  case slots(String)
  case path(String, Character)
  case word(option: String, found: String, expected: String)
  case ownOption(String, why: String)
  case nothing(String)

  package var description: String {
    switch self {
    case .unknownEngine(let word):
      "there is no engine \(word)\(nearest(word, among: ["slurm"]).map { "; did you mean \($0)?" } ?? "; expected slurm. On this machine alone, `mneme run` computes.")"
    case .damaged(let path, let kind):
      "\(path) does not hold the \(kind) that it is named by; bring it back from a copy, or remove it and submit again."
    case .noPlan(let prefix, 0, let store): "\(store) has no plan that begins with \(prefix)."
    case .noPlan(let prefix, let count, let store):
      "\(store) has \(count) plans that begin with \(prefix); give more digits."
    case .noIndex(let index, let plan, let jobs):
      "plan \(plan) has no job \(index); expected 0 to \(jobs - 1)."
    case .busy(let store):
      "somebody is submitting runs of \(store) at this moment; try again when that is done."
    case .unmeasured:
      "nothing like these runs was measured, so nobody can tell how many workers they keep busy; say it with --jobs."
    case .slots(let asked):
      "resources.slots asks for \(asked), and Slurm has its own names for such things; say it in its words, such as "
        + "--sbatch=--gres=gpu:1."
    case .path(let path, let character):
      "\(path) has a “\(character)” in it, which Slurm reads as a pattern in the names of logs; give the store another name."
    case .word(let option, let found, let expected): "\(option) is “\(found)”; expected \(expected)."
    case .ownOption(let option, let why): "--sbatch cannot be \(option): \(why)."
    case .nothing(let what): "\(what): no job was submitted, or none has begun; `mneme submit` submits."
    }
  }
}
