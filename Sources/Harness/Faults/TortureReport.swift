/// What `mneme torture` counted.
package struct TortureReport: Sendable {
  /// What is killed by one stroke.
  package enum Victim: String, CaseIterable, Sendable {
    case worker, scheduler, both
  }

  package internal(set) var manifest = ""
  package internal(set) var runs = 0
  package internal(set) var seed: UInt64 = 0
  package internal(set) var kills: [Victim: Int] = [:]
  /// Workers that were killed, by what they were doing.
  package internal(set) var phases: [KillPhase: Int] = [:]
  /// Moments that were looked up so far.
  var moments = 0
  /// How often `mneme run` was called.
  package internal(set) var invocations = 0
  /// How often all runs were computed from nothing to the end, under kills.
  package internal(set) var rounds = 0
  package internal(set) var resumedFromCheckpoint = 0
  package internal(set) var resumedFromScratch = 0
  /// Attempts that died before they computed anything.
  package internal(set) var diedBeforeBeginning = 0
  package internal(set) var refusedCheckpoints = 0
  /// Results that were published and then gone or damaged.
  package internal(set) var lost: [String] = []
  /// Numbers of results that were read while others computed and died.
  package internal(set) var numbersRead = 0
  /// Those that were not the undisturbed runs'.
  package internal(set) var wrongNumbers: [String] = []
  package internal(set) var filesCompared = 0
  package internal(set) var differences: [String] = []
  /// What `fsck --deep` calls damage.
  package internal(set) var damage: [String] = []
  /// Files that dead processes left aside.
  package internal(set) var orphans = 0
  package internal(set) var undisturbedSeconds = 0.0
  package internal(set) var seconds = 0.0

  package init() {}

  /// Adds what one comparison of two stores found.
  package mutating func add(files: Int, differences: [String]) {
    filesCompared += files
    self.differences += differences
  }

  /// Adds what was read while others computed; what could not be read is lost.
  mutating func add(_ seen: NumbersWatch.Seen) {
    numbersRead += seen.numbers
    wrongNumbers += seen.wrong
    lost += seen.unreadable
  }

  package var totalKills: Int { kills.values.reduce(0, +) }

  /// 0 where nothing differs, is lost or damaged, and something was compared.
  package var status: ExitStatus {
    if !troubles.isEmpty { return .finding }
    return filesCompared > 0 ? .done : .unable
  }

  private var facts: [(key: String, label: String, value: FactValue, words: String)] {
    func count(_ key: String, _ label: String, _ number: Int) -> (String, String, FactValue, String) {
      (key, label, .integer(number), "\(number)")
    }
    return [
      ("manifest", "manifest", .text(manifest), manifest), count("runs", "runs", runs),
      ("seed", "seed of the moments", .integer(Int(clamping: seed)), "\(seed)"),
      count("kills.total", "kills", totalKills),
    ] + Victim.allCases.map { count("kills.\($0.rawValue)", "  of \(Self.names[$0] ?? "")", kills[$0] ?? 0) }
      + KillPhase.allCases.map {
        count("phases.\($0.rawValue)", "  workers \(Self.words[$0] ?? "")", phases[$0] ?? 0)
      }
      + [
        count("invocations", "invocations of mneme run", invocations),
        count("rounds", "stores brought to the end", rounds),
        count("resumed.checkpoint", "attempts resumed from a checkpoint", resumedFromCheckpoint),
        count("resumed.scratch", "attempts begun again from scratch", resumedFromScratch),
        count("resumed.nothing", "attempts dead before they began", diedBeforeBeginning),
        count("checkpoints.refused", "checkpoints refused", refusedCheckpoints),
        count("results.lost", "finished runs lost", lost.count),
        count("numbers.read", "numbers read meanwhile", numbersRead),
        count("numbers.wrong", "wrong numbers read", wrongNumbers.count),
        count("files.compared", "files compared byte by byte", filesCompared),
        count("files.different", "files that differ", differences.count),
        count("fsck.damage", "damage by fsck --deep", damage.count),
        count("fsck.orphans", "files aside left, read by nobody", orphans),
        (
          "seconds.undisturbed", "undisturbed", .real(undisturbedSeconds),
          NumberText.seconds(undisturbedSeconds)
        ),
        ("seconds", "in all", .real(seconds), NumberText.seconds(seconds)),
      ]
  }

  private var troubles: [String] { lost + wrongNumbers + differences + damage }

  private static let names: [Victim: String] = [
    .worker: "a worker", .scheduler: "the scheduler", .both: "the scheduler and its workers",
  ]
  private static let words: [KillPhase: String] = [
    .starting: "starting", .training: "in training", .checkpoint: "writing a checkpoint",
    .publishing: "publishing",
  ]

  /// A line for every figure, then whatever was wrong, then the verdict.
  package var text: String {
    let verdict =
      switch status {
      case .done: "Every byte is that of the undisturbed runs.\n"
      case .finding: "The same bits did not come out, or something was lost: see above.\n"
      default: "Nothing was compared.\n"
      }
    return inColumns(facts.map { [$0.label, $0.words] }) + troubles.map { "\($0)\n" }.joined() + verdict
  }

  /// The same for programs: an object with dotted keys.
  package var json: String {
    var members = Dictionary(facts.map { ($0.key, $0.value) }) { first, _ in first }
    members["troubles"] = .list(troubles.map { .text($0) })
    return jsonText(members)
  }
}
