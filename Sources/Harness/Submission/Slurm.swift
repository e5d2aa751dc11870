import Foundation
import Records

/// Slurm, through `sbatch`, `squeue`, `scancel` and `scontrol`. Needs no accounting.
///
/// Everything is asked in formats that have been the same in all its versions for years, `squeue --json` is not. Answers
/// that are not understood are errors: an answer that cannot be read never means “no jobs”.
package struct Slurm: Engine {
  package let name = "slurm"
  private let patience: Duration
  private let variables: [String: String?]

  /// How many seconds before the end of its time a job is told; Slurm may do so up to a minute earlier.
  private static let warning = 120

  /// - Parameter variables: of the environment of Slurm's programs, in addition to this process's own.
  /// - Parameter patience: how long a program may take to answer.
  package init(variables: [String: String] = [:], patience: Duration = .seconds(60)) {
    self.patience = patience
    // What a person set for listings of his own must hide no job, and nothing may wait for jobs to end.
    var all: [String: String?] = ["SBATCH_WAIT": nil]
    for name in ProcessInfo.processInfo.environment.keys
    where name.hasPrefix("SQUEUE_") || name.hasPrefix("SCANCEL_") {
      all[name] = .some(nil)
    }
    for (name, value) in variables { all[name] = value }
    self.variables = all
  }

  private func program(_ name: String) -> EngineProgram {
    EngineProgram(name: name, variables: variables, patience: patience)
  }

  /// Throws `EngineError.absent` where there is no Slurm; asks nobody.
  package func look() throws {
    guard program("sbatch").path != nil else { throw EngineError.absent(program: "sbatch") }
  }

  package func capabilities() async throws -> EngineCapabilities {
    try look()
    let answer = try await program("scontrol").answer(["show", "config"])
    var values: [Substring: Substring] = [:]
    for line in answer.output.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingPrefix(while: { $0 == " " }) }
      if parts.count == 2 { values[parts[0].prefix { $0 != " " }] = parts[1] }
    }
    guard let most = values["MaxArraySize"].flatMap({ Int($0.prefix { $0 != " " }) }), most >= 1 else {
      throw EngineError.malformed(
        program: "scontrol show config", found: Slurm.shown(answer.output),
        expected: "a line MaxArraySize = number")
    }
    // Indices stay below MaxArraySize; 0 means that there are no arrays, and one index is then all there may be.
    return EngineCapabilities(
      version: String(values["SLURM_VERSION"] ?? "unknown"), mostJobs: max(1, most - 1))
  }

  package func arguments(for order: JobOrder) -> [String] {
    let wishes = order.wishes
    // A job whose whole time is short is told when three quarters of it are over.
    let warning = wishes.seconds.map { min(Slurm.warning, max(1, $0 / 4)) } ?? Slurm.warning
    var arguments = [
      "--parsable", "--job-name=\(order.tag)", "--comment=mneme plan=\(order.plan.hex)",
      "--array=0-\(order.jobs - 1)" + (order.most.map { "%\($0)" } ?? ""), "--requeue", "--open-mode=append",
      "--signal=B:USR2@\(warning)", "--output=\(order.logFolder)/%A_%a.log", "--export=NONE", "--nodes=1",
      "--ntasks=1", "--cpus-per-task=\(order.threads)",
    ]
    if let mebibytes = order.mebibytes { arguments.append("--mem=\(mebibytes)M") }
    // Slurm counts minutes, and takes seconds for a further one.
    if let seconds = wishes.seconds { arguments.append("--time=\((seconds + 59) / 60)") }
    if let partition = wishes.partition { arguments.append("--partition=\(partition)") }
    if let account = wishes.account { arguments.append("--account=\(account)") }
    return arguments + wishes.extra
      + ["--wrap=exec \(commandLine(order.command)) \"$SLURM_ARRAY_TASK_ID\""]
  }

  package func submit(_ order: JobOrder, lock: Int32) async throws -> String {
    let answer = try await program("sbatch").answer(arguments(for: order), input: lock)
    let said = answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let found = said.wholeMatch(of: /([0-9]{1,12})(;[A-Za-z0-9_.-]+)?/) else {
      throw EngineError.malformed(
        program: "sbatch --parsable", found: Slurm.shown(said), expected: "the number of a job")
    }
    return String(found.1)
  }

  package func jobs(tagged tags: [String]) async throws -> [EngineJob] {
    guard !tags.isEmpty else { return [] }
    // %K is the index, one line for each with --array; the reason comes last, for it may hold anything.
    let answer = try await program("squeue").answer([
      "--noheader", "--array", "--name=\(Set(tags).sorted().joined(separator: ","))",
      "--format=%i|%F|%K|%j|%T|%N|%r",
    ])
    let wanted = Set(tags)
    return try answer.output.split(separator: "\n").compactMap { line in
      // What `squeue` says of several clusters begins with their names.
      if line.hasPrefix("CLUSTER: ") { return nil }
      guard let job = Slurm.job(line) else {
        throw EngineError.malformed(
          program: "squeue", found: Slurm.shown(line),
          expected: "lines of seven parts: job|array|index|name|state|nodes|reason")
      }
      return wanted.contains(job.tag) ? job : nil
    }
  }

  private static func job(_ line: Substring) -> EngineJob? {
    let parts = line.split(separator: "|", maxSplits: 6, omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard parts.count == 7, parts[0].wholeMatch(of: /[0-9]+(_[0-9]+)?/) != nil, Int(parts[1]) != nil,
      let index = Int(parts[2]), parts[4].wholeMatch(of: /[A-Z_]+/) != nil
    else { return nil }
    return EngineJob(
      id: "\(parts[1])_\(index)", tag: parts[3], index: index, state: parts[4].lowercased(),
      reason: parts[6] == "None" ? "" : parts[6], nodes: parts[5])
  }

  package func cancel(_ jobs: [EngineJob], tag: String) async throws {
    let ids = jobs.filter { $0.tag == tag }.map(\.id)
    // The name goes with the numbers: those of jobs that are gone may be somebody else's by now.
    for start in stride(from: 0, to: ids.count, by: 500) {
      _ = try await program("scancel").answer(
        ["--name=\(tag)"] + ids[start..<min(start + 500, ids.count)])
    }
  }

  /// The beginning of an answer, fit for a sentence.
  private static func shown(_ text: some StringProtocol) -> String {
    String(
      text.split(whereSeparator: \.isNewline).first.map { line in
        String(
          String.UnicodeScalarView(
            line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(80)))
      } ?? "")
  }
}
