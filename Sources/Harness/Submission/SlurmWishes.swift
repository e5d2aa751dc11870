/// What a person wants of Slurm in its own words: checked letter by letter, and never read by a shell.
package struct SlurmWishes: Sendable, Equatable {
  package let partition: String?
  package let account: String?
  /// Seconds that a job may take; nil for what is usual in the partition.
  package let seconds: Int?
  /// More options of sbatch, each one word: `--constraint=avx512`.
  package let extra: [String]

  /// - Throws: `SubmissionError` for what is no such word.
  package init(partition: String?, account: String?, time: String?, extra: [String]) throws {
    self.partition = try partition.map { try SlurmWishes.name($0, "--partition") }
    self.account = try account.map { try SlurmWishes.name($0, "--account") }
    seconds = try time.map { text in
      guard let seconds = Quantity.seconds(text) ?? SlurmWishes.seconds(text) else {
        throw SubmissionError.word(
          option: "--time", found: text, expected: "a time such as 30m, 2h or 1d, or Slurm's 1-12:30:00")
      }
      return seconds
    }
    self.extra = try extra.map(SlurmWishes.option)
  }

  private static func name(_ text: String, _ option: String) throws -> String {
    guard !text.isEmpty, text.utf8.count <= 200, text.utf8.first != UInt8(ascii: "-"),
      text.utf8.allSatisfy({ letters.contains($0) || "_.,@-".utf8.contains($0) })
    else {
      throw SubmissionError.word(
        option: option, found: text,
        expected: "letters, digits and any of _ . , @ - that begin with none of the last")
    }
    return text
  }

  /// `days-hours:minutes:seconds`, in full: of Slurm's forms the one that means nothing else to anybody.
  private static func seconds(_ text: String) -> Int? {
    guard let found = text.wholeMatch(of: /([0-9]{1,3})-([0-9]{1,2}):([0-9]{2}):([0-9]{2})/),
      let days = Int(found.1), let hours = Int(found.2), let minutes = Int(found.3),
      let seconds = Int(found.4),
      hours < 24, minutes < 60, seconds < 60
    else { return nil }
    let total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return total > 0 ? total : nil
  }

  private static let letters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

  /// Options that would make a submission something else than what is recorded and looked for.
  private static let own: [String: String] = [
    "array": "the plan says how many jobs there are", "job-name": "jobs are found by their name",
    "comment": "it names the plan", "output": "`mneme logs` reads it",
    "error": "`mneme logs` reads the one file",
    "open-mode": "a job that begins again must not empty its log",
    "wrap": "what a job does is the plan's to say",
    "export": "jobs must not depend on where they were submitted",
    "export-file": "jobs must not depend on where they were submitted",
    "parsable": "it is given already", "requeue": "it is given already",
    "no-requeue": "jobs of lost machines must begin again",
    "signal": "it is given already, for the last checkpoint",
    "wait": "`mneme wait` waits",
    "test-only": "it submits nothing; `mneme submit -n` shows what would be submitted",
    "help": "it submits nothing", "usage": "it submits nothing", "version": "it submits nothing",
    "quiet": "what goes wrong must be heard", "verbose": "the answer must be the job's number alone",
    "clusters": "jobs could not be found again; set SLURM_CLUSTERS for every command instead",
    "cpus-per-task": "--threads says it", "time": "--time says it", "partition": "--partition says it",
    "account": "--account says it", "mem": "--memory says it", "nodes": "one job is one process",
    "ntasks": "one job is one process", "input": "its standard input holds a lock",
    "chdir": "paths are whole already",
  ]

  private static func option(_ text: String) throws -> String {
    guard let found = text.wholeMatch(of: /--([a-z][a-z0-9-]*)(=.+)?/.dotMatchesNewlines()),
      text.utf8.count <= 1000,
      text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F })
    else {
      throw SubmissionError.word(
        option: "--sbatch", found: text,
        expected: "one option of sbatch in its long form, such as --constraint=avx512")
    }
    let name = String(found.1)
    // sbatch takes beginnings of names too, where they are clear.
    for (own, why) in own.sorted(by: { $0.key < $1.key }) where own == name || own.hasPrefix(name) {
      throw SubmissionError.ownOption("--\(name)", why: why)
    }
    return text
  }
}
