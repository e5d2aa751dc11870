import Archive
import ArgumentParser
import Harness

/// `mneme torture`: proves that killing changes no bit.
struct TortureCommand: ExpandingGrids {
  static let configuration = CommandConfiguration(
    commandName: "torture",
    abstract: "Kill, resume, and compare every file with that of an undisturbed run.",
    discussion: """
      Computes a manifest undisturbed, then again and again while workers, the scheduler or both die by SIGKILL at \
      random moments, some of them sought inside the writing of a checkpoint; reads every result meanwhile, compares \
      every published file byte by byte, looks at the store as `mneme fsck --deep` does, and prints what it counted. \
      Works in a folder of its own inside the store, which is removed at the end; what the store holds is not touched. \
      Exit status: 0 every byte is the same, 1 something differs, is lost or damaged, 2 it could not be compared, 3 \
      stopped before the end.

        mneme torture Experiments/smoke.yaml --kills 50
        mneme torture Experiments/smoke.yaml --kills 200 --seed 7 --json
        mneme torture --points
        MNEME_FAULT=publish.after-fsync#2:kill mneme run Experiments/smoke.yaml
      """)

  @Argument(help: "The manifest: a YAML file.", completion: .manifestFile)
  var manifest: String?

  @Option(help: ArgumentHelp("How many kills.", valueName: "number"))
  var kills: Int?

  @Option(help: ArgumentHelp("Decides the moments of the kills; 1 if not given.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Another value for a setting. May be repeated.", valueName: "key=value"))
  var settings: [String] = []

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Runs at a time. Usually as many as there are processors for.", valueName: "number"))
  var jobs: Int?

  @Flag(help: "List the points and deeds that MNEME_FAULT=<point>[#<passing>]:<deed> knows, and do nothing.")
  var points = false

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  @Flag(help: "Print an object for programs.")
  var json = false

  func validate() throws {
    if points { return }
    guard manifest != nil else {
      throw ValidationError("There is no manifest; expected its file, or --points.")
    }
    guard let kills else {
      throw ValidationError("--kills is missing; expected 1 to 100000, and 50 take some minutes.")
    }
    guard (1...100_000).contains(kills) else {
      throw ValidationError("--kills is \(kills); expected 1 to 100000.")
    }
    guard jobs.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--jobs is \(jobs ?? 0); expected 1 to 1024.")
    }
  }

  func perform(_ surroundings: Surroundings) async throws -> ExitStatus {
    guard !points, let path = manifest, let kills else {
      let known = FaultList()
      surroundings.output(json ? known.json : surroundings.folded(known.text))
      return .done
    }
    Interruptions.watch(leavingAt: 2)
    let arguments =
      [path] + settings.flatMap { ["--set", $0] } + grid.arguments + (jobs.map { ["--jobs", "\($0)"] } ?? [])
    let torture = Torture(
      try Manifest(reading: path, settings: settings),
      by: Torture.Command(program: LocalExecutor.ownProgram, arguments: arguments), kills: kills, seed: seed)
    do {
      let report = try await torture.run(
        in: try store.made(surroundings), progress: { surroundings.note("\($0)\n") },
        isToLeave: { surroundings.interruptions() > 0 })
      surroundings.output(json ? report.json : surroundings.folded(report.text))
      return report.status
    } catch TortureError.interrupted {
      surroundings.errors("\(TortureError.interrupted)\n")
      return .stopped
    }
  }
}
